//! One error type: what failed, what the vendor said, what to do next, and the exit code.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::model::Vendor;

/// A shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kind of failure. Each kind has one exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A fault of livectl itself.
    Internal,
    /// Wrong command line, wrong value, no confirmation: nothing was sent.
    Usage,
    /// No credentials, wrong credentials, no permission, account in arrears.
    Auth,
    /// The thing is not there.
    NotFound,
    /// Exists already, in use, locked.
    Conflict,
    /// Rate limit or quota, after the retries.
    Throttled,
    /// Could not reach the vendor, or no answer in time.
    Network,
    /// The vendor failed, or answered what nobody can read.
    Vendor,
    /// Several items, some failed.
    Partial,
    /// Something would change, or a read-back differs.
    Differs,
    /// Applied, but not settled in time.
    Timeout,
    /// Ctrl-C.
    Interrupted,
}

impl Class {
    /// The word in the JSON error and in the documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Class::Internal => "internal",
            Class::Usage => "usage",
            Class::Auth => "auth",
            Class::NotFound => "not-found",
            Class::Conflict => "conflict",
            Class::Throttled => "throttled",
            Class::Network => "network",
            Class::Vendor => "vendor",
            Class::Partial => "partial",
            Class::Differs => "differs",
            Class::Timeout => "timeout",
            Class::Interrupted => "interrupted",
        }
    }

    /// The exit status of the process.
    pub const fn exit_code(self) -> u8 {
        match self {
            Class::Internal => 1,
            Class::Usage => 2,
            Class::Auth => 3,
            Class::NotFound => 4,
            Class::Conflict => 5,
            Class::Throttled => 6,
            Class::Network => 7,
            Class::Vendor => 8,
            Class::Partial => 9,
            Class::Differs => 10,
            Class::Timeout => 11,
            Class::Interrupted => 130,
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing left this machine.
    NotSent,
    /// The vendor refused it: nothing changed.
    Refused,
    /// It took effect.
    Applied,
    /// A write whose answer never came.
    Unknown,
}

impl Outcome {
    /// The word in the JSON error.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::NotSent => "not-sent",
            Outcome::Refused => "refused",
            Outcome::Applied => "applied",
            Outcome::Unknown => "unknown",
        }
    }
}

/// One wrong value: the option, what was given, what is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The option or parameter as the user types it: `--area`, `CycleTime`.
    pub option: String,
    /// What was given; `None`: nothing was.
    pub given: Option<String>,
    /// What is allowed, in words: `one of push, play`, `an integer from 60 to 604800`, `required`. Where a value
    /// was given it reads on after `use …`: `none: …` where the option has no place at all.
    pub allowed: String,
}

/// A failure, with all that is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Details>);

/// The facts of an [`Error`]; absent ones are `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Kind and exit code.
    pub class: Class,
    /// What we were doing: what went wrong. Lower case, no full stop.
    pub message: String,
    /// Whose answer it was.
    pub vendor: Option<Vendor>,
    /// Which account.
    pub profile: Option<String>,
    /// Which Action.
    pub action: Option<String>,
    /// The vendor's error code.
    pub code: Option<String>,
    /// The vendor's request id.
    pub request_id: Option<String>,
    /// HTTP status of the answer.
    pub http_status: Option<u16>,
    /// How many requests were made.
    pub attempts: Option<u32>,
    /// Whether the same command may succeed later.
    pub retryable: Option<bool>,
    /// A conflict that means "exists already", not "in use" or "locked": `--if-not-exists` accepts it.
    pub already_exists: bool,
    /// What became of the request.
    pub outcome: Option<Outcome>,
    /// What to do next, one line each.
    pub hints: Vec<String>,
    /// Every wrong value.
    pub faults: Vec<Fault>,
}

impl Error {
    /// An error of a class with a message in the form `what we were doing: what went wrong`.
    pub fn new(class: Class, message: impl Into<String>) -> Self {
        Error(Box::new(Details {
            class,
            message: message.into(),
            vendor: None,
            profile: None,
            action: None,
            code: None,
            request_id: None,
            http_status: None,
            attempts: None,
            retryable: None,
            already_exists: false,
            outcome: None,
            hints: Vec::new(),
            faults: Vec::new(),
        }))
    }

    /// A wrong command line or value; nothing was sent.
    pub fn usage(message: impl Into<String>) -> Self {
        Error::new(Class::Usage, message).outcome(Outcome::NotSent)
    }

    /// A command with missing or wrong values; nothing was sent.
    ///
    /// The message only counts them: the faults are told one by one under it.
    pub fn wrong_values(doing: &str, faults: Vec<Fault>) -> Self {
        let counted = match faults.len() {
            1 => "one value is".to_owned(),
            several => format!("{several} values are"),
        };
        Error::usage(format!("{doing}: {counted} missing or wrong")).faults(faults)
    }

    /// A fault of livectl itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Error::new(Class::Internal, message)
    }

    /// The same error with one more hint: what to type or check next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    /// The same error with its wrong values.
    #[must_use]
    pub fn faults(mut self, faults: Vec<Fault>) -> Self {
        self.0.faults = faults;
        self
    }

    /// The same error with the fate of the request.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.0.outcome = Some(outcome);
        self
    }

    /// The same error with more facts filled in.
    #[must_use]
    pub fn with(mut self, fill: impl FnOnce(&mut Details)) -> Self {
        fill(&mut self.0);
        self
    }

    /// The kind of failure.
    pub fn class(&self) -> Class {
        self.0.class
    }

    /// All that is known.
    pub fn details(&self) -> &Details {
        &self.0
    }

    /// The JSON form of section 4 of the interface: one object under `error`.
    pub fn to_json(&self) -> Value {
        let d = &self.0;
        let mut error = Map::new();
        error.insert("class".into(), json!(d.class.name()));
        error.insert("message".into(), json!(d.message));
        error.insert("vendor".into(), json!(d.vendor.map(Vendor::name)));
        error.insert("profile".into(), json!(d.profile));
        error.insert("action".into(), json!(d.action));
        error.insert("code".into(), json!(d.code));
        error.insert("request_id".into(), json!(d.request_id));
        error.insert("http_status".into(), json!(d.http_status));
        error.insert("attempts".into(), json!(d.attempts));
        error.insert("retryable".into(), json!(d.retryable));
        error.insert("outcome".into(), json!(d.outcome.map(Outcome::name)));
        error.insert("hint".into(), (!d.hints.is_empty()).then(|| d.hints.join("\n")).into());
        if !d.faults.is_empty() {
            let faults: Vec<Value> =
                d.faults.iter().map(|f| json!({"option": f.option, "given": f.given, "allowed": f.allowed})).collect();
            error.insert("faults".into(), Value::Array(faults));
        }
        json!({ "error": error })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}
