//! Signed addresses of streams: no scheme of an API, but a hash over a part of the address, its time and a key of the
//! domain. [`sign`] makes the parameters, [`check`] tells why a server refuses those that stand in an address.
//!
//! All three formulas join the same three pieces, each in an order of its own. Sources, with the printed examples that
//! `tests/vectors/addresses.json` holds: Tencent 267/31560, Aliyun "Signed ingest and streaming URLs", Volcengine
//! 6469/107759 and 6469/1274178.

mod refusal;

use jiff::{SignedDuration, Timestamp};

use crate::model::Secret;
use crate::sign::digest::{md5_hex, sha256_hex};

pub use refusal::Refusal;

/// What is hashed, and where it stands in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// Tencent: `txSecret` is the hash of key, stream and `txTime`, which is hexadecimal.
    TxSecret,
    /// Aliyun and Volcengine, type A: `auth_key` is `{time}-{random}-{user}-{hash}`, the hash of
    /// `{path}-{time}-{random}-{user}-{key}`.
    AuthKey,
    /// Volcengine, type B: `volcSecret` is the hash of `/{app}/{stream}`, key and `volcTime`.
    VolcSecret,
}

/// How the hash is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Hash {
    /// MD5, which all vendors begin with.
    #[default]
    Md5,
    /// SHA-256, which Tencent offers beside it.
    Sha256,
}

impl Hash {
    fn of(self, text: &str) -> String {
        match self {
            Hash::Md5 => md5_hex(text.as_bytes()),
            Hash::Sha256 => sha256_hex(text.as_bytes()),
        }
    }

    /// Digits of the hash in hexadecimal.
    const fn digits(self) -> usize {
        match self {
            Hash::Md5 => 32,
            Hash::Sha256 => 64,
        }
    }
}

/// How a domain signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The formula.
    pub formula: Formula,
    /// The hash.
    pub hash: Hash,
    /// The parameter that holds the time; none where the time stands in the other one.
    pub time_name: Option<String>,
    /// The parameter that holds the hash.
    pub secret_name: String,
    /// The base of the time's digits: 2, 8, 10 or 16.
    pub base: u32,
    /// How much longer than its own time a domain accepts an address, where that is known.
    pub valid: Option<SignedDuration>,
}

impl Rule {
    /// The rule of a formula as vendors have it unless a domain was set up otherwise.
    pub fn new(formula: Formula) -> Rule {
        let (time_name, secret_name, base) = match formula {
            Formula::TxSecret => (Some("txTime"), "txSecret", 16),
            Formula::AuthKey => (None, "auth_key", 10),
            Formula::VolcSecret => (Some("volcTime"), "volcSecret", 10),
        };
        Rule {
            formula,
            hash: Hash::Md5,
            time_name: time_name.map(str::to_owned),
            secret_name: secret_name.to_owned(),
            base,
            valid: None,
        }
    }

    /// The same with the hash that an address has by its length, where the vendor takes either.
    #[must_use]
    pub fn fitting(&self, params: &[(String, String)]) -> Rule {
        let given = params.iter().find(|(name, _)| *name == self.secret_name).map_or(0, |(_, value)| value.len());
        let longer = self.formula == Formula::TxSecret && given == Hash::Sha256.digits();
        Rule { hash: if longer { Hash::Sha256 } else { self.hash }, ..self.clone() }
    }

    /// When an address whose time is `at` is no longer accepted: at that time, or the domain's period later. An address
    /// of Volcengine's type B ends at its own time.
    pub fn end(&self, at: Timestamp) -> Timestamp {
        match self.formula {
            Formula::VolcSecret => at,
            Formula::TxSecret | Formula::AuthKey => {
                at.saturating_add(self.valid.unwrap_or_default()).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// The time as it stands in an address. Tencent's own code writes capitals.
    fn stamp(&self, at: Timestamp) -> String {
        let seconds = at.as_second();
        let digits = match self.base {
            2 => format!("{seconds:b}"),
            8 => format!("{seconds:o}"),
            16 if self.formula == Formula::TxSecret => format!("{seconds:X}"),
            16 => format!("{seconds:x}"),
            _ => seconds.to_string(),
        };
        // Random and user are `0`, as where nobody tells viewers apart.
        if self.formula == Formula::AuthKey { format!("{digits}-0-0") } else { digits }
    }

    /// Whether the end of a stream's name is taken for what a protocol adds, and not hashed.
    pub fn shortens(&self, stream: &str) -> bool {
        self.formula != Formula::AuthKey && bare(stream) != stream
    }

    /// The part of a path that is hashed.
    fn part<'a>(&self, path: &'a str) -> &'a str {
        match self.formula {
            Formula::TxSecret => stream(path),
            Formula::AuthKey => path,
            Formula::VolcSecret => bare(path),
        }
    }

    /// The pieces in the order in which they are hashed.
    fn pieces<'a>(&self, part: &'a str, key: &'a str, stamp: &'a str) -> [&'a str; 3] {
        match self.formula {
            Formula::TxSecret => [key, part, stamp],
            Formula::AuthKey => [part, stamp, key],
            Formula::VolcSecret => [part, key, stamp],
        }
    }

    fn hashed(&self, pieces: [&str; 3]) -> String {
        let joint = if self.formula == Formula::AuthKey { "-" } else { "" };
        self.hash.of(&pieces.join(joint))
    }
}

/// What a protocol adds to the name of a stream in an address.
const SUFFIXES: [&str; 3] = [".flv", ".m3u8", ".sdp"];

/// The path without what a protocol adds.
fn bare(path: &str) -> &str {
    SUFFIXES.iter().find_map(|suffix| path.strip_suffix(suffix)).unwrap_or(path)
}

/// The stream that a path names.
fn stream(path: &str) -> &str {
    let bare = bare(path);
    bare.rsplit_once('/').map_or(bare, |(_, stream)| stream)
}

/// The parameters that sign an address, in the vendor's order. `path` begins with `/` and has no query.
pub fn sign(rule: &Rule, path: &str, key: &Secret, at: Timestamp) -> Vec<(String, String)> {
    let stamp = rule.stamp(at);
    let hash = rule.hashed(rule.pieces(rule.part(path), key.expose(), &stamp));
    let named = |name: &str, value: String| (name.to_owned(), value);
    match (&rule.time_name, rule.formula) {
        (None, _) => vec![named(&rule.secret_name, format!("{stamp}-{hash}"))],
        (Some(time), Formula::VolcSecret) => vec![named(time, stamp), named(&rule.secret_name, hash)],
        (Some(time), _) => vec![named(&rule.secret_name, hash), named(time, stamp)],
    }
}

/// What a server would find.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Which of the keys signed the address: its place in the list of keys.
    pub signed_by: Option<usize>,
    /// When it is no longer accepted, where its time can be read.
    pub ends: Option<Timestamp>,
    /// Why it is refused; empty: it is accepted.
    pub refusals: Vec<Refusal>,
}

/// Checks a signed address as a server does at `now`, and finds out what is wrong. `path` begins with `/`, `params` are
/// those of the address as they stand there.
pub fn check(rule: &Rule, path: &str, params: &[(String, String)], keys: &[Secret], now: Timestamp) -> Checked {
    let signature = match refusal::signature(rule, params) {
        Ok(signature) => signature,
        Err(refusals) => return Checked { refusals, ..Checked::default() },
    };
    let mut checked = Checked::default();
    match refusal::time(rule, &signature) {
        Ok(at) => {
            let ends = rule.end(at);
            checked.ends = Some(ends);
            if ends < now {
                checked.refusals.push(Refusal::Expired(ends));
            }
        }
        Err(refusal) => checked.refusals.push(refusal),
    }
    let hashes = |key: &Secret| rule.hashed(rule.pieces(rule.part(path), key.expose(), &signature.stamp));
    checked.signed_by = keys.iter().position(|key| hashes(key) == signature.hash);
    if checked.signed_by.is_none() {
        let why = refusal::explain(rule, path, &signature, keys);
        // That the time has another form is told once, as it should be written.
        let told = |one: &Refusal| matches!((one, &why), (Refusal::TimeForm(_), Refusal::TimeForm(_)));
        if !checked.refusals.iter().any(told) {
            checked.refusals.push(why);
        }
    }
    checked
}

#[cfg(test)]
mod tests;
