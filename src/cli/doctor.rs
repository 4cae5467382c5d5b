//! `livectl doctor`

use clap::Command;

/// The command with what its help tells; it has no options of its own.
pub(super) fn told(command: Command) -> Command {
    command.after_help(
            "Examples:\n  livectl doctor\n  livectl doctor --profile prod\n  livectl doctor --all-profiles -o json\n\n\
            Each profile is looked at by itself. The vendor's host is asked for nothing once, without credentials, and once for \
            the first domain of the account; nothing is changed. A row says what was found and, where it is not right, what to \
            do next. What failed gives the exit code: 2 the file, 3 credentials and permissions, 7 the network, 9 one of \
            several profiles.",
        )
}
