//! Pushes that failed or broke off, as every vendor tells them: an end with its reason, or a count a minute.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::error::{Class, Error, Result};
use crate::model::time::to_row;
use crate::model::{Answer, Call, Item, PushFaultRow, Road, StatsArgs};
use crate::providers::paging::Pages;
use crate::providers::{rows, series, walk};

/// Asked day by day: no vendor answers fewer days at once.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// What an item of a vendor's list says of one fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushFault {
    /// When.
    pub at: Timestamp,
    /// The push domain, where the item tells it.
    pub domain: Option<String>,
    /// The app.
    pub app: Option<String>,
    /// The stream.
    pub stream: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// How many pushes.
    pub count: u64,
}

/// How a vendor tells of faults.
pub struct Told {
    /// Asks for one window of one domain, or of the account.
    pub call: fn(domain: Option<&str>, from: Timestamp, to: Timestamp) -> Call,
    /// The faults that an item of the answer's list tells of; what is wrong with an item that cannot be read.
    pub read: fn(&Value) -> Result<Vec<PushFault>, String>,
    /// The member that counts the rows of a question, and how many of them are answered at most.
    pub most: Option<(&'static str, u64)>,
}

/// Emits the faults of every push domain that is asked for, or of the account, the oldest first.
///
/// # Errors
/// As [`walk::emit_by_domain`]; an item that cannot be read; more rows in a second than the vendor answers.
pub async fn emit(road: &dyn Road, args: &StatsArgs, told: &Told) -> Result<Answer> {
    let fetch = async |domain: Option<&str>| {
        let mut found: Vec<(PushFault, Value)> = Vec::new();
        let mut windows = series::windows(args.since, args.until, WINDOW);
        windows.reverse();
        while let Some((from, to)) = windows.pop() {
            let call = (told.call)(domain, from, to);
            let action = call.action.clone();
            let mut pages = Pages::new(call);
            while let Some(page) = pages.next(road).await? {
                if told.is_cut_off(&page.reply.result) {
                    windows.extend(halves(road, &action, from, to)?);
                    break;
                }
                let wrong = |what: String| series::unreadable(road.vendor(), &action, &page.reply, &what);
                for raw in &page.items {
                    let faults = (told.read)(raw).map_err(wrong)?.into_iter();
                    // What lies on the border of two windows comes with both, and counts in the second.
                    let inside = faults.filter(|fault| fault.at >= from && fault.at < to);
                    found.extend(inside.map(|fault| (fault, raw.clone())));
                }
            }
        }
        found.sort_by_key(|(fault, _)| fault.at);
        Ok(found.into_iter().map(|(fault, raw)| item(road, domain, fault, raw)).collect())
    };
    walk::emit_by_domain(road, &args.domains, fetch).await
}

impl Told {
    /// Whether a question has more rows than the vendor answers.
    fn is_cut_off(&self, result: &Value) -> bool {
        self.most.is_some_and(|(member, most)| rows::number(result, member).is_some_and(|total| total > most))
    }
}

/// The halves of a window, to be asked for one by one.
fn halves(road: &dyn Road, action: &str, from: Timestamp, to: Timestamp) -> Result<[(Timestamp, Timestamp); 2]> {
    let middle = Timestamp::from_second(i64::midpoint(from.as_second(), to.as_second())).unwrap_or(from);
    if middle <= from {
        let message = format!("reading the faults of pushes with `{action}`: more ended at {from} than it answers");
        return Err(Error::new(Class::Vendor, message)
            .hint("name fewer domains with `--domain`")
            .with(|details| details.vendor = Some(road.vendor())));
    }
    Ok([(middle, to), (from, middle)])
}

fn item(road: &dyn Road, asked: Option<&str>, fault: PushFault, raw: Value) -> Item {
    let row = PushFaultRow {
        vendor: road.vendor(),
        profile: None,
        domain: fault.domain.or_else(|| asked.map(str::to_owned)),
        app: fault.app,
        stream: fault.stream,
        time: to_row(fault.at),
        reason: fault.reason,
        count: fault.count,
    };
    Item { row: rows::row(&row), raw }
}
