//! Live streams, alike at all three vendors: what is pushed, what was pushed, and what may not be pushed.
//!
//! Nobody sends pictures to the sandbox: `livectl sandbox publish` and the vendors' relays say what is live.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::asked::members;
use crate::sandbox::house::{House, text};

const STREAMS: &str = "live_streams";
const BANS: &str = "live_bans";

/// Which stream: domain, application and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct StreamKey {
    /// The domain it is pushed to, or the one that the vendor names it by.
    pub(in crate::sandbox) domain: String,
    /// The application (push path).
    pub(in crate::sandbox) app: String,
    /// The stream's name.
    pub(in crate::sandbox) stream: String,
}

impl StreamKey {
    /// The stream of these three names.
    pub(in crate::sandbox) fn new(domain: &str, app: &str, stream: &str) -> Self {
        StreamKey { domain: domain.to_owned(), app: app.to_owned(), stream: stream.to_owned() }
    }

    fn of(row: &Params) -> Self {
        StreamKey::new(text(row, "domain"), text(row, "app"), text(row, "stream"))
    }

    fn key(&self) -> [(&'static str, Value); 3] {
        [("domain", json!(self.domain)), ("app", json!(self.app)), ("stream", json!(self.stream))]
    }
}

/// One push of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Live {
    /// What is pushed.
    pub(in crate::sandbox) stream: StreamKey,
    /// Since when.
    pub(in crate::sandbox) started_at: Timestamp,
    /// When it ended; `None`: it is live.
    pub(in crate::sandbox) ended_at: Option<Timestamp>,
    /// How it ended, where it did.
    pub(in crate::sandbox) end: End,
}

/// How a push ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::sandbox) enum End {
    /// The pusher ended it.
    #[default]
    Closed,
    /// Its connection broke.
    Lost,
    /// It was cut by a request.
    Cut,
    /// It was banned.
    Banned,
}

/// The ends that are remembered by a word; of the others nothing is.
const ENDS: &[(End, &str)] = &[(End::Lost, "lost"), (End::Cut, "cut"), (End::Banned, "banned")];

/// A stream that may not be pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Ban {
    /// What may not be pushed.
    pub(in crate::sandbox) stream: StreamKey,
    /// Since when.
    pub(in crate::sandbox) since: Timestamp,
    /// Until when; `None`: until it is lifted.
    pub(in crate::sandbox) until: Option<Timestamp>,
    /// Why.
    pub(in crate::sandbox) reason: String,
}

/// Begins a push. What is live already goes on.
///
/// # Errors
/// The ban, where the stream is banned.
pub(in crate::sandbox) fn publish(house: &mut House, stream: &StreamKey, now: Timestamp) -> Result<(), Box<Ban>> {
    if let Some(ban) = banned(house, stream, now) {
        return Err(Box::new(ban));
    }
    if house.find(STREAMS, &going_on(stream)).is_none() {
        let mut row = members(json!({ "started_at": now.as_second(), "ended_at": null }));
        row.extend(stream.key().map(|(name, value)| (name.to_owned(), value)));
        house.add(STREAMS, row);
    }
    Ok(())
}

/// Ends a push; says whether there was one.
pub(in crate::sandbox) fn unpublish(house: &mut House, stream: &StreamKey, end: End, now: Timestamp) -> bool {
    let Some(row) = house.find_mut(STREAMS, &going_on(stream)) else { return false };
    row.insert("ended_at".to_owned(), json!(now.as_second()));
    if let Some((_, word)) = ENDS.iter().find(|(known, _)| *known == end) {
        row.insert("end".to_owned(), json!(word));
    }
    true
}

/// What is pushed, the oldest first. What the vendor's relays make live is not among it.
pub(in crate::sandbox) fn live(house: &House) -> impl Iterator<Item = Live> + '_ {
    published(house).filter(|push| push.ended_at.is_none())
}

/// Every push that there was, the oldest first; those that go on have no end.
pub(in crate::sandbox) fn published(house: &House) -> impl Iterator<Item = Live> + '_ {
    house.rows(STREAMS).iter().map(|row| Live {
        stream: StreamKey::of(row),
        started_at: time(row, "started_at").unwrap_or_default(),
        ended_at: time(row, "ended_at"),
        end: ENDS.iter().find(|(_, word)| text(row, "end") == *word).map(|(end, _)| *end).unwrap_or_default(),
    })
}

/// Bans a stream, anew where it is banned already, and ends its push.
pub(in crate::sandbox) fn forbid(house: &mut House, ban: &Ban) {
    unpublish(house, &ban.stream, End::Banned, ban.since);
    let mut row = members(json!({
        "since": ban.since.as_second(),
        "until": ban.until.map(Timestamp::as_second),
        "reason": ban.reason,
    }));
    row.extend(ban.stream.key().map(|(name, value)| (name.to_owned(), value)));
    house.put(BANS, &ban.stream.key(), row);
}

/// Lifts a ban; says whether there was one that was in force.
pub(in crate::sandbox) fn resume(house: &mut House, stream: &StreamKey, now: Timestamp) -> bool {
    let in_force = banned(house, stream, now).is_some();
    house.remove(BANS, &stream.key());
    in_force
}

/// The ban of a stream that is in force.
pub(in crate::sandbox) fn banned(house: &House, stream: &StreamKey, now: Timestamp) -> Option<Ban> {
    forbidden(house, now).find(|ban| ban.stream == *stream)
}

/// The bans that are in force, the oldest first.
pub(in crate::sandbox) fn forbidden(house: &House, now: Timestamp) -> impl Iterator<Item = Ban> + '_ {
    let bans = house.rows(BANS).iter().map(|row| Ban {
        stream: StreamKey::of(row),
        since: time(row, "since").unwrap_or_default(),
        until: time(row, "until"),
        reason: text(row, "reason").to_owned(),
    });
    bans.filter(move |ban| ban.until.is_none_or(|until| until > now))
}

/// The key of a push that goes on.
fn going_on(stream: &StreamKey) -> Vec<(&'static str, Value)> {
    stream.key().into_iter().chain([("ended_at", Value::Null)]).collect()
}

fn time(row: &Params, member: &str) -> Option<Timestamp> {
    row.get(member).and_then(Value::as_i64).and_then(|second| Timestamp::from_second(second).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn names(pushes: impl Iterator<Item = Live>) -> Vec<(String, i64, Option<i64>)> {
        let ended = |push: &Live| push.ended_at.map(Timestamp::as_second);
        pushes.map(|push| (push.stream.stream.clone(), push.started_at.as_second(), ended(&push))).collect()
    }

    #[test]
    fn pushes_begin_go_on_and_end() {
        let mut house = House::default();
        let (one, two) = (StreamKey::new("d.cn", "live", "s1"), StreamKey::new("d.cn", "live", "s2"));
        assert_eq!(publish(&mut house, &one, at(10)), Ok(()));
        assert_eq!(publish(&mut house, &one, at(11)), Ok(()), "it goes on");
        assert_eq!(publish(&mut house, &two, at(12)), Ok(()));
        assert!(unpublish(&mut house, &one, End::Closed, at(13)));
        assert!(!unpublish(&mut house, &one, End::Closed, at(14)), "it has ended");
        assert_eq!(names(live(&house)), [("s2".to_owned(), 12, None)]);
        assert_eq!(publish(&mut house, &one, at(15)), Ok(()));
        let all = [("s1".to_owned(), 10, Some(13)), ("s2".to_owned(), 12, None), ("s1".to_owned(), 15, None)];
        assert_eq!(names(published(&house)), all);
    }

    #[test]
    fn a_ban_ends_the_push_and_holds_until_it_is_lifted_or_over() {
        let mut house = House::default();
        let stream = StreamKey::new("d.cn", "live", "s1");
        let ban = |until: Option<i64>| Ban {
            stream: stream.clone(),
            since: at(20),
            until: until.map(at),
            reason: "music".to_owned(),
        };
        assert_eq!(publish(&mut house, &stream, at(10)), Ok(()));
        forbid(&mut house, &ban(None));
        forbid(&mut house, &ban(Some(30)));
        assert_eq!(names(published(&house)), [("s1".to_owned(), 10, Some(20))]);
        assert_eq!(publish(&mut house, &stream, at(29)), Err(Box::new(ban(Some(30)))));
        assert_eq!(forbidden(&house, at(29)).count(), 1, "one ban for one stream");
        assert_eq!(publish(&mut house, &stream, at(30)), Ok(()), "it is over");
        assert!(!resume(&mut house, &stream, at(31)));
        forbid(&mut house, &ban(None));
        assert!(resume(&mut house, &stream, at(32)));
        assert_eq!(publish(&mut house, &stream, at(33)), Ok(()));
    }
}
