//! The one tree.
