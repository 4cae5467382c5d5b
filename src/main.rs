//! The `livectl` program.

fn main() {}
