//! The program, run as a user runs it: stdout, stderr and exit status.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod accounts;
mod answers;
mod api;
mod api_tables;
mod config;
mod confirmation;
mod decode;
mod domain;
mod dry_run;
mod errors;
mod every_action;
mod fault_matrix;
mod harness;
mod hls_key;
mod hostile;
mod network;
mod official;
mod publish;
mod readme;
mod relay;
mod repeats;
mod rules;
mod secrets;
mod server;
mod servers;
mod surroundings;
mod timeshift;
mod volcengine_pages;
mod words;
