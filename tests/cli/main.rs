//! The program, run as a user runs it: stdout, stderr and exit status.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod harness;
mod readme;
mod server;
mod volcengine_pages;
