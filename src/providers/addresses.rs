//! Addresses of streams in the form of each protocol, as a vendor writes them, and the rule that a domain signs by.

use jiff::SignedDuration;
use serde_json::Value;

use crate::error::Error;
use crate::model::{KeyScope, UrlScheme, Vendor};
use crate::sign::address::{Formula, Hash, Rule};
use crate::sign::percent;

/// How a stream travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// RTMP.
    Rtmp,
    /// FLV over HTTP.
    Flv,
    /// HLS.
    Hls,
    /// MPEG-TS over SRT.
    Srt,
    /// WebRTC, or what the vendor calls its own form of it.
    WebRtc,
}

impl Protocol {
    /// All, in the order in which they are listed.
    pub const ALL: [Protocol; 5] = [Protocol::Rtmp, Protocol::Srt, Protocol::Flv, Protocol::Hls, Protocol::WebRtc];

    /// The word a user types.
    pub const fn name(self) -> &'static str {
        match self {
            Protocol::Rtmp => "rtmp",
            Protocol::Flv => "flv",
            Protocol::Hls => "hls",
            Protocol::Srt => "srt",
            Protocol::WebRtc => "webrtc",
        }
    }
}

/// The form of a protocol's addresses at a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// The protocol.
    pub protocol: Protocol,
    /// How the address begins.
    pub scheme: &'static str,
    /// The port, where it is not the protocol's own.
    pub port: Option<u16>,
    /// What stands behind the stream's name.
    pub suffix: &'static str,
}

impl Form {
    /// A form with nothing of its own.
    pub(super) const fn new(protocol: Protocol, scheme: &'static str) -> Form {
        let suffix = match protocol {
            Protocol::Flv => ".flv",
            Protocol::Hls => ".m3u8",
            Protocol::Rtmp | Protocol::Srt | Protocol::WebRtc => "",
        };
        Form { protocol, scheme, port: None, suffix }
    }

    /// SRT at a port.
    pub(super) const fn srt(port: u16) -> Form {
        Form { port: Some(port), ..Form::new(Protocol::Srt, "srt") }
    }
}

/// What is asked about how a domain signs, beside its own setting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wish {
    /// Whether one pushes or plays, where that is known.
    pub scope: Option<KeyScope>,
    /// `--scheme`.
    pub scheme: Option<UrlScheme>,
    /// `--hash`.
    pub hash: Option<Hash>,
    /// `--valid`.
    pub valid: Option<SignedDuration>,
}

/// How a vendor writes and signs addresses.
pub struct Addresses {
    /// The forms to push to.
    pub(super) push: &'static [Form],
    /// The forms to play from.
    pub(super) play: &'static [Form],
    /// Why a protocol that others have is not among them.
    pub(super) lacks: &'static str,
    /// How an SRT address names the stream.
    pub(super) stream_id: StreamId,
    /// The only formula that the vendor takes a push by, where it has several.
    pub(super) pushes_by: Option<Formula>,
    /// The rule that a domain signs by: as its setting says, which may be unknown, and as is wished.
    pub(super) rule: fn(Option<&Value>, Wish) -> Result<Rule, Error>,
}

impl Addresses {
    /// The forms to push to, or to play from.
    pub fn forms(&self, scope: KeyScope) -> &'static [Form] {
        match scope {
            KeyScope::Push => self.push,
            KeyScope::Play => self.play,
        }
    }

    /// Why a protocol is not among the forms, and what there is instead.
    pub fn lacks(&self) -> &'static str {
        self.lacks
    }

    /// Whether the vendor takes no address that is signed so.
    pub fn refuses(&self, rule: &Rule, scope: Option<KeyScope>) -> bool {
        scope == Some(KeyScope::Push) && self.pushes_by.is_some_and(|only| only != rule.formula)
    }

    /// The rule that a domain signs by. `raw` is its setting as the vendor tells it; `None`: only the key is known.
    ///
    /// # Errors
    /// Usage: a way of signing whose formula is not public.
    pub fn rule(&self, raw: Option<&Value>, wish: Wish) -> Result<Rule, Error> {
        (self.rule)(raw, wish)
    }

    /// The address of a stream. FLV and HLS go over plain HTTP where `plain` is true.
    pub fn address(&self, form: &Form, domain: &str, app: &str, stream: &str, plain: bool) -> Address {
        let scheme = if plain && form.scheme == "https" { "http" } else { form.scheme };
        let port = form.port.map(|port| format!(":{port}")).unwrap_or_default();
        Address {
            scheme: scheme.to_owned(),
            authority: format!("{domain}{port}"),
            host: domain.to_owned(),
            path: format!("/{app}/{stream}{}", form.suffix),
            params: Vec::new(),
            others: Vec::new(),
            mode: self.stream_id.publishes().map(str::to_owned),
        }
    }

    /// An address as it is typed.
    pub fn write(&self, address: &Address) -> String {
        let Address { scheme, authority, host, path, params, others, mode } = address;
        let query = |mark: &str, joint: &str| match params.is_empty() {
            true => String::new(),
            false => format!("{mark}{}", joined(params, joint)),
        };
        if !address.is_srt() {
            return format!("{scheme}://{authority}{path}{}", query("?", "&"));
        }
        let mode = mode.as_ref().map(|mode| format!(",m={mode}")).unwrap_or_default();
        let named = match self.stream_id {
            StreamId::Query => format!("{path}{}{mode}", query("?", "&")),
            StreamId::Members { .. } => format!("{}{mode}{}", path.trim_start_matches('/'), query(",", ",")),
        };
        let id = format!("#!::h={host},r={named}");
        // With nothing behind it, a query of several parameters would end the id at its first `&`.
        let several = self.stream_id == StreamId::Query && address.mode.is_none() && params.len() > 1;
        let id = if several { percent::encode(&id) } else { id };
        let others = if others.is_empty() { String::new() } else { format!("{}&", joined(others, "&")) };
        format!("{scheme}://{authority}?{others}streamid={id}")
    }
}

fn joined(params: &[(String, String)], joint: &str) -> String {
    let pair = |(name, value): &(String, String)| match value.is_empty() {
        true => name.clone(),
        false => format!("{name}={value}"),
    };
    params.iter().map(pair).collect::<Vec<_>>().join(joint)
}

/// How an SRT address names the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamId {
    /// `r=/app/stream?auth_key=…,m=publish`: the signature is a query of the resource.
    Query,
    /// `r=app/stream,txSecret=…,txTime=…`: each parameter is a member, and `m=publish` where the vendor wants it.
    Members { publish: bool },
}

impl StreamId {
    fn publishes(self) -> Option<&'static str> {
        match self {
            StreamId::Query | StreamId::Members { publish: true } => Some("publish"),
            StreamId::Members { publish: false } => None,
        }
    }
}

/// An address in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `rtmp`, `https`, `srt`, …
    pub scheme: String,
    /// Host and port.
    pub authority: String,
    /// The domain whose stream it is: in an SRT address the member `h`.
    pub host: String,
    /// Begins with `/`.
    pub path: String,
    /// The parameters as they stand there.
    pub params: Vec<(String, String)>,
    /// What else stands in the query of an SRT address beside the id of the stream: `latency=200`.
    pub others: Vec<(String, String)>,
    /// What an SRT address wants: `publish`.
    pub mode: Option<String>,
}

impl Address {
    /// Takes an address apart.
    ///
    /// # Errors
    /// What it is not.
    pub fn read(text: &str) -> Result<Address, &'static str> {
        if text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
            return Err("an address without blanks");
        }
        let (scheme, rest) = text.split_once("://").ok_or("an address such as rtmp://push.example.com/live/s1")?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme == "srt" {
            return read_srt(scheme, rest);
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = place.split_at(place.find('/').unwrap_or(place.len()));
        if scheme.is_empty() || without_port(authority).is_empty() || authority.contains('@') || path.len() < 2 {
            return Err("an address with a domain and a path: rtmp://push.example.com/live/s1");
        }
        Ok(Address {
            scheme,
            authority: authority.to_owned(),
            host: without_port(authority).to_owned(),
            path: path.to_owned(),
            params: pairs(query, '&'),
            others: Vec::new(),
            mode: None,
        })
    }

    /// Whether it is one of SRT.
    pub fn is_srt(&self) -> bool {
        self.scheme == "srt"
    }

    /// The protocol that it is of, where its form tells.
    pub fn protocol(&self) -> Option<Protocol> {
        match self.scheme.as_str() {
            "srt" => Some(Protocol::Srt),
            "rtmp" | "rtmps" => Some(Protocol::Rtmp),
            "webrtc" | "artc" => Some(Protocol::WebRtc),
            "http" | "https" if self.path.ends_with(".flv") => Some(Protocol::Flv),
            "http" | "https" if self.path.ends_with(".m3u8") => Some(Protocol::Hls),
            _ => None,
        }
    }

    /// Whether one pushes to it or plays from it, where its form tells.
    pub fn scope(&self) -> Option<KeyScope> {
        match self.protocol()? {
            Protocol::Flv | Protocol::Hls => Some(KeyScope::Play),
            Protocol::Srt if self.mode.as_deref().is_none_or(|mode| mode == "publish") => Some(KeyScope::Push),
            Protocol::Srt => Some(KeyScope::Play),
            Protocol::Rtmp | Protocol::WebRtc => None,
        }
    }

    /// The vendor whose parameters sign it.
    pub fn signer(&self) -> Option<Vendor> {
        let signs = |name: &str| self.params.iter().any(|(there, _)| there.eq_ignore_ascii_case(name));
        match () {
            () if signs("txSecret") || signs("txTime") => Some(Vendor::Tencent),
            () if signs("volcSecret") || signs("volcTime") => Some(Vendor::Volcengine),
            () if signs("auth_key") => Some(Vendor::Aliyun),
            () => None,
        }
    }

    /// The same with other parameters for its signature, whichever vendor's stood there, in whichever case.
    #[must_use]
    pub fn signed(mut self, rule: &Rule, signature: Vec<(String, String)>) -> Address {
        let named = [Some(rule.secret_name.as_str()), rule.time_name.as_deref()];
        let signs = |name: &str| {
            let known = named.iter().flatten().chain(&["txSecret", "txTime", "volcSecret", "volcTime", "auth_key"]);
            known.into_iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        self.params.retain(|(name, _)| !signs(name));
        self.params.extend(signature);
        self
    }
}

fn without_port(authority: &str) -> &str {
    let port = authority.rsplit_once(':').filter(|(_, port)| port.chars().all(|digit| digit.is_ascii_digit()));
    port.map_or(authority, |(host, _)| host)
}

fn pairs(text: &str, joint: char) -> Vec<(String, String)> {
    let pieces = text.split(joint).filter(|piece| !matches!(*piece, "" | "="));
    pieces
        .map(|piece| piece.split_once('=').unwrap_or((piece, "")))
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

/// Where the id of a stream ends that is not percent-encoded: at the first `&` that does not stand in the query of its
/// resource, as in `r=/live/s1?auth_key=…&a=1,m=publish`.
fn end_of_id(id: &str) -> usize {
    let in_resource = |at: usize| {
        let member = id.get(..at).and_then(|before| before.rsplit([',', ':']).next()).unwrap_or_default();
        let goes_on = id.get(at..).is_some_and(|rest| rest.contains(','));
        goes_on && member.starts_with("r=") && member.contains('?')
    };
    id.match_indices('&').map(|(at, _)| at).find(|at| !in_resource(*at)).unwrap_or(id.len())
}

/// `HOST:PORT?streamid=#!::h=DOMAIN,r=APP/STREAM,…`, percent-encoded or not, and what else stands in its query.
fn read_srt(scheme: String, rest: &str) -> Result<Address, &'static str> {
    const STREAM_ID: &str = "streamid=";
    const FORM: &str = "an SRT address such as srt://push.example.com:9000?streamid=#!::h=push.example.com,r=live/s1";
    let (authority, query) = rest.split_once('?').ok_or(FORM)?;
    let at = match query.starts_with(STREAM_ID) {
        true => 0,
        false => query.find("&streamid=").ok_or(FORM)? + 1,
    };
    let (before, id) = query.split_at(at);
    let id = id.strip_prefix(STREAM_ID).unwrap_or_default();
    let (id, after) = id.split_at(if id.starts_with('#') { end_of_id(id) } else { id.find('&').unwrap_or(id.len()) });
    let mut others = pairs(before, '&');
    others.extend(pairs(after, '&'));
    others.retain(|(name, _)| name != "streamid");
    let decoded = if id.starts_with('#') { id.to_owned() } else { percent::decode(id).ok_or(FORM)? };
    let members = decoded.strip_prefix("#!::").ok_or(FORM)?;
    let authority = authority.trim_end_matches('/');
    let mut address = Address {
        scheme,
        authority: authority.to_owned(),
        host: without_port(authority).to_owned(),
        path: String::new(),
        params: Vec::new(),
        others,
        mode: None,
    };
    for (name, value) in pairs(members, ',') {
        match name.as_str() {
            "h" => address.host = value,
            "m" => address.mode = Some(value),
            "r" => {
                let (path, query) = value.split_once('?').unwrap_or((&value, ""));
                address.path = format!("/{}", path.trim_start_matches('/'));
                address.params.extend(pairs(query, '&'));
            }
            _ => address.params.push((name, value)),
        }
    }
    if address.path.len() < 2 || address.authority.is_empty() { Err(FORM) } else { Ok(address) }
}

/// A rule without a setting that could say otherwise.
pub(super) fn plain(formula: Formula, wish: Wish) -> Rule {
    Rule { valid: wish.valid, ..Rule::new(formula) }
}

/// The refusal of a hash that only Tencent has.
pub(super) fn md5_only(vendor: Vendor, wish: Wish) -> Result<(), Error> {
    match wish.hash {
        Some(Hash::Sha256) => Err(Error::usage(format!("signing an address: {vendor} signs with MD5 only"))
            .hint("`--hash sha256` is for Tencent")
            .with(|details| details.vendor = Some(vendor))),
        _ => Ok(()),
    }
}

/// The refusal of a way of signing whose formula is not public.
pub(super) fn unknown_scheme(vendor: Vendor, scheme: &str, instead: &str) -> Error {
    Error::usage(format!("signing an address: {vendor} has published no formula of scheme {scheme} for live"))
        .hint(instead)
        .with(|details| details.vendor = Some(vendor))
}

#[cfg(test)]
mod tests;
