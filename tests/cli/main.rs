//! The program, run as a user runs it: stdout, stderr and exit status.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod accounts;
mod aliyun_nouns;
mod answers;
mod api;
mod api_tables;
mod auth;
mod bulk;
mod closings;
mod config;
mod confirmation;
mod decode;
mod deliveries;
mod doctor;
mod documents;
mod domain;
mod dry_run;
mod errors;
mod every_action;
mod every_example;
mod example_tables;
mod fault_matrix;
mod harness;
mod hls_check;
mod hls_key;
mod hostile;
#[cfg(unix)]
mod init;
#[cfg(target_os = "linux")]
mod memory;
mod network;
mod newcomer;
mod official;
mod pipelines;
mod plot_file;
mod portable_nouns;
mod proxies;
mod publish;
mod push_faults;
mod readme;
mod rehearsal;
mod relay;
mod repeats;
mod roles;
mod rules;
mod secret_table;
mod secrets;
mod secured;
mod sending;
mod server;
mod servers;
mod several_accounts;
mod stats;
mod surroundings;
mod tab;
mod tencent_nouns;
#[cfg(unix)]
mod terminal;
mod timeshift;
mod top;
mod topics;
mod tree;
mod urls;
mod vendor;
mod volcengine_nouns;
mod volcengine_pages;
mod wait;
mod words;
