//! The account-wide setting: where players fetch keys, and how often the vendor makes a new one.

use serde_json::{Value, json};

use super::{VENDOR, in_words};
use crate::error::{Class, Error, Outcome};
use crate::model::{Answer, Call, Change, HlsKeyArgs, Reply, Road};
use crate::providers::intent::Complaints;
use crate::providers::{change, rows};

/// What the reference allows as `CycleTime`, in seconds.
const CYCLE_SECONDS: std::ops::RangeInclusive<u64> = 60..=604_800;

/// What the service appends to the address, the facts only require.
const ADDRESS: &str = "an address that ends with `?` or `&`: the service appends `key_id=…`";

const ID: &str = "account";
const UPDATE: &str = "UpdateEncryptHLS";

/// The pair that `UpdateEncryptHLS` always takes whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) url: Option<String>,
    pub(super) cycle: Option<u64>,
}

impl Setting {
    fn changes_to(&self, after: &Setting) -> Vec<Change> {
        let fields = |setting: &Setting| rows::row(&json!({"key_url": setting.url, "cycle_seconds": setting.cycle}));
        rows::changes(&fields(self), &fields(after), &["key_url", "cycle_seconds"])
    }
}

/// What a change of the setting did; without a reply there was nothing to change.
struct Done {
    before: Setting,
    after: Setting,
    changes: Vec<Change>,
    reply: Option<Reply>,
}

/// Reads the setting; an account that never made one has neither address nor period.
pub(super) async fn read(road: &dyn Road) -> Result<(Setting, Value), Error> {
    let raw = match road.read(Call::new(VENDOR, "DescribeEncryptHLS")).await {
        Ok(reply) => reply.result,
        Err(error) if error.class() == Class::NotFound => json!({}),
        Err(error) => return Err(error),
    };
    let cycle = rows::number(&raw, "CycleTime").filter(|seconds| *seconds > 0);
    Ok((Setting { url: rows::text(&raw, "URL"), cycle }, raw))
}

/// Sets the address, the period or both; what is not named stays as it is.
pub(super) async fn set(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer, Error> {
    Ok(answer(apply(road, args, "setting the account-wide HLS key service").await?))
}

/// As [`set`], and reads back what was set.
pub(super) async fn rotate(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer, Error> {
    let doing = "rotating the account-wide HLS key setting";
    let done = apply(road, args, doing).await?;
    if !done.changes.is_empty() && !road.is_dry_run() {
        let stands = |error: Error| {
            let hint = format!("the change was sent: {}", in_words(&done.changes));
            error.outcome(Outcome::Applied).hint(hint)
        };
        let (found, _) = read(road).await.map_err(stands)?;
        if found != done.after {
            return Err(differs(doing, &done, &found));
        }
    }
    Ok(answer(done))
}

fn answer(done: Done) -> Answer {
    match done.reply {
        Some(reply) => change::told(VENDOR, UPDATE.to_owned(), Some(ID.to_owned()), "", done.changes, reply),
        None => change::nothing(VENDOR, ID, ""),
    }
}

async fn apply(road: &dyn Road, args: &HlsKeyArgs, doing: &str) -> Result<Done, Error> {
    check(road, args, doing)?;
    let (before, _) = read(road).await?;
    let after = Setting {
        url: args.key_url.clone().or_else(|| before.url.clone()),
        cycle: args.cycle_seconds.or(before.cycle),
    };
    Complaints::none()
        .need("--key-url", after.url.is_some())
        .need("--cycle", after.cycle.is_some())
        .beyond(road, "--key-url", unfinished(after.url.as_ref()), ADDRESS)
        .refuse(doing, Some("an update always sends address and period: what the account has not yet must be named"))?;
    let changes = before.changes_to(&after);
    if changes.is_empty() {
        return Ok(Done { before, after, changes, reply: None });
    }
    road.confirm(&format!("change the account-wide HLS key setting of every domain ({})", in_words(&changes)))?;
    let call = Call::new(VENDOR, UPDATE)
        .with_some("URL", after.url.as_deref())
        .with_some("CycleTime", after.cycle.map(|seconds| seconds.to_string()));
    let reply = road.change(call, &changes).await?;
    Ok(Done { before, after, changes, reply: Some(reply) })
}

/// Refuses what the account's setting has not, and values that cannot be, all at once.
fn check(road: &dyn Road, args: &HlsKeyArgs, doing: &str) -> Result<(), Error> {
    let elsewhere = [
        ("--domain", &args.domain),
        ("--app", &args.app),
        ("--template", &args.template),
        ("--vhost", &args.vhost),
        ("--kms-key-id", &args.kms_key_id),
        ("--tracks", &args.tracks),
    ];
    let nowhere = "none: on Volcengine the setting is account-wide";
    let placed = elsewhere
        .into_iter()
        .fold(Complaints::none(), |told, (option, given)| told.wrong(option, given.as_ref(), nowhere));
    let odd = args.cycle_seconds.filter(|seconds| !CYCLE_SECONDS.contains(seconds));
    let either = args.key_url.is_some() || args.cycle_seconds.is_some();
    placed
        .beyond(road, "--key-url", unfinished(args.key_url.as_ref()), ADDRESS)
        .beyond(road, "--cycle", odd, format!("{} to {} seconds", CYCLE_SECONDS.start(), CYCLE_SECONDS.end()))
        .need_unless("--key-url", either, "required, or --cycle, or both")
        .need_unless("--cycle", either, "required, or --key-url, or both")
        .refuse(doing, None)
}

/// An address that the service cannot append the key's id to.
fn unfinished(url: Option<&String>) -> Option<&String> {
    url.filter(|url| !url.ends_with(['?', '&']))
}

fn differs(doing: &str, done: &Done, found: &Setting) -> Error {
    let wanted = in_words(&found.changes_to(&done.after));
    let message = format!("{doing}: the change was accepted, but reading back differs from what was set: {wanted}");
    Error::new(Class::Differs, message)
        .outcome(Outcome::Applied)
        .hint("another job may have changed it in between: run such jobs one at a time, then repeat the command")
        .hint(format!("before the change it was: {}", pair(&done.before)))
        .with(|details| {
            details.vendor = Some(VENDOR);
            details.action = Some(UPDATE.to_owned());
            details.request_id = done.reply.as_ref().and_then(|reply| reply.request_id.clone());
        })
}

fn pair(setting: &Setting) -> String {
    let url = setting.url.as_deref().unwrap_or("no address");
    let cycle = setting.cycle.map_or("no period".to_owned(), |seconds| format!("{seconds} s"));
    format!("{url}, {cycle}")
}
