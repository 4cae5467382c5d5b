//! livectl: one command line for live streaming on Tencent Cloud, Alibaba Cloud and Volcengine.
//!
//! One road carries every command: `argv → Intent → Call → Request → Signed → Reply → Rows → bytes`.
//! `ARCHITECTURE.md` walks it from one end to the other.

pub mod cli;
pub mod commands;
pub mod config;
pub mod error;
pub mod model;
pub mod output;
pub mod providers;
pub mod receive;
pub mod sandbox;
pub mod send;
pub mod sign;
