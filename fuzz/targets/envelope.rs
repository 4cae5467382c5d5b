//! Answers of the vendors to replies, refusals and unreadable answers.
//!
//! The first line is an HTTP status and an Action, `200 DescribeLiveDomains`; the rest is the body. Where it is none,
//! all is the body.

use livectl::error::{Class, Error, Outcome};
use livectl::model::{Reading, Reply, Response, Vendor};
use livectl::providers::{catalog, provider};
use serde_json::Value;

use crate::judge;

/// Runs one input: the same answer of every vendor.
pub fn run(data: &[u8]) {
    let (status, action, body) = parts(data);
    for vendor in Vendor::ALL {
        let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
        let response = Response { status, headers, body: body.to_vec() };
        let decoded = provider(vendor).decode(&action, &response, Reading::Members);
        let verdict = provider(vendor).decode(&action, &response, Reading::Verdict);
        if let Ok(reply) = &decoded {
            assert_eq!(verdict.map(|verdict| verdict.body), Ok(reply.body.clone()), "the verdict on it is the same");
        }
        match decoded {
            Ok(reply) => success(vendor, status, body, &reply),
            Err(error) => failure(vendor, &action, status, body, &error),
        }
    }
}

/// Status, Action and body. An Action that no sheet knows becomes one, for its name comes from the command line.
fn parts(data: &[u8]) -> (u16, String, &[u8]) {
    let all = (200, "DescribeLiveDomains".to_owned(), data);
    let Some(end) = data.iter().take(80).position(|byte| *byte == b'\n') else { return all };
    let Some((status, action)) = std::str::from_utf8(&data[..end]).ok().and_then(|line| line.split_once(' ')) else {
        return all;
    };
    let Ok(status) = status.parse() else { return all };
    let known = Vendor::ALL.into_iter().any(|vendor| catalog::find(vendor, action).is_some());
    (status, if known { action.to_owned() } else { all.1 }, &data[end + 1..])
}

/// A success has a good status, a body that is a JSON object as it came, and the vendor's members of it.
fn success(vendor: Vendor, status: u16, body: &[u8], reply: &Reply) {
    assert!((200..300).contains(&status), "{vendor}: success with status {status}");
    assert_eq!(reply.body.as_bytes(), body, "{vendor}: the body is kept as it came");
    let whole: Value = serde_json::from_str(reply.body.trim_start_matches('\u{feff}').trim()).expect("JSON was read");
    let (result, error) = match vendor {
        Vendor::Tencent => (&whole["Response"], &whole["Response"]["Error"]),
        Vendor::Aliyun => (&whole, &Value::Null),
        Vendor::Volcengine => (&whole["Result"], &whole["ResponseMetadata"]["Error"]),
    };
    assert_eq!(&reply.result, result, "{vendor}: the members of the result");
    assert!(error.is_null(), "{vendor}: {error} is no success");
}

/// A failure tells whose answer it was and what became of the request, in bounded texts.
fn failure(vendor: Vendor, action: &str, status: u16, body: &[u8], error: &Error) {
    // What an error repeats of an answer is bounded whatever its size.
    judge::error(error, 0);
    let details = error.details();
    assert!(error.to_string().starts_with(action), "{error}");
    assert!(!error.to_string().contains(|c: char| judge::is_hostile(c) || c == '\n'), "{error:?}");
    assert_eq!((details.vendor, details.action.as_deref()), (Some(vendor), Some(action)));
    assert_eq!(details.http_status, Some(status));
    assert!(details.code.as_ref().is_none_or(|code| code.chars().filter(|c| *c != '\\').count() <= 1000), "{error:?}");
    match details.code {
        // A refusal: the vendor says no, or it failed, and then nobody knows.
        Some(_) => {
            let refused = (details.class != Class::Vendor).then_some(Outcome::Refused);
            assert_eq!(details.outcome, refused, "{error:?}");
        }
        // Nobody can read it: that says nothing about what became of the request.
        None => {
            assert_eq!(details.outcome, None, "{error:?}");
            assert!(matches!(details.class, Class::Vendor | Class::Throttled), "{error:?}");
            assert!(!details.already_exists, "{error:?}");
        }
    }
    assert!(details.request_id.as_ref().is_none_or(|id| !id.is_empty() && !body.is_empty()), "{error:?}");
}
