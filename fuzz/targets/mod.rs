//! The bodies of the fuzz targets, one file a target: a plain function of bytes that asserts what must hold of any.
//!
//! `cargo fuzz` runs them through `fuzz/bins`, and `cargo test` over `fuzz/seeds` and fixed changes of them
//! (`tests/fuzz.rs`).

pub mod bulk;
pub mod config;
pub mod envelope;
pub mod items;
pub mod jq;
pub mod judge;
pub mod official;
pub mod sandbox;
pub mod xml;
