//! The one road: how a portable function talks to its vendor without knowing a socket.

use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use serde_json::Value;

use crate::error::{Error, Fault};
use crate::model::{Call, Change, Changed, Params, Reply, Row, Secret, Vendor};

/// What a portable function may do. A real run sends, a dry run performs the reads and records the
/// changes, a test answers from a script: the function cannot tell.
pub trait Road {
    /// Whose Actions it leads to.
    fn vendor(&self) -> Vendor;

    /// The instant this run began: `now` and `+…` of a whole run mean the same moment.
    fn now(&self) -> jiff::Timestamp;

    /// Performs a reading Action.
    fn read<'a>(&'a self, call: Call) -> LocalBoxFuture<'a, Result<Reply, Error>>;

    /// Performs a changing Action, or records it in a dry run. `changes` is the field-level
    /// difference to show. In a dry run every member of the reply that the facts name holds
    /// `"<step N: Member>"`.
    fn change<'a>(&'a self, call: Call, changes: &'a [Change]) -> LocalBoxFuture<'a, Result<Reply, Error>>;

    /// Asks before something that cannot be taken back. `--yes`, a dry run and the sandbox answer yes.
    /// The question names what, and for whom: `delete the push domain a.example.com`.
    ///
    /// # Errors
    /// Usage (exit 2) when the user says no, or when nobody is there to ask.
    fn confirm(&self, question: &str) -> Result<(), Error>;

    /// True in a dry run: read-backs after a change are left out there.
    fn is_dry_run(&self) -> bool;

    /// Hands one item of a list to the output, as it arrives. False: enough items, stop listing.
    ///
    /// # Errors
    /// The output's own, such as a closed pipe.
    fn emit(&self, item: Item) -> Result<bool, Error>;

    /// Remembers one failure of many (a domain of a walk): told at once, exit 9 at the end.
    fn tell_failure(&self, what: &str, error: Error);

    /// Tells the user something worth knowing, on stderr.
    fn note(&self, text: &str);

    /// What the user named for an Action beside our own options, in the vendor's words: it goes with every call of
    /// that Action.
    fn further(&self, action: &str) -> Option<&Params>;

    /// Refuses values that cannot be read, together with what the facts know to be wrong in the call. `untyped` are
    /// values that are not of the type that the facts want: sent all the same where the user insists.
    ///
    /// # Errors
    /// Usage, with every fault.
    fn check(&self, call: &Call, unreadable: Vec<Fault>, untyped: Vec<Fault>) -> Result<(), Error>;

    /// Whether the user wants values sent that the facts do not allow: `--no-validate`.
    fn insists(&self) -> bool;

    /// The region the user chose, where one was chosen.
    fn region(&self) -> Option<&str>;

    /// Tells the user something that may be wrong, on stderr.
    fn warn(&self, text: &str);

    /// How long the user wants to wait until what was asked has settled; `None`: not at all.
    fn patience(&self) -> Option<Patience>;

    /// How long the run has lasted.
    fn elapsed(&self) -> Duration;

    /// Lets time pass.
    fn pause(&self, time: Duration) -> LocalBoxFuture<'_, ()>;

    /// Tells how a wait goes, after every look; `None`: it is over.
    fn watch(&self, seen: Option<&Watch>);

    /// A command as the user types it for this account: `livectl domain show a.example.com --profile prod`.
    fn addressed(&self, command: &str) -> String;
}

/// How long to wait, and how often to look meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The longest wait.
    pub limit: Duration,
    /// The time from one look to the next; `None`: short at first, then longer.
    pub interval: Option<Duration>,
}

/// How a wait goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// What is waited for: `domain live.example.com`.
    pub what: String,
    /// The state seen last; `None`: none yet.
    pub state: Option<String>,
    /// How long it has lasted.
    pub elapsed: Duration,
    /// How long it may last.
    pub limit: Duration,
    /// The change that took effect before; `None`: nothing was changed.
    pub applied: Option<String>,
    /// What goes on waiting or looking where this one ends early.
    pub resume: String,
}

/// One thing, in both of its forms.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Our row.
    pub row: Row,
    /// The vendor's own item, for `--raw`.
    pub raw: Value,
}

/// How a portable function ends.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// A list; its rows went through [`Road::emit`].
    Listed,
    /// One thing.
    One(Item),
    /// A change that was made, or was not needed.
    Changed(Box<Changed>),
    /// A secret value that the user asked for, as the vendor sent it.
    Key {
        /// The value.
        value: Secret,
        /// The facts around it, for JSON: everything but the value.
        about: Row,
    },
}
