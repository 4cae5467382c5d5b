//! `relay` on Tencent Cloud CSS: stream pulling tasks, addressed by their `TaskId`.

use jiff::{SignedDuration, Timestamp, tz::Offset};
use serde_json::{Value, json};

use crate::error::Result;
use crate::model::time::to_row;
use crate::model::{Answer, Call, Item, RelayArgs, RelayRow, RelayStatus, RelayVerb, Road, Selector, Support, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};
use crate::providers::{catalog, change, walk};

const VENDOR: Vendor = Vendor::Tencent;
const LIVE: &str = "PullLivePushLive";
const HINT: &str = "on Tencent a relay publishes under a push domain of the account";
const FIELDS: &[&str] = &["domain", "app", "stream", "sources", "start_time", "end_time"];

/// `StartTime` must be in the future when the request arrives; `now` moves on by so much.
const LEAD: SignedDuration = SignedDuration::from_secs(30);

pub(super) fn support(verb: RelayVerb) -> Support<RelayArgs> {
    match verb {
        RelayVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        RelayVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        RelayVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        RelayVerb::Update => Support::Does(|road, args| Box::pin(update(road, args))),
        RelayVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
        RelayVerb::Restart => Support::Does(|road, args| Box::pin(restart(road, args))),
    }
}

async fn list(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    let wanted = Place::of(&args.target)?;
    let item = |raw: Value| wanted.matches(&place(&raw)).then(|| item(raw, road.now()));
    walk::emit_listing(road, Call::new(VENDOR, "DescribeLivePullStreamTasks"), item).await
}

async fn show(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    Ok(Answer::One(item(find(road, &args.target, "reading the relay").await?, road.now())))
}

async fn add(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    let (place, window) = (Place::of(&args.target)?, &args.window);
    check(args)
        .need_relay(&place, &args.sources)
        .need_window(window.start.is_some() || window.permanent, window.end.is_some() || window.permanent, "required")
        .refuse("adding a relay", Some(HINT))?;
    if args.if_not_exists
        && let Some(there) = unended(road, &place).await?
    {
        return Ok(change::nothing(VENDOR, &there.id, there.stream.as_deref().unwrap_or_default()));
    }
    let start = window.start.map(|start| in_the_future(road, start));
    let mut call = Call::new(VENDOR, "CreateLivePullStreamTask")
        .with("SourceType", LIVE)
        .with("SourceUrls", json!(args.sources.iter().take(1).collect::<Vec<_>>()))
        .with_some("DomainName", place.domain.as_deref())
        .with_some("AppName", place.app.as_deref())
        .with_some("StreamName", place.stream.as_deref())
        .with_some("StartTime", start.map(to_row))
        .with_some("EndTime", window.end.map(to_row))
        .with("Operator", operator(args));
    if let Some(backup) = args.sources.get(1) {
        call = call.with("BackupSourceType", LIVE).with("BackupSourceUrl", backup.as_str());
    }
    let wanted = rows::placed_relay(VENDOR, &place, &args.sources, start, window.end);
    let changes = rows::created(&rows::row(&wanted), FIELDS);
    change::send_new(road, call, "TaskId", &place.stream.unwrap_or_default(), changes).await
}

/// A task that publishes at the place and is not over: Tencent itself would take any number of them.
async fn unended(road: &dyn Road, place: &Place) -> Result<Option<RelayRow>> {
    let tasks = Pages::all(Call::new(VENDOR, "DescribeLivePullStreamTasks"), road).await?;
    let there = tasks.iter().filter(|task| place.matches(&self::place(task))).map(|task| row(task, road.now()));
    Ok(there.into_iter().find(|row| row.status != Some(RelayStatus::Ended)))
}

async fn update(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    check(args).refuse("updating a relay", Some(HINT))?;
    let task = find(road, &args.target, "updating the relay").await?;
    let before = row(&task, road.now());
    let other = rows::text(&task, "SourceType").filter(|kind| kind != LIVE && !args.sources.is_empty());
    Complaints::none()
        .wrong("--source", other.as_ref(), "it only with tasks that pull a live stream: this one pulls files")
        .refuse(
            &format!("updating the relay `{}`", before.id),
            Some(&format!("use `livectl api tencent ModifyLivePullStreamTask TaskId={} …`", before.id)),
        )?;
    let after = wanted(road, &before, args);
    let changes = rows::changes(&rows::row(&before), &rows::row(&after), FIELDS);
    if changes.is_empty() {
        return Ok(change::nothing(VENDOR, &before.id, &name(&task)));
    }
    let call = modify(&task, &before, &after, args);
    change::send(road, call, &before.id, &name(&task), changes).await
}

/// The row as it is to become.
fn wanted(road: &dyn Road, before: &RelayRow, args: &RelayArgs) -> RelayRow {
    let mut after = before.clone();
    if !args.sources.is_empty() {
        after.sources.clone_from(&args.sources);
    }
    // A start that is kept is not moved: the task may long be running.
    if let Some(start) = args.window.start.filter(|start| before.start_time != Some(to_row(*start))) {
        after.start_time = Some(to_row(in_the_future(road, start)));
    }
    if let Some(end) = args.window.end {
        after.end_time = Some(to_row(end));
    }
    after
}

/// The change, with what it would reset by leaving it out: the backup source ("leaving this parameter empty
/// will reset the backup source"), the reported events (all, where none are passed) and the local mode.
fn modify(task: &Value, before: &RelayRow, after: &RelayRow, args: &RelayArgs) -> Call {
    let mut call = Call::new(VENDOR, "ModifyLivePullStreamTask")
        .with("TaskId", before.id.as_str())
        .with("Operator", operator(args));
    if let Some(first) = args.sources.first().filter(|first| rows::texts(task, "SourceUrls").first() != Some(*first)) {
        call = call.with("SourceUrls", json!([first]));
    }
    if before.start_time != after.start_time {
        call = call.with_some("StartTime", after.start_time.as_deref());
    }
    if before.end_time != after.end_time {
        call = call.with_some("EndTime", after.end_time.as_deref());
    }
    let backup = rows::text(task, "BackupSourceUrl");
    let backup_after = if args.sources.is_empty() { backup.clone() } else { args.sources.get(1).cloned() };
    call = match (&backup, &backup_after) {
        (None, None) => call,
        (Some(_), None) => call.with("BackupSourceType", ""),
        (old, Some(new)) => {
            let kept = rows::text(task, "BackupSourceType").filter(|_| old.as_ref() == Some(new));
            call.with("BackupSourceType", kept.unwrap_or_else(|| LIVE.to_owned())).with("BackupSourceUrl", new.as_str())
        }
    };
    call.with_some("CallbackEvents", events(task)).with_some("VodLocalMode", rows::number(task, "VodLocalMode"))
}

/// The events of a task, unless they are all that can be asked for: those are what leaving the parameter out means.
fn events(task: &Value) -> Option<Value> {
    let told = rows::texts(task, "CallbackEvents");
    let action = catalog::find(VENDOR, "ModifyLivePullStreamTask")?;
    let known = &action.param("CallbackEvents")?.allowed;
    let all = known.iter().all(|event| told.iter().any(|one| one == event));
    (!all && !told.is_empty()).then(|| json!(told))
}

async fn delete(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    let task = find(road, &args.target, "deleting the relay").await?;
    let before = row(&task, road.now());
    road.confirm(&format!("delete the relay {} into {}", before.id, place(&task).selector()))?;
    let call = Call::new(VENDOR, "DeleteLivePullStreamTask")
        .with("TaskId", before.id.as_str())
        .with("Operator", operator(args));
    change::send(road, call, &before.id, &name(&task), rows::removed(&rows::row(&before), FIELDS)).await
}

async fn restart(road: &dyn Road, args: &RelayArgs) -> Result<Answer> {
    let task = find(road, &args.target, "restarting the relay").await?;
    let id = rows::text(&task, "TaskId").unwrap_or_default();
    let call =
        Call::new(VENDOR, "RestartLivePullStreamTask").with("TaskId", id.as_str()).with("Operator", operator(args));
    change::send(road, call, &id, &name(&task), Vec::new()).await
}

/// Finds the task that a selector means: a `TaskId`, or where it publishes.
async fn find(road: &dyn Road, target: &Selector, doing: &str) -> Result<Value> {
    let id = target.id.as_deref().filter(|id| !id.contains('/'));
    let by_place = Selector { id: target.id.clone().filter(|_| id.is_none()), ..target.clone() };
    let wanted = Place::of(&by_place)?.without_tail();
    Complaints::none()
        .need("ID, or --domain, --app and --stream", id.is_some() || wanted != Place::default())
        .refuse(doing, Some(HINT))?;
    let call = Call::new(VENDOR, "DescribeLivePullStreamTasks").with_some("TaskId", id);
    let mut tasks = Pages::all(call, road).await?;
    tasks.retain(|task| {
        wanted.matches(&place(task)) && id.is_none_or(|id| rows::text(task, "TaskId").as_deref() == Some(id))
    });
    let what = id.map_or_else(|| wanted.selector(), str::to_owned);
    rows::only_one(&format!("{doing} `{what}`"), tasks, |task| rows::text(task, "TaskId").unwrap_or_default())
}

fn item(raw: Value, now: Timestamp) -> Item {
    Item { row: rows::row(&row(&raw, now)), raw }
}

fn row(task: &Value, now: Timestamp) -> RelayRow {
    let start = rows::instant(task, "StartTime", Offset::UTC);
    let end = rows::instant(task, "EndTime", Offset::UTC);
    let mut sources = rows::texts(task, "SourceUrls");
    sources.extend(rows::text(task, "BackupSourceUrl"));
    RelayRow {
        id: rows::text(task, "TaskId").unwrap_or_default(),
        status: match rows::text(task, "Status").as_deref() {
            Some("pause") => Some(RelayStatus::Paused),
            // Every task has both times; without one the state would be a guess.
            _ => start.and(end).map(|_| rows::window_status(start, end, now)),
        },
        ..rows::placed_relay(VENDOR, &place(task), &sources, start, end)
    }
}

fn place(task: &Value) -> Place {
    Place {
        domain: rows::text(task, "DomainName"),
        app: rows::text(task, "AppName"),
        stream: rows::text(task, "StreamName"),
        tail: None,
    }
}

fn name(task: &Value) -> String {
    rows::text(task, "StreamName").unwrap_or_default()
}

/// Complains of what Tencent cannot do.
fn check(args: &RelayArgs) -> Complaints {
    Complaints::none().wrong("--source", args.sources.get(2), "at most two: the source and one backup").wrong(
        "--permanent",
        args.window.permanent.then_some("true"),
        "--start and --end: only Volcengine has permanent relays",
    )
}

fn in_the_future(road: &dyn Road, start: Timestamp) -> Timestamp {
    if start != road.now() {
        return start;
    }
    road.note("Tencent wants a start in the future: the relay starts 30 seconds from now");
    start.checked_add(LEAD).unwrap_or(start)
}

fn operator(args: &RelayArgs) -> &str {
    args.operator.as_deref().unwrap_or("livectl")
}

#[cfg(test)]
mod tests;
