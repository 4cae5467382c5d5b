//! What reading an answer is about on every vendor: the JSON object in it, the refusal, the unreadable.

use serde_json::{Map, Value};

use super::{excerpt, outline};
use crate::error::{Class, Error, Outcome};
use crate::model::{Reading, Response, Vendor};
use crate::providers::codes;

/// Whose answer to what is being read.
#[derive(Debug, Clone, Copy)]
pub(in crate::providers) struct Asked<'a> {
    /// The vendor.
    pub(in crate::providers) vendor: Vendor,
    /// The Action.
    pub(in crate::providers) action: &'a str,
    /// The answer.
    pub(in crate::providers) response: &'a Response,
    /// How much of it is wanted.
    pub(in crate::providers) reading: Reading,
}

/// What a vendor says when it refuses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::providers) struct Refusal {
    /// The vendor's code.
    pub(in crate::providers) code: String,
    /// The vendor's words.
    pub(in crate::providers) message: String,
    /// The vendor's id of the request.
    pub(in crate::providers) request_id: Option<String>,
}

impl<'a> Asked<'a> {
    /// Whether the HTTP status says success.
    pub(in crate::providers) fn is_success(&self) -> bool {
        (200..300).contains(&self.response.status)
    }

    /// The body as text.
    ///
    /// # Errors
    /// Class `vendor`: empty, or not UTF-8.
    pub(in crate::providers) fn text(&self) -> Result<&'a str, Error> {
        if self.response.body.is_empty() {
            return Err(self.unreadable("the answer is empty"));
        }
        std::str::from_utf8(&self.response.body).map_err(|e| {
            let charset = self.response.header("content-type").and_then(|kind| kind.split_once("charset="));
            let named =
                charset.map(|(_, name)| format!(" (it says {})", excerpt::shorten(name, 40))).unwrap_or_default();
            self.unreadable(&format!("the answer is not UTF-8 from byte {} on{named}", e.valid_up_to()))
        })
    }

    /// The JSON object that the body is.
    ///
    /// # Errors
    /// Class `vendor`, with the true cause: a web page, XML, JSON that is cut off, too deep or no object.
    pub(in crate::providers) fn object(&self) -> Result<Map<String, Value>, Error> {
        let text = self.text()?.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err(self.unreadable("the answer is empty"));
        }
        if text.starts_with('<') {
            return Err(self.markup(text));
        }
        let read = match self.reading {
            Reading::Members => serde_json::from_str(text),
            Reading::Verdict => outline::read(text),
        };
        match read {
            Ok(Value::Object(object)) => Ok(object),
            Ok(other) => {
                Err(self.unreadable(&format!("the answer is {} where a JSON object belongs", kind_of(&other))))
            }
            Err(e) if e.is_eof() => {
                Err(self.unreadable(&format!("the answer is JSON that is cut off after {} bytes", text.len())))
            }
            Err(e) if e.to_string().starts_with("recursion limit") => {
                Err(self.unreadable("the answer is JSON nested too deeply"))
            }
            Err(e) => {
                Err(self.unreadable(&format!("the answer is not JSON (line {}, column {})", e.line(), e.column())))
            }
        }
    }

    /// The error for an answer that nobody can read.
    pub(in crate::providers) fn unreadable(&self, cause: &str) -> Error {
        let status = self.response.status;
        let http = if self.is_success() { String::new() } else { format!("HTTP {status}, ") };
        let shown = excerpt::of_body(&self.response.body);
        let seen = if shown.is_empty() { String::new() } else { format!("; it begins `{shown}`") };
        self.unread(format!("{}: {http}{cause}{seen}", self.action))
    }

    fn unread(&self, message: String) -> Error {
        let status = self.response.status;
        let class = if status == 429 { Class::Throttled } else { Class::Vendor };
        let hint = match status {
            300..=399 => {
                "the answer redirects elsewhere, and redirects are not followed: check `--endpoint` and the proxy"
            }
            407 => "the proxy wants to know who you are: check HTTPS_PROXY",
            429 => "wait a while; `--retries` allows more attempts",
            _ => "if it stays, check `--endpoint` and the proxy, and look with `-vv`",
        };
        Error::new(class, message).hint(hint).with(|details| {
            details.vendor = Some(self.vendor);
            details.action = Some(self.action.to_owned());
            details.http_status = Some(status);
            details.retryable = Some(status == 429 || status >= 500);
        })
    }

    fn markup(&self, text: &str) -> Error {
        let head = text.chars().take(512).collect::<String>().to_ascii_lowercase();
        let told = self.response.header("content-type").is_some_and(|kind| kind.contains("html"));
        if !told && !head.contains("<html") && !head.contains("<!doctype html") {
            return self.unreadable("the answer is XML where JSON was asked for");
        }
        let status = self.response.status;
        let http = if self.is_success() { String::new() } else { format!("HTTP {status}, ") };
        let page = excerpt::of_page(text);
        self.unread(format!("{}: {http}a web page came in place of the vendor's answer: `{page}`", self.action))
            .hint("a proxy, a gateway or a captive portal may have answered in the vendor's place")
    }

    /// The error for a vendor's refusal.
    pub(in crate::providers) fn refused(&self, refusal: &Refusal) -> Error {
        let status = self.response.status;
        let sense = codes::sense(self.vendor, &refusal.code, status);
        let said = excerpt::of_message(&refusal.message);
        let code = excerpt::shorten(&refusal.code, 120);
        let message = match said.as_str() {
            "" => format!("{}: {}", self.action, sense.words),
            said => format!("{}: {}: {said}", self.action, sense.words),
        };
        let hints = codes::hints(self.vendor, &refusal.code, self.action, &sense);
        Error::new(sense.class, message).with(|details| {
            details.vendor = Some(self.vendor);
            details.action = Some(self.action.to_owned());
            details.code = Some(code);
            details.request_id = refusal.request_id.as_deref().map(|id| excerpt::shorten(id, 120));
            details.http_status = Some(status);
            details.retryable = sense.retryable;
            details.already_exists = sense.already_exists;
            details.outcome = (sense.class != Class::Vendor).then_some(Outcome::Refused);
            details.hints = hints;
        })
    }
}

/// A text member of an object; numbers count, for gateways differ.
pub(in crate::providers) fn text_of(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name).and_then(super::scalar).filter(|text| !text.is_empty())
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "`null`",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
