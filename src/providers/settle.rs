//! Effects that come later: by what each is seen, and the wait until the vendor's state has settled.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Call, Change, Params, Patience, Reply, Road, Vendor, Watch};
use crate::providers::paging::Pages;
use crate::providers::{homes, rows};

mod effects;
mod poll;

use effects::{Effect, Look, Missing, Shown};
pub use poll::{Ended, Seen, last_seen, passes, poll, spelled};

/// A start that is no further away than this is waited for.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// Waits until the effect of a change is seen, where the user wants that and something shows it. The state that it
/// settled in is added to the changes.
///
/// # Errors
/// With the outcome `applied`: class `timeout` where the time was over first, `differs` where it settled in a state
/// that was not asked for, and those of a look that cannot be had.
pub async fn after(road: &dyn Road, call: &Call, reply: &Reply, changes: &mut Vec<Change>) -> Result<()> {
    if road.is_dry_run() {
        return Ok(());
    }
    let Some(shown) = shown(call.vendor, &call.action) else { return Ok(()) };
    let Some(patience) = road.patience() else { return Ok(()) };
    let look = match shown {
        Shown::By(look) => look,
        Shown::ByNothing(why) => {
            road.note(&format!("nothing to wait for: {why}"));
            return Ok(());
        }
    };
    let made = Made { call, reply, look };
    if let Some(start) = made.starts_later(road.now()) {
        road.note(&format!("nothing to wait for: it starts at {}", crate::model::time::to_row(start)));
        return Ok(());
    }
    if made.name().is_empty() {
        road.note("nothing to wait for: the answer does not tell what was made");
        return Ok(());
    }
    let began = road.elapsed();
    let ended = poll(road, patience, made.watch(road, patience), async || made.seen(road).await).await;
    let took = road.elapsed().saturating_sub(began);
    match ended.map_err(|error| made.unseen(road, error))? {
        Ended::Settled(state, ()) => {
            road.note(&format!("{} is {state} after {}", made.title(), spelled(took)));
            made.note_state(changes, &state);
            Ok(())
        }
        Ended::Final(state, ()) => Err(made.failed(road, &state)),
        Ended::Late(state, failure) => Err(made.late(road, patience.limit, state.as_deref(), failure.as_deref())),
    }
}

/// Whether a thing that a vendor still lists is gone.
pub fn is_gone(noun: &str, vendor: Vendor, raw: &Value) -> bool {
    noun == "domain" && vendor == Vendor::Volcengine && rows::text(raw, "Status").as_deref() == Some("3")
}

/// Whether a vendor does not tell of a new thing until it is ready.
pub fn appears_late(noun: &str, vendor: Vendor) -> bool {
    noun == "domain" && vendor == Vendor::Aliyun
}

/// Whether what an Action does takes effect later, and is seen by a state.
pub fn settles_later(vendor: Vendor, action: &str) -> bool {
    matches!(shown(vendor, action), Some(Shown::By(_)))
}

fn shown(vendor: Vendor, action: &str) -> Option<&'static Shown> {
    let has = |effect: &&Effect| effect.after.contains(&action);
    effects::of(vendor).iter().find(has).map(|effect| &effect.seen)
}

/// A change that was made, and by what it is seen.
struct Made<'a> {
    call: &'a Call,
    reply: &'a Reply,
    look: &'static Look,
}

impl Made<'_> {
    /// What the thing is called.
    fn name(&self) -> String {
        let parts = self.look.name.iter().map(|source| {
            let values: Vec<String> = self.values(source).iter().map(plain).collect();
            values.join(", ")
        });
        let parts: Vec<String> = parts.collect();
        if parts.iter().all(String::is_empty) { String::new() } else { parts.join("/") }
    }

    fn title(&self) -> String {
        format!("{} {}", self.look.what, self.name())
    }

    /// The values at a source. See [`effects`].
    fn values(&self, source: &str) -> Vec<Value> {
        let (path, root) = match source.strip_prefix('=') {
            Some(path) => (path, self.reply.result.clone()),
            None => (source, Value::Object(self.call.params.clone())),
        };
        let (path, split) = path.strip_suffix(',').map_or((path, false), |path| (path, true));
        let found = at(&root, path).into_iter().filter(|value| !value.is_null() && *value != "");
        if !split {
            return found.collect();
        }
        let texts = found.filter_map(|value| value.as_str().map(str::to_owned));
        texts.flat_map(|text| text.split(',').map(|part| Value::from(part.trim())).collect::<Vec<_>>()).collect()
    }

    /// When it starts, where a wait for that would be long.
    fn starts_later(&self, now: Timestamp) -> Option<Timestamp> {
        let start = rows::instant(&Value::Object(self.call.params.clone()), "StartTime", jiff::tz::Offset::UTC)?;
        let soon = now.checked_add(SOON).ok()?;
        (start > soon && !matches!(self.look.missing, Missing::Wanted)).then_some(start)
    }

    /// The calls that tell the state.
    fn calls(&self) -> Vec<Call> {
        let mut calls = vec![Call::new(self.call.vendor, self.look.action)];
        for (param, source) in self.look.asked {
            let values = self.values(source);
            match (param.strip_suffix("[]"), values.as_slice()) {
                (_, []) => {}
                (Some(param), _) => calls = calls.into_iter().map(|call| call.with(param, values.clone())).collect(),
                (None, _) => {
                    let each =
                        |call: &Call| values.iter().map(|value| call.clone().with(param, value.clone())).collect();
                    calls = calls.iter().flat_map::<Vec<Call>, _>(each).collect();
                }
            }
        }
        calls
    }

    /// One look at all that was changed: settled when all of it is.
    async fn seen(&self, road: &dyn Road) -> Result<Seen<()>> {
        let mut settled = None;
        for call in self.calls() {
            for state in self.states(road, call).await? {
                match self.judged(state.as_deref()) {
                    Seen::Settled(word, ()) => settled = settled.or(Some(word)),
                    other => return Ok(other),
                }
            }
        }
        Ok(Seen::Settled(settled.unwrap_or_else(|| "settled".to_owned()), ()))
    }

    /// The states that a call tells; `None`: that thing is not there.
    async fn states(&self, road: &dyn Road, call: Call) -> Result<Vec<Option<String>>> {
        let state = |thing: &Value| at(thing, self.look.state).first().filter(|state| !state.is_null()).map(plain);
        let Some((first, source)) = self.look.items.first() else {
            return match road.read(call).await {
                Ok(reply) => Ok(vec![state(&reply.result)]),
                Err(error) if error.class() == Class::NotFound => Ok(vec![None]),
                Err(error) => Err(error),
            };
        };
        let items = match Pages::all(call, road).await {
            Err(error) if error.class() == Class::NotFound => Vec::new(),
            items => items?,
        };
        let is = |item: &Value, member: &str, wanted: &Value| {
            rows::text(item, member).is_some_and(|text| text.eq_ignore_ascii_case(&plain(wanted)))
        };
        let meant = |item: &&Value| {
            let mut members = self.look.items.iter();
            members.all(|(member, source)| self.values(source).iter().any(|wanted| is(item, member, wanted)))
        };
        let mut states = Vec::new();
        for wanted in self.values(source) {
            let found: Vec<&Value> = items.iter().filter(meant).filter(|item| is(item, first, &wanted)).collect();
            if found.is_empty() {
                states.push(None);
            }
            states.extend(found.into_iter().map(|item| Some(state(item).unwrap_or_else(|| "there".to_owned()))));
        }
        Ok(states)
    }

    fn judged(&self, state: Option<&str>) -> Seen<()> {
        let Some(state) = state else {
            return match self.look.missing {
                Missing::Early => Seen::UnderWay("not there yet".to_owned()),
                Missing::Wanted => Seen::Settled("deleted".to_owned(), ()),
                Missing::Wrong => Seen::Final("not there".to_owned(), ()),
            };
        };
        let word =
            |known: &[(&str, &str)]| known.iter().find(|(word, _)| *word == state).map(|(_, ours)| (*ours).to_owned());
        match (word(self.look.settled), word(self.look.failed)) {
            (Some(word), _) => Seen::Settled(word, ()),
            (None, Some(word)) => Seen::Final(word, ()),
            (None, None) => Seen::UnderWay(state.to_owned()),
        }
    }

    /// The state that it settled in, among what changed. What was deleted has none.
    fn note_state(&self, changes: &mut Vec<Change>, state: &str) {
        if self.look.missing == Missing::Wanted {
            return;
        }
        match changes.iter_mut().find(|change| change.field == self.look.field) {
            Some(change) => change.to = state.into(),
            None => changes.push(Change::new(self.look.field, Value::Null, state)),
        }
    }

    fn watch(&self, road: &dyn Road, patience: Patience) -> Watch {
        Watch {
            what: self.title(),
            state: None,
            elapsed: Duration::ZERO,
            limit: patience.limit,
            applied: Some(self.call.action.clone()),
            resume: self.resume(road),
        }
    }

    /// What goes on waiting, or at least tells the state.
    fn resume(&self, road: &dyn Road) -> String {
        if let Some((noun, state)) = self.look.resume {
            let command = format!("wait {noun} {} --for {state}", quoted(&self.name()));
            return format!("`{}` goes on waiting", road.addressed(&command));
        }
        let params = self.calls().into_iter().next().map(|call| call.params).unwrap_or_default();
        let command = match homes::command(self.call.vendor, self.look.action) {
            Some(command) if params.values().all(Value::is_string) => {
                let option = |name: &str| homes::option(self.call.vendor, self.look.action, name);
                let one = |(name, value): (&String, &Value)| format!(" {} {}", option(name), quoted(&plain(value)));
                params.iter().map(one).fold(command.to_owned(), |command, part| command + &part)
            }
            _ => format!("api {} {}{}", self.call.vendor, self.look.action, typed(&params)),
        };
        format!("`{}` tells the state", road.addressed(&command))
    }

    fn error(&self, road: &dyn Road, class: Class, message: String) -> Error {
        Error::new(class, message).outcome(Outcome::Applied).hint(self.resume(road)).with(|details| {
            details.vendor = Some(self.call.vendor);
            details.action = Some(self.call.action.clone());
            details.request_id.clone_from(&self.reply.request_id);
            details.retryable = Some(false);
        })
    }

    fn late(&self, road: &dyn Road, limit: Duration, state: Option<&str>, failure: Option<&Error>) -> Error {
        let seen = last_seen(state, failure);
        let message = format!("waiting for {}: applied, but not settled within {}{seen}", self.title(), spelled(limit));
        self.error(road, Class::Timeout, message)
    }

    fn failed(&self, road: &dyn Road, state: &str) -> Error {
        let message = format!("waiting for {}: applied, but it ended as {state}", self.title());
        let error = self.error(road, Class::Differs, message);
        let shows = match self.look.resume {
            Some((noun, _)) => {
                format!("`{}` shows it", road.addressed(&format!("{noun} show {}", quoted(&self.name()))))
            }
            None => self.resume(road),
        };
        error.with(|details| details.hints = vec![shows])
    }

    /// A look that cannot be had: the change is made all the same.
    fn unseen(&self, road: &dyn Road, error: Error) -> Error {
        let message = format!("waiting for {}: applied, but its state cannot be read: {error}", self.title());
        let resume = self.resume(road);
        error.outcome(Outcome::Applied).hint(resume).with(|details| details.message = message)
    }
}

/// The values at a dotted path; `[]` stands for each of a list. JSON in a text is read.
fn at(root: &Value, path: &str) -> Vec<Value> {
    let mut found = vec![root.clone()];
    for part in path.split('.') {
        let (name, each) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
        let members = found.iter().filter_map(|value| value.get(name).cloned());
        found = if each { members.flat_map(listed).collect() } else { members.collect() };
    }
    found
}

fn listed(value: Value) -> Vec<Value> {
    let value = match &value {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        _ => value,
    };
    if let Value::Array(items) = value { items } else { Vec::new() }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Parameters as `api` takes them.
fn typed(params: &Params) -> String {
    let one = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!(" {}", quoted(&format!("{name}={text}"))),
        other => format!(" {}", quoted(&format!("{name}:={other}"))),
    };
    params.iter().map(one).collect()
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:@,+%".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests;
