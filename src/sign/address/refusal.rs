//! Why a signed address is refused: read from its parameters, else found by trying what people get wrong.

use jiff::Timestamp;

use crate::model::Secret;
use crate::sign::address::{Formula, Hash, Rule, SUFFIXES, bare, stream};
use crate::sign::percent;

/// Why an address is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No parameter signs it.
    Unsigned,
    /// It is signed by the parameter of another formula.
    OtherFormula(&'static str),
    /// A parameter is not there: its name.
    Missing(String),
    /// A parameter is there several times: its name.
    Repeated(String),
    /// A parameter's name has letters in the wrong case: as written, and the right one.
    NameCase(String, String),
    /// The time or the hash cannot be read: which, and what is allowed.
    Malformed(String, String),
    /// The time is written in another form: as it should be.
    TimeForm(String),
    /// The hash is right, and in capitals.
    Capitals,
    /// The time has letters in another case than when it was signed: as it was then.
    TimeCase(String),
    /// The hash is of another text than the part of the path that is hashed: that text, and the part.
    Path(String, String),
    /// The hash is of the right pieces in another order.
    Order,
    /// The hash was made another way.
    OtherHash,
    /// No key that is known, and no usual mistake, makes this hash.
    Key,
    /// It was accepted until then.
    Expired(Timestamp),
}

impl Refusal {
    /// The word for scripts.
    pub const fn word(&self) -> &'static str {
        match self {
            Refusal::Unsigned => "unsigned",
            Refusal::OtherFormula(_) => "wrong-scheme",
            Refusal::Missing(_) => "missing",
            Refusal::Repeated(_) => "repeated",
            Refusal::Malformed(..) => "malformed",
            Refusal::NameCase(..) | Refusal::Capitals | Refusal::TimeCase(_) => "wrong-case",
            Refusal::TimeForm(_) => "wrong-time",
            Refusal::Path(..) => "wrong-path",
            Refusal::Order => "wrong-order",
            Refusal::OtherHash => "wrong-hash",
            Refusal::Key => "wrong-key",
            Refusal::Expired(_) => "expired",
        }
    }

    /// The reason in words.
    pub fn told(&self, rule: &Rule) -> String {
        let secret = &rule.secret_name;
        match self {
            Refusal::Unsigned => format!("nothing signs it: `{secret}` is not there"),
            Refusal::OtherFormula(name) => format!("`{name}` signs it, where this domain wants `{secret}`"),
            Refusal::Missing(name) => format!("the parameter `{name}` is not there"),
            Refusal::Repeated(name) => format!("the parameter `{name}` is there several times"),
            Refusal::NameCase(written, right) => format!("the parameter is called `{right}`, not `{written}`"),
            Refusal::Malformed(name, allowed) => format!("`{name}` is no {allowed}"),
            Refusal::TimeForm(right) => format!("its time is written in another form: `{right}` is meant"),
            Refusal::Capitals => format!("`{secret}` is right but in capitals: vendors write small letters"),
            Refusal::TimeCase(signed) => format!("its time was signed as `{signed}`, and letters changed since"),
            Refusal::Path(signed, part) => format!("it was signed for `{signed}`, where `{part}` is hashed"),
            Refusal::Order => "key, path and time were hashed in another order".to_owned(),
            Refusal::OtherHash => "the hash was made another way than this domain's".to_owned(),
            Refusal::Key => "it was signed with another key, or for another path".to_owned(),
            Refusal::Expired(at) => format!("it ended at {}", crate::model::time::to_row(*at)),
        }
    }
}

/// What an address says.
pub(super) struct Signature {
    /// The time, and what stands between it and the hash.
    pub(super) stamp: String,
    pub(super) hash: String,
}

/// Reads the signature among the parameters of an address.
pub(super) fn signature(rule: &Rule, params: &[(String, String)]) -> Result<Signature, Vec<Refusal>> {
    let names: Vec<&String> = rule.time_name.iter().chain([&rule.secret_name]).collect();
    let found: Vec<Result<&str, Refusal>> = names.iter().map(|name| value(params, name)).collect();
    let mut refusals: Vec<Refusal> = found.iter().filter_map(|found| found.as_ref().err().cloned()).collect();
    if refusals.len() == names.len() && refusals.iter().all(|one| matches!(one, Refusal::Missing(_))) {
        return Err(vec![other_formula(rule, params).unwrap_or(Refusal::Unsigned)]);
    }
    let values: Vec<&str> = found.into_iter().filter_map(Result::ok).collect();
    let (stamp, hash) = match values.as_slice() {
        [whole] if rule.time_name.is_none() => whole.rsplit_once('-').unwrap_or(("", whole)),
        [stamp, hash] => (*stamp, *hash),
        _ => return Err(refusals),
    };
    let whole = rule.formula != Formula::AuthKey || stamp.split('-').count() == 3;
    let digits = hash.chars().all(|digit| digit.is_ascii_hexdigit());
    if !whole {
        refusals.push(Refusal::Malformed(rule.secret_name.clone(), "`time-random-user-hash`".to_owned()));
    } else if !digits || ![Hash::Md5, Hash::Sha256].iter().any(|kind| kind.digits() == hash.len()) {
        let allowed = format!("hash of {} hexadecimal digits", rule.hash.digits());
        refusals.push(Refusal::Malformed(rule.secret_name.clone(), allowed));
    }
    match refusals.is_empty() {
        true => Ok(Signature { stamp: stamp.to_owned(), hash: hash.to_owned() }),
        false => Err(refusals),
    }
}

/// The one value of a parameter.
fn value<'a>(params: &'a [(String, String)], name: &str) -> Result<&'a str, Refusal> {
    let mut values = params.iter().filter(|(other, _)| other == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        (Some(_), Some(_)) => Err(Refusal::Repeated(name.to_owned())),
        (None, _) => {
            let other = params.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
            Err(other.map_or_else(
                || Refusal::Missing(name.to_owned()),
                |(written, _)| Refusal::NameCase(written.clone(), name.to_owned()),
            ))
        }
    }
}

/// The parameter of another formula that signs the address.
fn other_formula(rule: &Rule, params: &[(String, String)]) -> Option<Refusal> {
    let known = ["txSecret", "auth_key", "volcSecret"];
    let other = known.into_iter().filter(|name| *name != rule.secret_name);
    other.into_iter().find(|name| params.iter().any(|(there, _)| there == name)).map(Refusal::OtherFormula)
}

/// No address is good until the year 2100: what reads so is a time in another form.
const FAR: i64 = 4_102_444_800;

/// The time of a signature.
pub(super) fn time(rule: &Rule, signature: &Signature) -> Result<Timestamp, Refusal> {
    let text = signature.stamp.split('-').next().unwrap_or_default();
    if let Some(at) = read(text, rule.base) {
        return Ok(at);
    }
    Err(match other_form(text) {
        Some(at) => {
            let right = rule.stamp(at);
            Refusal::TimeForm(right.split('-').next().unwrap_or_default().to_owned())
        }
        None => {
            let name = rule.time_name.as_ref().unwrap_or(&rule.secret_name);
            Refusal::Malformed(name.clone(), format!("Unix time in digits of base {}", rule.base))
        }
    })
}

/// A time in digits of a base. A sign before them is none.
fn read(text: &str, base: u32) -> Option<Timestamp> {
    let seconds = i64::from_str_radix(text, base).ok().filter(|seconds| (0..FAR).contains(seconds))?;
    text.starts_with(|first: char| first.is_ascii_alphanumeric()).then(|| Timestamp::from_second(seconds).ok())?
}

/// A time in digits of another base, or in milliseconds.
fn other_form(text: &str) -> Option<Timestamp> {
    let thousandth = || {
        let seconds = text.parse::<i64>().ok()? / 1000;
        Timestamp::from_second(seconds).ok().filter(|_| (1..FAR).contains(&seconds))
    };
    [10, 16].into_iter().find_map(|base| read(text, base)).or_else(thousandth)
}

/// Why no key makes the hash of an address: what people get wrong, tried one by one.
pub(super) fn explain(rule: &Rule, path: &str, signature: &Signature, keys: &[Secret]) -> Refusal {
    let part = rule.part(path);
    let stamp = signature.stamp.as_str();
    let hash = signature.hash.to_ascii_lowercase();
    let matches = |rule: &Rule, part: &str, stamp: &str| {
        keys.iter().any(|key| rule.hashed(rule.pieces(part, key.expose(), stamp)) == hash)
    };
    if matches(rule, part, stamp) {
        return Refusal::Capitals;
    }
    let cases = [stamp.to_ascii_lowercase(), stamp.to_ascii_uppercase()];
    if let Some(signed) = cases.into_iter().find(|other| matches(rule, part, other)) {
        return Refusal::TimeCase(signed);
    }
    if let Some(signed) = other_parts(path, part).into_iter().find(|other| matches(rule, other, stamp)) {
        return Refusal::Path(signed, part.to_owned());
    }
    if let Some(signed) = other_times(rule, signature).into_iter().find(|other| matches(rule, part, other)) {
        return Refusal::TimeForm(signed);
    }
    let orders = [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let in_order = |key: &Secret, order: [usize; 3]| {
        let pieces = rule.pieces(part, key.expose(), stamp);
        rule.hashed(order.map(|at| pieces.get(at).copied().unwrap_or_default())) == hash
    };
    if keys.iter().any(|key| orders.iter().any(|order| in_order(key, *order))) {
        return Refusal::Order;
    }
    let other = if rule.hash == Hash::Md5 { Hash::Sha256 } else { Hash::Md5 };
    match matches(&Rule { hash: other, ..rule.clone() }, part, stamp) {
        true => Refusal::OtherHash,
        false => Refusal::Key,
    }
}

/// What else of a path somebody may have hashed.
fn other_parts(path: &str, part: &str) -> Vec<String> {
    let (bare, stream) = (bare(path), stream(path));
    let mut others: Vec<String> = vec![bare.to_owned(), stream.to_owned(), path.to_owned()];
    others.extend([bare, stream].iter().flat_map(|name| SUFFIXES.map(|suffix| format!("{name}{suffix}"))));
    others.extend([bare, path].iter().map(|name| name.trim_start_matches('/').to_owned()));
    others.push(format!("/{stream}"));
    others.push(format!("{bare}/"));
    others.extend(percent::decode(part));
    others.push(part.to_ascii_lowercase());
    // A rendition is a stream of its own.
    others.extend(part.rsplit_once('_').map(|(source, _)| source.to_owned()));
    others.retain(|other| other != part);
    others
}

/// The same time in other forms.
fn other_times(rule: &Rule, signature: &Signature) -> Vec<String> {
    let text = signature.stamp.split('-').next().unwrap_or_default();
    let Some(at) = read(text, rule.base).or_else(|| other_form(text)) else { return Vec::new() };
    let rest = signature.stamp.split_once('-').map(|(_, rest)| format!("-{rest}")).unwrap_or_default();
    let seconds = at.as_second();
    [seconds.to_string(), format!("{seconds:x}"), format!("{seconds:X}"), at.as_millisecond().to_string()]
        .map(|time| format!("{time}{rest}"))
        .into()
}
