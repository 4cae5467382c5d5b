//! The vendors' security token services: a role for temporary credentials, which are believed until they expire. They
//! are kept as long as the server runs, and no longer.
//!
//! Every role trusts everybody, but for one whose name ends in `denied`. A token is believed that looks like one (a
//! JSON Web Token, whoever signed it) and has not run out.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::model::time::BEIJING;
use crate::model::{Credentials, Params, Secret, Vendor};
use crate::providers::sts;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::members;
use crate::sandbox::random;
use crate::sandbox::wire::Pairs;
use crate::sign::Received;

/// So many of the newest credentials are remembered.
const REMEMBERED: usize = 1000;

/// Credentials that were given for a role.
#[derive(Debug)]
pub(super) struct Issue {
    vendor: Vendor,
    pub(super) credentials: Credentials,
    /// From then on they are refused.
    pub(super) expires_at: Timestamp,
}

/// All that were given.
#[derive(Debug, Default)]
pub(super) struct Issued(Vec<Issue>);

impl Issued {
    /// The credentials of a key id.
    pub(super) fn find(&self, vendor: Vendor, id: &str) -> Option<&Issue> {
        self.0.iter().rfind(|issue| issue.vendor == vendor && issue.credentials.access_key_id == id)
    }

    fn remember(&mut self, issue: Issue) {
        if self.0.len() >= REMEMBERED {
            self.0.remove(0);
        }
        self.0.push(issue);
    }
}

/// Whether an Action of the service wants a signature: the one that a token proves wants none.
///
/// # Errors
/// The vendor's refusal of an Action that it does not have.
pub(super) fn is_signed(vendor: Vendor, action: &str) -> Result<bool, Refusal> {
    let [by_keys, by_token] = sts::actions(vendor);
    match action {
        _ if action == by_keys => Ok(true),
        _ if action == by_token => Ok(false),
        _ => {
            let code = match vendor {
                Vendor::Tencent => "InvalidAction",
                Vendor::Aliyun => "InvalidAction.NotFound",
                Vendor::Volcengine => "InvalidActionOrVersion",
            };
            Err(Refusal::new(vendor, code, format!("The service has no action `{action}`.")))
        }
    }
}

/// A request for credentials.
pub(super) struct Asked {
    vendor: Vendor,
    by_token: bool,
    params: Params,
}

impl Asked {
    /// Reads the parameters, wherever the vendor has them.
    pub(super) fn read(vendor: Vendor, action: &str, received: &Received<'_>, pairs: &Pairs) -> Self {
        let mut params: Params = pairs.iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        if let Ok(Value::Object(body)) = serde_json::from_slice(received.body) {
            params.extend(body);
        }
        Asked { vendor, by_token: action == sts::actions(vendor)[1], params }
    }

    fn text(&self, name: &str) -> &str {
        self.params.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn refuse(&self, codes: [&str; 3], message: String) -> Refusal {
        let [tencent, aliyun, volcengine] = codes;
        let code = match self.vendor {
            Vendor::Tencent => tencent,
            Vendor::Aliyun => aliyun,
            Vendor::Volcengine => volcengine,
        };
        Refusal::new(self.vendor, code, message)
    }

    /// Gives credentials for the role. `life`: they live no longer than that.
    pub(super) fn grant(&self, issued: &mut Issued, life: Option<Duration>, now: Timestamp) -> Performed {
        self.check_role()?;
        if self.by_token {
            self.check_token(now)?;
        }
        let asked = SignedDuration::from_secs(self.seconds()?);
        let life = life.and_then(|life| SignedDuration::try_from(life).ok()).unwrap_or(asked);
        let credentials = Credentials {
            access_key_id: format!("TMPSANDBOX{}", random::hex(8).to_uppercase()),
            access_key_secret: Secret::new(random::hex(20)),
            session_token: Some(Secret::new(format!("sts-{}", random::hex(40)))),
        };
        let expires_at = now.saturating_add(life).unwrap_or(now);
        let answer = self.answer(&credentials, now, expires_at);
        issued.remember(Issue { vendor: self.vendor, credentials, expires_at });
        Ok(answer)
    }

    fn check_role(&self) -> Result<(), Refusal> {
        let (name, beginning) = match self.vendor {
            Vendor::Tencent => ("RoleArn", "qcs::cam::"),
            Vendor::Aliyun => ("RoleArn", "acs:ram::"),
            Vendor::Volcengine => ("RoleTrn", "trn:iam::"),
        };
        for name in [name, "RoleSessionName"] {
            if self.text(name).is_empty() {
                let codes = ["MissingParameter", &format!("Missing{name}"), "MissingParameter"];
                return Err(self.refuse(codes, format!("{name} is mandatory for this action.")));
            }
        }
        let role = self.text(name);
        if !role.starts_with(beginning) {
            let codes = ["InvalidParameter.ParamError", "InvalidParameter.RoleArn", "InvalidParameter.RoleTrn"];
            return Err(self.refuse(codes, format!("`{role}` is no role.")));
        }
        if role.ends_with("denied") {
            let codes = ["UnauthorizedOperation", "NoPermission", "AccessDenied"];
            return Err(self.refuse(codes, "You are not authorized to do this action.".to_owned()));
        }
        Ok(())
    }

    fn seconds(&self) -> Result<i64, Refusal> {
        let seconds = match self.params.get("DurationSeconds") {
            None => return Ok(if self.vendor == Vendor::Tencent { 7200 } else { 3600 }),
            Some(Value::Number(number)) => number.as_i64(),
            Some(value) => value.as_str().and_then(|text| text.parse().ok()),
        };
        seconds.filter(|seconds| (900..=43_200).contains(seconds)).ok_or_else(|| {
            let codes = ["InvalidParameter.OverTimeError", "InvalidParameter.DurationSeconds", "InvalidParameter"];
            self.refuse(codes, "DurationSeconds is out of its range.".to_owned())
        })
    }

    fn check_token(&self, now: Timestamp) -> Result<(), Refusal> {
        let (name, provider) = match self.vendor {
            Vendor::Tencent => ("WebIdentityToken", Some("ProviderId")),
            Vendor::Aliyun => ("OIDCToken", Some("OIDCProviderArn")),
            Vendor::Volcengine => ("OIDCToken", None),
        };
        if let Some(provider) = provider.filter(|name| self.text(name).is_empty()) {
            let codes = ["MissingParameter", &format!("Missing{provider}"), "MissingParameter"];
            return Err(self.refuse(codes, format!("{provider} is mandatory for this action.")));
        }
        match runs_out(self.text(name)) {
            None => {
                let codes = [
                    "InvalidParameter.ParamError",
                    "AuthenticationFail.OIDCToken.Invalid",
                    "InvalidParameter.OIDCToken",
                ];
                Err(self.refuse(codes, format!("{name} is no JSON Web Token.")))
            }
            Some(end) if end <= now.as_second() => {
                let codes = [
                    "InvalidParameter.ParamError",
                    "AuthenticationFail.OIDCToken.Expired",
                    "InvalidParameter.OIDCToken",
                ];
                Err(self.refuse(codes, format!("{name} has expired.")))
            }
            Some(_) => Ok(()),
        }
    }

    fn answer(&self, credentials: &Credentials, now: Timestamp, expires_at: Timestamp) -> Params {
        let [id, secret, token] = sts::members(self.vendor);
        let utc = |time: Timestamp| Offset::UTC.to_datetime(time).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let beijing = |time: Timestamp| BEIJING.to_datetime(time).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string();
        let mut keys = members(json!({
            id: credentials.access_key_id,
            secret: credentials.access_key_secret.expose(),
            token: credentials.session_token.as_ref().map(Secret::expose),
        }));
        let mut result = Params::new();
        match self.vendor {
            Vendor::Tencent => {
                result.insert("ExpiredTime".to_owned(), json!(expires_at.as_second()));
                result.insert("Expiration".to_owned(), json!(utc(expires_at)));
            }
            Vendor::Aliyun => {
                keys.insert("Expiration".to_owned(), json!(utc(expires_at)));
                let session = format!("{}/{}", self.text("RoleArn"), self.text("RoleSessionName"));
                result.insert("AssumedRoleUser".to_owned(), json!({"AssumedRoleId": "1:sandbox", "Arn": session}));
            }
            Vendor::Volcengine => {
                let name = if self.by_token { "Expiration" } else { "ExpiredTime" };
                keys.insert("CurrentTime".to_owned(), json!(beijing(now)));
                keys.insert(name.to_owned(), json!(beijing(expires_at)));
                let session = format!("{}/{}", self.text("RoleTrn"), self.text("RoleSessionName"));
                result.insert("AssumedRoleUser".to_owned(), json!({"AssumedRoleId": "1:sandbox", "Trn": session}));
            }
        }
        result.insert("Credentials".to_owned(), Value::Object(keys));
        result
    }
}

/// When a JSON Web Token runs out, in Unix seconds: never where it does not say; `None` where it is none.
fn runs_out(token: &str) -> Option<i64> {
    let parts: Vec<&str> = token.split('.').collect();
    let [head, payload, _] = parts[..] else { return None };
    let read = |part: &str| serde_json::from_slice::<Params>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    read(head)?;
    Some(read(payload)?.get("exp").and_then(Value::as_i64).unwrap_or(i64::MAX))
}
