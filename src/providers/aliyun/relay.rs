//! `relay` on Alibaba Cloud ApsaraVideo Live: pull tasks of a playback domain, addressed by where they publish.

use jiff::{Timestamp, tz::Offset};
use serde_json::Value;

use crate::error::Result;
use crate::model::time::to_row;
use crate::model::{Answer, Call, Item, RelayArgs, RelayRow, RelayVerb, Road, Selector, Support, Vendor};
use crate::providers::aliyun::playback;
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::{change, walk};

const VENDOR: Vendor = Vendor::Aliyun;
const HINT: &str = "on Aliyun a relay publishes under a playback domain of the account";
const FIELDS: &[&str] = &["domain", "app", "stream", "sources", "start_time", "end_time"];

pub(super) fn support(verb: RelayVerb) -> Support<RelayArgs> {
    match verb {
        RelayVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        RelayVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        RelayVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        RelayVerb::Update => Support::Does(|road, args| Box::pin(update(road, args))),
        RelayVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
        RelayVerb::Restart => {
            Support::Cannot { why: "Aliyun's pull tasks cannot be restarted: it has no Action for it", instead: None }
        }
    }
}

async fn list(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    let wanted = Place::of(&args.target)?;
    let item = |domain: &str, raw| {
        let task = Task::read(raw, domain);
        wanted.matches(&task.place).then(|| task.item(road.now()))
    };
    match &wanted.domain {
        Some(domain) => walk::emit_listing(road, listing(domain), |raw| item(domain, raw)).await,
        None => playback::emit_listings(road, listing, item).await,
    }
}

fn listing(domain: &str) -> Call {
    Call::new(VENDOR, "DescribeLivePullStreamConfig").with("DomainName", domain)
}

async fn show(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    Ok(Answer::One(find(road, &args.target, "reading the relay").await?.item(road.now())))
}

async fn add(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    let (place, window) = (Place::of(&args.target)?, &args.window);
    check(args)
        .need_relay(&place, &args.sources)
        .need_window(window.start.is_some() || window.permanent, window.end.is_some() || window.permanent, "required")
        .refuse("adding a relay", Some(HINT))?;
    let task = Task { place, sources: args.sources.clone(), start: window.start, end: window.end, raw: Value::Null };
    let (call, id) = (task.call("AddLivePullStreamInfoConfig"), task.place.selector());
    let changes = rows::created(&rows::row(&task.row(road.now())), FIELDS);
    change::send(road, call, &id, &task.name(), changes).await
}

async fn update(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    let doing = "updating the relay";
    check(args).refuse(doing, Some(HINT))?;
    let before = find(road, &args.target, doing).await?;
    let mut after = before.clone();
    if !args.sources.is_empty() {
        after.sources.clone_from(&args.sources);
    }
    after.start = args.window.start.or(before.start);
    after.end = args.window.end.or(before.end);
    let id = before.place.selector();
    // The Action wants every field, so a task whose times were not told cannot keep them.
    Complaints::none()
        .need_window(after.start.is_some(), after.end.is_some(), "required")
        .refuse(&format!("{doing} `{id}`"), None)?;
    let now = road.now();
    let changes = rows::changes(&rows::row(&before.row(now)), &rows::row(&after.row(now)), FIELDS);
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, &id, &before.name()));
    }
    change::send(road, after.call("UpdateLivePullStreamInfoConfig"), &id, &after.name(), changes).await
}

async fn delete(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    let task = find(road, &args.target, "deleting the relay").await?;
    let id = task.place.selector();
    road.confirm(&format!("delete the relay into {id}"))?;
    let call = task.address("DeleteLivePullStreamInfoConfig");
    change::send(road, call, &id, &task.name(), rows::removed(&rows::row(&task.row(road.now())), FIELDS)).await
}

async fn find(road: &dyn Road, target: &Selector, doing: &str) -> Result<Task> {
    let wanted = Place::of(target)?.without_tail();
    Complaints::none().need("--domain", wanted.domain.is_some()).refuse(doing, Some(HINT))?;
    let domain = wanted.domain.clone().unwrap_or_default();
    let mut found = tasks(road, &domain).await?;
    found.retain(|task| wanted.matches(&task.place));
    rows::only_one(&format!("{doing} `{}`", wanted.selector()), found, |task| task.place.selector())
}

/// One pull task, as the vendor has it or as it shall become.
#[derive(Debug, Clone)]
struct Task {
    place: Place,
    sources: Vec<String>,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    raw: Value,
}

/// The pull tasks of one playback domain.
async fn tasks(road: &dyn Road, domain: &str) -> Result<Vec<Task>> {
    let items = Pages::all(listing(domain), road).await?;
    Ok(items.into_iter().map(|raw| Task::read(raw, domain)).collect())
}

impl Task {
    fn read(raw: Value, domain: &str) -> Self {
        let sources = rows::text(&raw, "SourceUrl").unwrap_or_default();
        Task {
            place: Place {
                domain: rows::text(&raw, "DomainName").or_else(|| Some(domain.to_owned())),
                app: rows::text(&raw, "AppName"),
                stream: rows::text(&raw, "StreamName"),
                tail: None,
            },
            sources: sources.split(';').filter(|source| !source.is_empty()).map(str::to_owned).collect(),
            start: rows::instant(&raw, "StartTime", Offset::UTC),
            end: rows::instant(&raw, "EndTime", Offset::UTC),
            raw,
        }
    }

    fn row(&self, now: Timestamp) -> RelayRow {
        RelayRow {
            // Without its times the state would be a guess.
            status: self.start.and(self.end).map(|_| rows::window_status(self.start, self.end, now)),
            ..rows::placed_relay(VENDOR, &self.place, &self.sources, self.start, self.end)
        }
    }

    fn item(self, now: Timestamp) -> Item {
        Item { row: rows::row(&self.row(now)), raw: self.raw }
    }

    fn name(&self) -> String {
        self.place.stream.clone().unwrap_or_default()
    }

    /// A call with what addresses the task.
    fn address(&self, action: &str) -> Call {
        Call::new(VENDOR, action)
            .with_some("DomainName", self.place.domain.as_deref())
            .with_some("AppName", self.place.app.as_deref())
            .with_some("StreamName", self.place.stream.as_deref())
    }

    /// A call with the whole task, as adding and updating want it.
    fn call(&self, action: &str) -> Call {
        self.address(action)
            .with("SourceUrl", self.sources.join(";"))
            .with_some("StartTime", self.start.map(to_row))
            .with_some("EndTime", self.end.map(to_row))
    }
}

/// Complains of what Aliyun cannot do.
fn check(args: &RelayArgs) -> Complaints {
    let joined = args.sources.iter().find(|source| source.contains(';'));
    Complaints::none()
        .wrong("--source", joined, "an address without `;`, which Aliyun joins several with: repeat the option")
        .wrong(
            "--permanent",
            args.window.permanent.then_some("true"),
            "--start and --end: only Volcengine has permanent relays",
        )
        .foreign("--operator", args.operator.as_ref(), "Tencent")
}

#[cfg(test)]
mod tests;
