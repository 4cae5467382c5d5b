//! `livectl completion`.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::{Args, ValueEnum};

const EXAMPLES: &str = "Examples:\n  source <(livectl completion bash)\n  livectl completion zsh > ~/.zfunc/_livectl\n  \
    livectl completion fish > ~/.config/fish/completions/livectl.fish\n\n\
    The script asks the program at each Tab, so that it stays right after an update. Nothing is installed: put the line into \
    the shell's start-up file.";

/// A shell that can ask for completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// bash
    Bash,
    /// elvish
    Elvish,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// zsh
    Zsh,
}

// Which script.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CompletionScript {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}
