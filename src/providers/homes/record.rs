//! The compiled form of a row of homes, shared by `build.rs` (which writes it) and the program (which reads it).

use super::stored;

/// One Action's home.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Home<'a> {
    /// The Action's own name.
    pub action: &'a str,
    /// Its command: the words, with a blank between them.
    pub command: &'a str,
    /// Parameters whose option is not called after them, with what the command calls it.
    pub options: Vec<(&'a str, &'a str)>,
}
stored!(Home: action, command, options);
