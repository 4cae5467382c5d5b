//! Whose a domain is: Tencent adds one only after a DNS record or a file has proved it.

use std::time::Duration;

use super::VENDOR;
use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Answer, Call, Change, DomainArgs, DomainKind, Road};
use crate::providers::{change, rows};

/// Time from one look at the proof to the next.
const STEP: Duration = Duration::from_secs(15);

const BY_DNS: &str = "dnsCheck";
const BY_FILE: &str = "fileCheck";
const BY_RECORD: &str = "dbCheck";

/// Whether the domain was refused because nobody has proved whose it is.
pub(super) fn is_unproven(error: &Error) -> bool {
    error.details().code.as_deref() == Some("FailedOperation.DomainNeedVerifyOwner")
}

/// What Tencent wants to see, and whether it has seen it.
struct Proof {
    how: &'static str,
    content: String,
    main_domain: String,
    holds: bool,
}

/// Asks what proves the ownership; adds the domain where that is there already or comes while the user waits.
///
/// # Errors
/// The refusal with the proof to publish; class `timeout` where it did not come in time.
pub(super) async fn prove(
    road: &dyn Road,
    args: &DomainArgs,
    refusal: Error,
    call: Call,
    changes: Vec<Change>,
) -> Result<Answer> {
    let how = if args.verify_owner.as_deref() == Some(BY_FILE) { BY_FILE } else { BY_DNS };
    let Ok(mut proof) = look(road, &args.name, how).await else {
        return Err(refusal
            .with(|details| details.hints.clear())
            .hint(format!("`{}` tells what to publish", checks(&args.name, how))));
    };
    if !proof.holds {
        let Some(patience) = road.patience().map(|patience| patience.limit) else {
            return Err(explained(refusal, args, &proof));
        };
        road.note(&proof.wanted());
        let mut waited = Duration::ZERO;
        while !proof.holds {
            if waited >= patience {
                return Err(late(args, &proof, patience));
            }
            let pause = STEP.min(patience.saturating_sub(waited));
            road.pause(pause).await;
            waited = waited.saturating_add(pause);
            proof = look(road, &args.name, how).await?;
        }
    }
    // The look that found the proof has recorded it.
    let call = call.with("VerifyOwnerType", BY_RECORD);
    change::send(road, call, &args.name, &args.name, changes).await
}

async fn look(road: &dyn Road, name: &str, how: &'static str) -> Result<Proof> {
    let call = Call::new(VENDOR, "AuthenticateDomainOwner").with("DomainName", name).with("VerifyType", how);
    let answer = road.change(call, &[]).await?.result;
    let status = answer.get("Status").and_then(serde_json::Value::as_i64);
    Ok(Proof {
        how,
        content: rows::text(&answer, "Content").unwrap_or_default(),
        main_domain: rows::text(&answer, "MainDomain").unwrap_or_else(|| name.to_owned()),
        holds: status.is_some_and(|status| status >= 0),
    })
}

impl Proof {
    /// What is to be published, and where.
    fn wanted(&self) -> String {
        let Proof { content, main_domain, .. } = self;
        match self.how {
            BY_FILE => {
                format!("publish the file `{content}` on the web server of {main_domain}: it proves the ownership")
            }
            _ => format!(
                "create the DNS record of type TXT with the value `{content}` for {main_domain}: it proves the ownership"
            ),
        }
    }
}

fn explained(refusal: Error, args: &DomainArgs, proof: &Proof) -> Error {
    let add = format!("livectl domain add {} --type {}", args.name, kind(args));
    refusal
        .with(|details| details.hints.clear())
        .hint(proof.wanted())
        .hint(format!(
            "`{}` tells whether Tencent sees it; then `{add} --verify-owner {BY_RECORD}`",
            checks(&args.name, proof.how)
        ))
        .hint(format!("or let livectl wait for it: `{add} --wait`"))
}

fn late(args: &DomainArgs, proof: &Proof, patience: Duration) -> Error {
    let message = format!(
        "adding the domain `{}`: Tencent saw no proof of the ownership within {} s, the domain is not added",
        args.name,
        patience.as_secs()
    );
    Error::new(Class::Timeout, message)
        .outcome(Outcome::Refused)
        .hint(proof.wanted())
        .hint("repeat the command when it is published, or wait longer with `--wait-timeout`")
        .with(|details| {
            details.vendor = Some(VENDOR);
            details.action = Some("AuthenticateDomainOwner".to_owned());
        })
}

fn checks(name: &str, how: &str) -> String {
    format!("livectl domain owner verify --domain {name} --verify-type {how}")
}

fn kind(args: &DomainArgs) -> &'static str {
    match args.kind {
        Some(DomainKind::Push) => "push",
        _ => "play",
    }
}
