//! The program, run as a user runs it: stdout, stderr and exit status.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod answers;
mod errors;
mod harness;
mod readme;
mod server;
mod volcengine_pages;
