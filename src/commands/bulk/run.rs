//! A run on its way: so many items at once, what became of each, and the end.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::Instant;

use crate::commands::Ending;
use crate::commands::bulk::Work;
use crate::commands::bulk::entry::Entry;
use crate::commands::bulk::item::{Keeper, Shared};
use crate::commands::bulk::journal::{End, Journal, Past};
use crate::commands::bulk::results::Printer;
use crate::commands::bulk::tally::Tally;
use crate::commands::further;
use crate::commands::known_secrets::ITEM;
use crate::commands::link::Link;
use crate::commands::road::LiveRoad;
use crate::commands::session::Session;
use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Answer, Changed, Road};
use crate::output;

/// A run on its way.
pub(super) struct Run<'a> {
    pub(super) session: &'a Session,
    pub(super) link: Rc<Link<'a>>,
    pub(super) shared: Rc<Shared>,
    pub(super) past: Past,
    pub(super) printer: Printer<'a>,
    pub(super) most_failures: Option<u64>,
    pub(super) tally: RefCell<Tally>,
    /// Changing requests that a dry run has printed.
    pub(super) planned: Cell<u32>,
}

impl<'a> Run<'a> {
    /// Carries out the items, at most so many at once, until all are through or the run is to end.
    pub(super) async fn all(&self, left: &[&Entry], in_flight: usize, work_of: &dyn Fn(&Entry) -> Result<Work>) {
        // The lines of a dry run stand in the order of the items.
        let in_flight = if self.session.global.dry_run { 1 } else { in_flight };
        self.session.stderr.begin_progress(self.tally.borrow().items);
        let mut waiting = left.iter().enumerate();
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < in_flight.min(self.failures_left()) && !self.ends() {
                let Some((number, entry)) = waiting.next() else { break };
                running.push(async move {
                    ITEM.scope(number, self.one(entry, work_of)).await;
                    self.session.secrets.borrow_mut().forget(number);
                });
            }
            if running.next().await.is_none() {
                break;
            }
            let tally = self.tally.borrow();
            self.session.stderr.progress(tally.ended(), tally.failed);
        }
        self.session.stderr.end_progress();
    }

    /// How many more may fail: what is under way must not be able to fail more often.
    fn failures_left(&self) -> usize {
        let failed = self.tally.borrow().failed;
        self.most_failures.map_or(usize::MAX, |most| usize::try_from(most.saturating_sub(failed)).unwrap_or(usize::MAX))
    }

    /// Whether nothing new is to be begun.
    fn ends(&self) -> bool {
        self.session.stop.is_wanted() || self.shared.halted.borrow().is_some()
    }

    /// Carries out one item and takes note of what became of it.
    async fn one(&self, entry: &Entry, work_of: &dyn Fn(&Entry) -> Result<Work>) {
        let before = self.past.begun.get(&entry.key).cloned().unwrap_or_default();
        let keeper = Rc::new(Keeper::new(Rc::clone(&self.shared), entry.key.clone(), before));
        let given_up = async {
            self.session.stop.wanted().await;
            keeper.can_be_left().await
        };
        let outcome = tokio::select! {
            biased;
            outcome = self.carry_out(entry, work_of, Rc::clone(&keeper)) => outcome,
            left = given_up => Err(left),
        };
        match outcome {
            Ok(changed) => self.ended_well(entry, changed),
            Err(error) if error.class() == Class::Interrupted && error.details().outcome == Some(Outcome::NotSent) => {
                if keeper.is_recorded() {
                    self.record(entry, End::Refused);
                }
            }
            Err(error) => self.failed(entry, error),
        }
    }

    /// Carries out one item and prints its result. Whether it changed something.
    async fn carry_out(
        &self,
        entry: &Entry,
        work_of: &dyn Fn(&Entry) -> Result<Work>,
        keeper: Rc<Keeper>,
    ) -> Result<bool> {
        let work = work_of(entry)?;
        let sink = matches!(work, Work::Verb(_)).then(|| self.printer.sink());
        let mut road = LiveRoad::new(Rc::clone(&self.link), sink).with_permit(Rc::<Keeper>::clone(&keeper));
        let done = match work {
            Work::Call(called) if self.session.global.dry_run => road.plan(&called.first(), &[]).map(|_| true),
            Work::Call(called) => {
                if called.asks_first() {
                    road.confirm(&called.question())?;
                }
                // What an earlier run has made has no answer any more.
                let print = |body: &str| match body.is_empty() {
                    true => Ok(()),
                    false => self.printed(self.printer.body(entry, body)),
                };
                match called.send(&road, &print).await {
                    Err(error) if keeper.was_done_before(self.link.vendor(), &error) => Ok(true),
                    sent => sent.map(|()| true),
                }
            }
            Work::Verb(verb) => {
                road.further = further::read(self.session, self.link.vendor(), &verb.command(), &verb.further)?;
                let answer = match verb.perform(&road).await {
                    Err(error) if keeper.was_done_before(self.link.vendor(), &error) => {
                        let nothing = Changed::nothing(self.link.vendor(), &verb.id, &verb.name);
                        Answer::Changed(Box::new(Changed { changed: true, ..nothing }))
                    }
                    answer => answer?,
                };
                let changed = !matches!(&answer, Answer::Changed(changed) if !changed.changed);
                self.printed(self.printer.answer(&road, entry, answer))?;
                Ok(changed)
            }
        };
        self.planned.set(self.planned.get() + road.planned());
        done
    }

    /// A result that cannot be printed ends the run, but makes no failure of what was done.
    fn printed(&self, result: Result<()>) -> Result<()> {
        if let Err(error) = result {
            self.shared.halt(match output::is_closed_pipe(&error) {
                true => Error::new(Class::Partial, "ended because nobody reads its output any more"),
                false => error,
            });
        }
        Ok(())
    }

    fn ended_well(&self, entry: &Entry, changed: bool) {
        self.record(entry, End::Done);
        let mut tally = self.tally.borrow_mut();
        match changed {
            true => tally.changed += 1,
            false => tally.unchanged += 1,
        }
    }

    fn failed(&self, entry: &Entry, error: Error) {
        let outcome = error.details().outcome;
        let interrupted = error.class() == Class::Interrupted;
        self.record(
            entry,
            match outcome {
                Some(Outcome::Unknown) => End::Unknown,
                Some(Outcome::Applied) => End::Applied,
                _ => End::Refused,
            },
        );
        let of = format!("line {} ({})", entry.line, entry.label);
        let told = error.with(|details| details.message = format!("{of}: {}", details.message));
        self.session.stderr.failure(&self.session.without_secrets(told));
        let mut tally = self.tally.borrow_mut();
        if interrupted {
            tally.changed += 1;
            return;
        }
        tally.failed += 1;
        match outcome {
            Some(Outcome::Unknown) => tally.unknown += 1,
            Some(Outcome::Applied) => tally.applied += 1,
            Some(Outcome::Refused) => tally.refused += 1,
            _ => {}
        }
        if self.most_failures.is_some_and(|most| tally.failed >= most) {
            let failures = if tally.failed == 1 { "one failure" } else { "so many failures" };
            self.shared.halt(Error::new(Class::Partial, format!("ended after {failures}")));
        }
    }

    fn record(&self, entry: &Entry, end: End) {
        if let Some(journal) = &self.shared.journal
            && let Err(error) = journal.end(&entry.key, end)
        {
            self.shared.halt(error);
        }
    }

    /// Ends the output and tells what became of the items.
    ///
    /// # Errors
    /// `partial`, interrupted, or why the run ended before all items had their turn.
    pub(super) fn end(self, command: &str, began: Instant) -> Result<Ending> {
        let tally = self.tally.into_inner();
        if let Some(Err(error)) = self.shared.journal.as_ref().map(Journal::close) {
            self.shared.halt(error);
        }
        let dry_run = self.session.global.dry_run;
        if !dry_run
            && !command.starts_with("api ")
            && let Err(error) = self.printer.finish()
            && !output::is_closed_pipe(&error)
        {
            self.shared.halt(error);
        }
        let interrupted = self.session.stop.is_wanted();
        let why = self.shared.halted.take();
        match why {
            // Nobody said yes.
            Some(why) if why.class() == Class::Usage && tally.ended() == tally.before => return Err(why),
            why if interrupted || why.is_some() || tally.failed > 0 => {
                let error = tally.error(command, why.as_ref(), interrupted, self.shared.journal.is_some());
                return Err(error.with(|details| {
                    details.vendor = Some(self.link.vendor());
                    details.profile = self.link.profile().map(str::to_owned);
                }));
            }
            _ => {}
        }
        if dry_run {
            let would_change = self.session.global.exit_code && self.planned.get() > 0;
            return Ok(if would_change { Ending::WouldChange } else { Ending::Done });
        }
        self.session.stderr.note(&tally.summary(command, began.elapsed()));
        Ok(Ending::Done)
    }
}
