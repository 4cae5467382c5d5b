//! Signing against cases that livectl did not make, and against requests that someone altered.

#![allow(clippy::unwrap_used, reason = "clippy's exception for tests does not reach the functions beside them")]

#[path = "signing/addresses.rs"]
mod addresses;
#[path = "signing/distrust.rs"]
mod distrust;
#[path = "signing/properties.rs"]
mod properties;
#[path = "signing/support.rs"]
mod support;
#[path = "signing/vectors.rs"]
mod vectors;
