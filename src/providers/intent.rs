//! Judges what the user asked, before anything is sent: all that is missing or wrong in one refusal.

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Fault, Result};
use crate::model::Road;
use crate::providers::rows::Place;

/// What a refusal says that the user may overrule.
pub const INSIST: &str = "`--no-validate` sends all the same: the vendor may be newer than the facts";

/// The complaints about one command, gathered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complaints {
    faults: Vec<Fault>,
    /// One of them is no more than what the facts say.
    overruled: bool,
}

impl Complaints {
    /// None yet.
    pub fn none() -> Self {
        Complaints::default()
    }

    /// One more where a required option was not given.
    #[must_use]
    pub fn need(self, option: &str, given: bool) -> Self {
        self.need_unless(option, given, "required")
    }

    /// One more where an option was not given, and in words when it is required: `required, unless …`.
    #[must_use]
    pub fn need_unless(mut self, option: &str, given: bool, required: &str) -> Self {
        if !given {
            self.faults.push(Fault { option: option.to_owned(), given: None, allowed: required.to_owned() });
        }
        self
    }

    /// One more where an option has a value that it must not have; `None`: all is well.
    ///
    /// `allowed` reads on after "use …".
    #[must_use]
    pub fn wrong(mut self, option: &str, given: Option<impl ToString>, allowed: impl Into<String>) -> Self {
        if let Some(given) = given {
            let (given, allowed) = (Some(given.to_string()), allowed.into());
            self.faults.push(Fault { option: option.to_owned(), given, allowed });
        }
        self
    }

    /// One more where a value is outside of what the facts allow, such as a range or a list of words: it can be sent,
    /// and is where the user insists.
    #[must_use]
    pub fn beyond(
        self,
        road: &dyn Road,
        option: &str,
        given: Option<impl ToString>,
        allowed: impl Into<String>,
    ) -> Self {
        let given = given.filter(|_| !road.insists());
        let overruled = self.overruled || given.is_some();
        Complaints { overruled, ..self.wrong(option, given, allowed) }
    }

    /// One more where an option was given that only `others` know: `Aliyun`, `Tencent and Aliyun`.
    #[must_use]
    pub fn foreign(self, option: &str, given: Option<impl ToString>, others: &str) -> Self {
        self.wrong(option, given, format!("none: it is only for {others}"))
    }

    /// One more for each part of a relay that making it needs and the user did not give: place and source.
    #[must_use]
    pub fn need_relay(self, place: &Place, sources: &[String]) -> Self {
        self.need("--domain", place.domain.is_some())
            .need("--app", place.app.is_some())
            .need("--stream", place.stream.is_some())
            .need("--source", !sources.is_empty())
    }

    /// One more for each side of a relay's window that is open.
    #[must_use]
    pub fn need_window(self, start: bool, end: bool, required: &str) -> Self {
        self.need_unless("--start", start, required).need_unless("--end", end, required)
    }

    /// Whether an option is among the complaints.
    pub fn concern(&self, option: &str) -> bool {
        self.faults.iter().any(|fault| fault.option == option)
    }

    /// Refuses the command where there is anything to complain of.
    ///
    /// `doing` begins the message; the hint says, for instance, which kind of domain the vendor wants.
    ///
    /// # Errors
    /// Usage, with every complaint as a fault.
    pub fn refuse(self, doing: &str, hint: Option<&str>) -> Result<()> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let insist = self.overruled.then_some(INSIST);
        let hints = hint.into_iter().chain(insist);
        Err(hints.fold(Error::wrong_values(doing, self.faults), Error::hint))
    }
}

/// The word that a user types for one of our enumerations.
pub fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Class;
    use crate::model::{Area, Vendor};
    use crate::providers::script::Script;

    #[test]
    fn every_complaint_is_told_and_none_is_no_refusal() {
        let fine = Complaints::none().need("--app", true).wrong("--cycle", None::<u64>, "60 to 3600");
        assert_eq!(fine.refuse("trying", None), Ok(()));
        let error = Complaints::none().need("--domain", false).wrong("--cycle", Some(5), "60 to 3600 seconds").foreign(
            "--vhost",
            Some("space"),
            "Volcengine",
        );
        assert!(error.concern("--cycle") && !error.concern("--app"));
        let error = error.refuse("enabling", Some("name the playback domain")).unwrap_err();
        assert_eq!(error.class(), Class::Usage);
        assert_eq!(error.to_string(), "enabling: 3 values are missing or wrong");
        let allowed: Vec<&str> = error.details().faults.iter().map(|fault| fault.allowed.as_str()).collect();
        assert_eq!(allowed, ["required", "60 to 3600 seconds", "none: it is only for Volcengine"]);
        assert_eq!(error.details().hints, ["name the playback domain"]);
    }

    #[test]
    fn what_is_only_outside_of_the_facts_is_refused_unless_the_user_insists() {
        let judged =
            |road: &Script| Complaints::none().beyond(road, "--fps", Some(100), "at most 60").refuse("adding", None);
        let script = Script::new(Vendor::Volcengine);
        assert_eq!(judged(&script).unwrap_err().details().hints, [INSIST]);
        assert_eq!(judged(&script.insisting()), Ok(()));
    }

    #[test]
    fn enumerations_have_the_words_of_the_command_line() {
        assert_eq!(word(&Area::Overseas), "overseas");
    }
}
