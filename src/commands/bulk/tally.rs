//! What became of the items, counted and told.

use std::time::Duration;

use crate::error::{Class, Error, Outcome};

/// How many items ended how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// The items change nothing: what became of a change is no question.
    pub(super) reads: bool,
    /// All of them.
    pub(super) items: u64,
    /// Changed something.
    pub(super) changed: u64,
    /// Were as asked for already.
    pub(super) unchanged: u64,
    /// Done by an earlier run with the same journal.
    pub(super) before: u64,
    /// Failed.
    pub(super) failed: u64,
    /// Failed, and nobody knows whether they took effect.
    pub(super) unknown: u64,
    /// Failed after they had taken effect.
    pub(super) applied: u64,
    /// Failed because the vendor refused them.
    pub(super) refused: u64,
}

impl Tally {
    /// How many are through, one way or the other.
    pub(super) fn ended(&self) -> u64 {
        self.changed + self.unchanged + self.before + self.failed
    }

    /// How many were never begun.
    pub(super) fn left(&self) -> u64 {
        self.items.saturating_sub(self.ended())
    }

    /// All counts in words, those that are zero left out.
    fn counts(&self) -> String {
        let failed = match (self.unknown, self.applied) {
            (0, 0) => format!("{} failed", self.failed),
            (0, applied) => format!("{} failed, of which {applied} took effect", self.failed),
            (unknown, _) => format!("{} failed, of which {unknown} may have taken effect", self.failed),
        };
        let counts = [
            (self.changed, format!("{} done", self.changed)),
            (self.unchanged, format!("{} so already", self.unchanged)),
            (self.before, format!("{} done by an earlier run", self.before)),
            (self.failed, failed),
            (self.left(), format!("{} not begun", self.left())),
        ];
        let told: Vec<String> = counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
        told.join(", ")
    }

    /// The line at the end of a run that went well.
    pub(super) fn summary(&self, command: &str, took: Duration) -> String {
        match self.items {
            0 => format!("{command}: {}", items(0)),
            all => format!("{command}: {} in {}: {}", items(all), seconds(took), self.counts()),
        }
    }

    /// The error of a run that did not end as asked for: `why`, where it was ended before all items had their turn.
    pub(super) fn error(&self, command: &str, why: Option<&Error>, interrupted: bool, journal: bool) -> Error {
        let of = items(self.items);
        let (class, message) = match (interrupted, why) {
            (true, _) => (Class::Interrupted, format!("{command}: interrupted: of {of} {}", self.counts())),
            (false, Some(why)) => (why.class(), format!("{command}: {why}: of {of} {}", self.counts())),
            (false, None) => (Class::Partial, format!("{command}: of {of} {}", self.counts())),
        };
        let outcome = match (self.unknown, self.changed + self.applied, self.refused) {
            (0, 0, 0) => Outcome::NotSent,
            (0, 0, _) => Outcome::Refused,
            (0, _, _) => Outcome::Applied,
            _ => Outcome::Unknown,
        };
        let mut error = Error::new(class, message);
        if !self.reads {
            error = error.outcome(outcome);
        }
        if let Some(why) = why {
            error = why.details().hints.iter().fold(error, |error, hint| error.hint(hint.clone()));
        }
        if journal {
            return error.hint("repeat the command with the same `--journal`: what is done is left out");
        }
        match self.left() {
            0 => error,
            _ => error.hint("with `--journal FILE` a run goes on where it ended"),
        }
    }
}

fn items(count: u64) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}

fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..120 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_the_items_is_told_in_words() {
        let tally = Tally {
            items: 10,
            changed: 4,
            unchanged: 1,
            before: 2,
            failed: 2,
            unknown: 1,
            refused: 1,
            ..Tally::default()
        };
        assert_eq!(
            tally.summary("domain add", Duration::from_millis(1234)),
            "domain add: 10 items in 1.2 s: 4 done, 1 so already, 2 done by an earlier run, 2 failed, of which \
             1 may have taken effect, 1 not begun"
        );
        let one = Tally { items: 1, changed: 1, ..Tally::default() };
        assert_eq!(one.summary("domain add", Duration::from_secs(125)), "domain add: 1 item in 2 min 5 s: 1 done");
    }

    #[test]
    fn the_error_says_what_is_known_of_all() {
        let told = |tally: &Tally, why: Option<&Error>, interrupted| {
            let error = tally.error("domain add", why, interrupted, false);
            (error.class(), error.to_string(), error.details().outcome)
        };
        let some = Tally { items: 3, changed: 2, failed: 1, ..Tally::default() };
        assert_eq!(
            told(&some, None, false),
            (Class::Partial, "domain add: of 3 items 2 done, 1 failed".to_owned(), Some(Outcome::Applied))
        );
        let lost = Tally { items: 3, failed: 1, unknown: 1, ..Tally::default() };
        assert_eq!(
            told(&lost, None, true),
            (
                Class::Interrupted,
                "domain add: interrupted: of 3 items 1 failed, of which 1 may have taken effect, 2 not begun"
                    .to_owned(),
                Some(Outcome::Unknown)
            )
        );
        let disk = Error::internal("write the journal `j`: disk full");
        let none = Tally { items: 3, ..Tally::default() };
        assert_eq!(
            told(&none, Some(&disk), false),
            (
                Class::Internal,
                "domain add: write the journal `j`: disk full: of 3 items 3 not begun".to_owned(),
                Some(Outcome::NotSent)
            )
        );
    }
}
