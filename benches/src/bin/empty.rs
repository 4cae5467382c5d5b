//! What starting any program costs: the floor of every table.

fn main() {}
