//! One request from its bytes to its answer, in the order in which the vendors look at it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::error::Error;
use crate::model::Vendor;
use crate::providers;
use crate::providers::catalog::{self, Action};
use crate::sandbox::answer::{HttpAnswer, Performed, Refusal};
use crate::sandbox::asked::Asked;
use crate::sandbox::auth::{self, Nonces, Signatures};
use crate::sandbox::envelope::{self, Around};
use crate::sandbox::families::{self, Handler};
use crate::sandbox::fault::{FaultKind, FaultRule, next_fault};
use crate::sandbox::route::{self, Routed};
use crate::sandbox::state::Store;
use crate::sandbox::sts::{self, Issued};
use crate::sandbox::throttle::Throttle;
use crate::sandbox::wire::Pairs;
use crate::sandbox::{Options, generic, parameters, random, timeline};
use crate::sign::{Claims, Received, Service};

/// What all requests share.
pub(super) struct Shared {
    options: Options,
    store: Store,
    signatures: Signatures,
    memory: Mutex<Memory>,
}

/// What the server remembers as long as it runs.
struct Memory {
    nonces: Nonces,
    throttle: Throttle,
    faults: Vec<FaultRule>,
    issued: Issued,
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Whole.
    Whole,
    /// The connection closes before the first byte.
    Nothing,
    /// The connection closes in the middle of the body.
    Half,
    /// Never: the connection stays open, and nothing comes.
    Never,
    /// Byte by byte, with this time between two.
    Drip(Duration),
}

/// An answer with the bad weather on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reaction {
    /// How long it takes.
    pub(super) delay: Duration,
    /// The answer.
    pub(super) answer: HttpAnswer,
    /// How it ends.
    pub(super) ending: Ending,
}

impl Shared {
    /// What requests share, on a store and with a way to check signatures.
    pub(super) fn new(options: Options, store: Store, signatures: Signatures) -> Self {
        let faults = options.faults.clone();
        let memory =
            Memory { nonces: Nonces::default(), throttle: Throttle::default(), faults, issued: Issued::default() };
        Shared { options, store, signatures, memory: Mutex::new(memory) }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses a request whose body is larger than the sandbox reads.
    pub(super) fn too_large(&self, received: &Received<'_>) -> HttpAnswer {
        self.refuse_unread(received, 413, "RequestSizeLimitExceeded", "The request body is larger than 8 MiB.")
    }

    /// Answers a request that never got as far as an Action.
    fn refuse_unread(&self, received: &Received<'_>, status: u16, code: &str, message: &str) -> HttpAnswer {
        let now = (self.options.clock)();
        let answer = match route::recognise(received) {
            Some(vendor) => {
                let pairs = Pairs::of(received);
                let routed = route::route(vendor, received, &pairs);
                let status = if vendor == Vendor::Tencent { 200 } else { status };
                let refusal = Refusal { code: code.to_owned(), status, message: message.to_owned() };
                wrap(received, &pairs, &routed, None, now, Err(refusal))
            }
            None => HttpAnswer::new(status, "application/json", json!({ "sandbox": message }).to_string()),
        };
        dated(answer, now)
    }
}

/// Answers one request.
pub(super) fn handle(received: &Received<'_>, shared: &Shared) -> Reaction {
    let pairs = Pairs::of(received);
    if timeline::is_asked(received) {
        let now = (shared.options.clock)();
        return whole(dated(timeline::answer(&pairs, now), now));
    }
    let Some(vendor) = route::recognise(received) else {
        let message = "This is livectl's sandbox; the request has no mark of Tencent, Aliyun or Volcengine.";
        return whole(shared.refuse_unread(received, 400, "", message));
    };
    if !matches!(received.method, "GET" | "POST") {
        let code = match vendor {
            Vendor::Tencent => "UnsupportedProtocol",
            Vendor::Aliyun => "UnsupportedHTTPMethod",
            Vendor::Volcengine => "MethodNotAllowed",
        };
        return whole(shared.refuse_unread(received, 405, code, "Only GET and POST are served."));
    }
    let routed = route::route(vendor, received, &pairs);
    let action = catalog::find(vendor, &routed.action);
    let fault = next_fault(&mut shared.memory().faults, vendor, &routed.action);
    let mut now = (shared.options.clock)();
    if fault == Some(FaultKind::Clock) {
        now = now.saturating_add(SignedDuration::from_hours(1)).unwrap_or(now);
    }
    let request = Request { received, pairs: &pairs, action, now };
    let performed = request.perform(&routed, shared, fault.as_ref());
    let (region, performed) = performed.map_or_else(|refusal| (None, Err(refusal)), |(region, it)| (region, it));
    let routed = Routed { region: routed.region.clone().or(region), ..routed };
    let answer = wrap(received, &pairs, &routed, request.action.as_ref(), now, performed);
    weather(dated(answer, now), fault)
}

struct Request<'a> {
    received: &'a Received<'a>,
    pairs: &'a Pairs,
    action: Option<Action<'static>>,
    now: Timestamp,
}

impl Request<'_> {
    /// Action and version, credentials, parameters, rate, and then the Action itself.
    fn perform(
        &self,
        routed: &Routed,
        shared: &Shared,
        fault: Option<&FaultKind>,
    ) -> Result<(Option<String>, Performed), Refusal> {
        let vendor = routed.vendor;
        if routed.version == providers::sts::version(vendor) {
            return self.give_credentials(routed, shared, fault);
        }
        route::check(routed, self.action.is_some())?;
        let claims = self.believed(vendor, shared)?;
        if claims.service == Some(Service::Sts) {
            return Err(auth::of_another_service(vendor));
        }
        let region = routed.region.clone().or(claims.region);
        let Some(action) = self.action.clone() else { return Ok((region, Ok(crate::sandbox::asked::done()))) };
        if let Some(refusal) = fault.and_then(|fault| asked_for(vendor, fault)) {
            return Ok((region, Err(refusal)));
        }
        if shared.options.throttle && !shared.memory().throttle.admit(vendor, &action, self.now) {
            return Ok((region, Err(throttled(vendor))));
        }
        let performed = parameters::decode(vendor, &action, self.received, self.pairs).and_then(|params| {
            parameters::check(vendor, &action, &params, region.as_deref())?;
            let settle = i64::try_from(shared.options.settle.as_millis()).unwrap_or(0);
            let settling = fault.and_then(FaultKind::settling);
            let (region, account) = (region.clone(), shared.options.account.as_str());
            run(&Asked { vendor, action, params, region, now: self.now, settle, settling, account }, &shared.store)
        });
        Ok((region, performed))
    }

    /// What the security token service does: its Actions have neither facts nor state.
    fn give_credentials(
        &self,
        routed: &Routed,
        shared: &Shared,
        fault: Option<&FaultKind>,
    ) -> Result<(Option<String>, Performed), Refusal> {
        let vendor = routed.vendor;
        if sts::is_signed(vendor, &routed.action)? {
            let claims = self.believed(vendor, shared)?;
            if claims.service == Some(Service::Live) {
                return Err(auth::of_another_service(vendor));
            }
        }
        if let Some(refusal) = fault.and_then(|fault| asked_for(vendor, fault)) {
            return Ok((None, Err(refusal)));
        }
        let life = match fault {
            Some(FaultKind::Life(life)) => Some(*life),
            _ => None,
        };
        let asked = sts::Asked::read(vendor, &routed.action, self.received, self.pairs);
        Ok((None, asked.grant(&mut shared.memory().issued, life, self.now)))
    }

    fn believed(&self, vendor: Vendor, shared: &Shared) -> Result<Claims, Refusal> {
        let memory = &mut *shared.memory();
        let known = (&mut memory.nonces, &memory.issued);
        auth::believe(vendor, self.received, shared.signatures, &shared.options, known, self.now)
    }
}

fn run(asked: &Asked<'_>, store: &Store) -> Performed {
    let broken = |error: Error| {
        let parts = std::iter::once(error.details().message.as_str());
        let message = parts.chain(error.details().hints.iter().map(String::as_str)).collect::<Vec<_>>().join("; ");
        Refusal::new(asked.vendor, "InternalError", message)
    };
    match families::handler(asked.vendor, asked.action.name) {
        Some(Handler::Reads(read)) => {
            store.read(asked.account, asked.vendor, |house| read(asked, house)).map_err(broken)?
        }
        Some(Handler::Changes(change)) => {
            store.change(asked.account, asked.vendor, |house| change(asked, house)).map_err(broken)?
        }
        None => generic::answer(asked),
    }
}

fn wrap(
    received: &Received<'_>,
    pairs: &Pairs,
    routed: &Routed,
    action: Option<&Action<'static>>,
    now: Timestamp,
    performed: Performed,
) -> HttpAnswer {
    let format = pairs.get("Format").unwrap_or_default();
    let accepts = received.header("accept").unwrap_or_default();
    let acs3 = received.header("x-acs-version").is_some();
    let around = Around {
        routed,
        action,
        request_id: random::request_id(routed.vendor, now),
        host: received.header("host").unwrap_or_default(),
        wants_json: format.eq_ignore_ascii_case("json") || acs3 || (format.is_empty() && accepts.contains("json")),
    };
    envelope::wrap(&around, performed)
}

fn dated(answer: HttpAnswer, now: Timestamp) -> HttpAnswer {
    answer.with("date", now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

fn whole(answer: HttpAnswer) -> Reaction {
    Reaction { delay: Duration::ZERO, answer, ending: Ending::Whole }
}

fn throttled(vendor: Vendor) -> Refusal {
    let (code, message) = match vendor {
        Vendor::Tencent => ("RequestLimitExceeded", "Your current request times exceed the limit of the action."),
        Vendor::Aliyun => ("Throttling.User", "Request was denied due to user flow control."),
        Vendor::Volcengine => ("FlowLimitExceeded", "The request rate exceeds the limit of the action."),
    };
    Refusal::new(vendor, code, message)
}

/// The refusal that a fault stands for, where it is one.
fn asked_for(vendor: Vendor, fault: &FaultKind) -> Option<Refusal> {
    match fault {
        FaultKind::Throttle => Some(throttled(vendor)),
        FaultKind::Expired => Some(auth::expired(vendor)),
        FaultKind::Error(code) => {
            Some(Refusal::new(vendor, code.as_deref().unwrap_or("InternalError"), "An error that was asked for."))
        }
        // Nothing reaches the vendor behind a proxy that fails.
        FaultKind::Html(_) | FaultKind::Empty => Some(Refusal::new(vendor, "InternalError", "Not reached.")),
        _ => None,
    }
}

/// What becomes of an answer on its way.
fn weather(answer: HttpAnswer, fault: Option<FaultKind>) -> Reaction {
    let mut reaction = whole(answer);
    match fault {
        Some(FaultKind::Drop) => reaction.ending = Ending::Nothing,
        Some(FaultKind::Cut) => reaction.ending = Ending::Half,
        Some(FaultKind::Slow(delay)) => reaction.delay = delay,
        Some(FaultKind::Silence) => reaction.ending = Ending::Never,
        Some(FaultKind::Drip(pause)) => reaction.ending = Ending::Drip(pause),
        Some(FaultKind::Html(status)) => {
            let title = match status {
                500 => "500 Internal Server Error".to_owned(),
                502 => "502 Bad Gateway".to_owned(),
                503 => "503 Service Unavailable".to_owned(),
                504 => "504 Gateway Timeout".to_owned(),
                other => format!("{other} Error"),
            };
            let page = format!("<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>");
            reaction.answer = HttpAnswer::new(status, "text/html", page);
        }
        Some(FaultKind::Empty) => reaction.answer = HttpAnswer::new(200, "application/json", ""),
        Some(FaultKind::Truncate) => {
            let half = reaction.answer.body.len() / 2;
            reaction.answer.body.truncate(half);
        }
        _ => {}
    }
    reaction
}
