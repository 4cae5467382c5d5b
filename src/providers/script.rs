//! A road for tests: it answers from a list, and writes down all that a portable function did.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;
use serde_json::Value;

use crate::error::{Error, Fault, Outcome, Result};
use crate::model::{Answer, Call, Change, Changed, Effect, Item, Params, Patience, Reply, Road, Vendor, Watch};
use crate::providers::catalog;

/// A scripted road. Every call must be one that is expected; the facts check its parameters' names.
pub(crate) struct Script {
    vendor: Vendor,
    now: Timestamp,
    dry_run: bool,
    consent: bool,
    insists: bool,
    limit: Cell<usize>,
    patience: Option<Duration>,
    /// Every pause that was made.
    pub(crate) pauses: RefCell<Vec<Duration>>,
    expected: RefCell<Vec<(String, Params, Result<Value>)>>,
    /// Every call in order.
    pub(crate) calls: RefCell<Vec<Call>>,
    /// The differences of the changing calls, in order.
    pub(crate) changes: RefCell<Vec<Vec<Change>>>,
    /// Every item that was emitted.
    pub(crate) items: RefCell<Vec<Item>>,
    /// Every question that was asked.
    pub(crate) questions: RefCell<Vec<String>>,
    /// Every note.
    pub(crate) notes: RefCell<Vec<String>>,
    /// Every warning.
    pub(crate) warnings: RefCell<Vec<String>>,
    /// How every wait went, look by look.
    pub(crate) watched: RefCell<Vec<Option<Watch>>>,
    /// Every failure that was told: of what, and the error.
    pub(crate) failures: RefCell<Vec<(String, Error)>>,
}

impl Script {
    /// An empty script that says yes to every question. Its instant is 2023-05-09T00:00:00Z (1683590400).
    pub(crate) fn new(vendor: Vendor) -> Self {
        Script {
            vendor,
            now: Timestamp::from_second(1_683_590_400).unwrap(),
            dry_run: false,
            consent: true,
            insists: false,
            limit: Cell::new(usize::MAX),
            patience: None,
            pauses: RefCell::default(),
            expected: RefCell::default(),
            calls: RefCell::default(),
            changes: RefCell::default(),
            items: RefCell::default(),
            questions: RefCell::default(),
            notes: RefCell::default(),
            warnings: RefCell::default(),
            watched: RefCell::default(),
            failures: RefCell::default(),
        }
    }

    /// Expects a call with just these parameters and answers it.
    #[must_use]
    pub(crate) fn answers(self, action: &str, params: Value, result: Value) -> Self {
        self.expects(action, params, Ok(result))
    }

    /// Expects a call with just these parameters and fails it.
    #[must_use]
    pub(crate) fn fails(self, action: &str, params: Value, error: Error) -> Self {
        self.expects(action, params, Err(error))
    }

    fn expects(self, action: &str, params: Value, reply: Result<Value>) -> Self {
        let Value::Object(params) = params else { panic!("parameters of `{action}` are no object") };
        self.expected.borrow_mut().push((action.to_owned(), params, reply));
        self
    }

    /// The same script, as a dry run.
    #[must_use]
    pub(crate) fn dry(mut self) -> Self {
        self.dry_run = true;
        self
    }

    /// The same script with a user who says no.
    #[must_use]
    pub(crate) fn unwilling(mut self) -> Self {
        self.consent = false;
        self
    }

    /// The same script with a user who gave `--no-validate`.
    #[must_use]
    pub(crate) fn insisting(mut self) -> Self {
        self.insists = true;
        self
    }

    /// The same script, wanting that many items.
    #[must_use]
    pub(crate) fn limited(self, items: usize) -> Self {
        self.limit.set(items);
        self
    }

    /// The same script with a user who waits that long.
    #[must_use]
    pub(crate) fn patient(mut self, time: Duration) -> Self {
        self.patience = Some(time);
        self
    }

    /// Runs a portable function to its end. Nothing in a script ever waits.
    pub(crate) fn run<T>(&self, function: impl Future<Output = T>) -> T {
        function.now_or_never().expect("a scripted road never waits")
    }

    /// Runs a portable function and takes the change it made, all expected calls made.
    pub(crate) fn changed(&self, function: impl Future<Output = Result<Answer>>) -> Changed {
        match self.run(function) {
            Ok(Answer::Changed(changed)) => {
                self.finish();
                *changed
            }
            other => panic!("no change but {other:?}"),
        }
    }

    /// Runs a portable function that lists or shows and takes its rows as one JSON array, all expected calls made.
    pub(crate) fn rows(&self, function: impl Future<Output = Result<Answer>>) -> Value {
        let one = match self.run(function) {
            Ok(Answer::Listed) => None,
            Ok(Answer::One(item)) => Some(item),
            other => panic!("no rows but {other:?}"),
        };
        self.finish();
        self.items.borrow().iter().chain(&one).map(|item| Value::Object(item.row.clone())).collect()
    }

    /// Checks that every expected call was made.
    pub(crate) fn finish(&self) {
        let left: Vec<String> = self.expected.borrow().iter().map(|(action, ..)| action.clone()).collect();
        assert!(left.is_empty(), "never called: {left:?}");
    }

    /// The Actions that were called, in order.
    pub(crate) fn actions(&self) -> Vec<String> {
        self.calls.borrow().iter().map(|call| call.action.clone()).collect()
    }

    fn answer(&self, call: Call, changing: bool) -> Result<Reply> {
        check(self.vendor, &call, changing);
        let mut expected = self.expected.borrow_mut();
        let at = expected.iter().position(|(action, params, _)| *action == call.action && *params == call.params);
        let at = at.unwrap_or_else(|| panic!("unexpected call {call:?}, expected one of {expected:#?}"));
        let (.., reply) = expected.remove(at);
        self.calls.borrow_mut().push(call);
        let request_id = format!("request-{}", self.calls.borrow().len());
        let result = reply?;
        Ok(Reply { body: result.to_string(), result, request_id: Some(request_id) })
    }
}

/// A call must name an Action of the vendor, of the right kind, its parameters must exist and none may lack.
fn check(vendor: Vendor, call: &Call, changing: bool) {
    assert_eq!(call.vendor, vendor);
    let action = catalog::find(vendor, &call.action).unwrap_or_else(|| panic!("no Action `{}`", call.action));
    assert_eq!(action.effect_kind() != Effect::Read, changing, "`{}` over the wrong side of the road", call.action);
    for name in call.params.keys() {
        assert!(action.param(name).is_some(), "`{}` has no parameter `{name}`", call.action);
    }
    for param in action.params.iter().filter(|param| param.required) {
        assert!(call.params.contains_key(param.name), "`{}` lacks `{}`", call.action, param.name);
    }
}

impl Road for Script {
    fn vendor(&self) -> Vendor {
        self.vendor
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn read<'a>(&'a self, call: Call) -> LocalBoxFuture<'a, Result<Reply, Error>> {
        Box::pin(std::future::ready(self.answer(call, false)))
    }

    fn change<'a>(&'a self, call: Call, changes: &'a [Change]) -> LocalBoxFuture<'a, Result<Reply, Error>> {
        self.changes.borrow_mut().push(changes.to_vec());
        Box::pin(std::future::ready(self.answer(call, true)))
    }

    fn confirm(&self, question: &str) -> Result<(), Error> {
        self.questions.borrow_mut().push(question.to_owned());
        if self.consent { Ok(()) } else { Err(Error::usage("the user said no").outcome(Outcome::NotSent)) }
    }

    fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    fn emit(&self, item: Item) -> Result<bool, Error> {
        self.items.borrow_mut().push(item);
        self.limit.set(self.limit.get() - 1);
        Ok(self.limit.get() > 0)
    }

    fn tell_failure(&self, what: &str, error: Error) {
        self.failures.borrow_mut().push((what.to_owned(), error));
    }

    fn note(&self, text: &str) {
        self.notes.borrow_mut().push(text.to_owned());
    }

    fn further(&self, _: &str) -> Option<&Params> {
        None
    }

    fn check(&self, call: &Call, unreadable: Vec<Fault>, untyped: Vec<Fault>) -> Result<()> {
        let faults = [unreadable, untyped].concat();
        if faults.is_empty() { Ok(()) } else { Err(Error::wrong_values(&call.action, faults)) }
    }

    fn insists(&self) -> bool {
        self.insists
    }

    fn region(&self) -> Option<&str> {
        None
    }

    fn warn(&self, text: &str) {
        self.warnings.borrow_mut().push(text.to_owned());
    }

    fn patience(&self) -> Option<Patience> {
        self.patience.map(|limit| Patience { limit, interval: None })
    }

    /// Time passes in pauses only.
    fn elapsed(&self) -> Duration {
        self.pauses.borrow().iter().sum()
    }

    /// A pause counts when somebody waits for it.
    fn pause(&self, time: Duration) -> LocalBoxFuture<'_, ()> {
        Box::pin(async move { self.pauses.borrow_mut().push(time) })
    }

    fn watch(&self, seen: Option<&Watch>) {
        self.watched.borrow_mut().push(seen.cloned());
    }

    fn addressed(&self, command: &str) -> String {
        format!("livectl {command} --vendor {}", self.vendor)
    }
}
