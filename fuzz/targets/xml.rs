//! Aliyun's errors in XML, as a gateway sends them.
//!
//! The first byte chooses the HTTP status; the rest is the body.

use livectl::error::{Class, Outcome};
use livectl::model::{Reading, Response, Vendor};
use livectl::providers::provider;

use crate::judge;

const STATUSES: [u16; 8] = [200, 302, 400, 403, 404, 429, 500, 503];
const ACTION: &str = "DescribeLiveDomainDetail";

/// Runs one input: XML is always an error, with a class, and is never expanded.
pub fn run(data: &[u8]) {
    let Some((first, body)) = data.split_first() else { return };
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    let headers = vec![("content-type".to_owned(), "text/xml".to_owned())];
    let decoded =
        provider(Vendor::Aliyun).decode(ACTION, &Response { status, headers, body: body.to_vec() }, Reading::Members);
    let text = std::str::from_utf8(body).ok().map(|text| text.trim_start_matches('\u{feff}').trim());
    let Some(text) = text.filter(|text| text.starts_with('<')) else {
        return decoded.err().iter().for_each(|error| judge::error(error, 0));
    };
    let error = decoded.expect_err("XML is no success");
    // An entity cannot make a text longer than what is shown of any.
    judge::error(&error, 0);
    let details = error.details();
    assert_eq!(details.http_status, Some(status));
    let Some(code) = &details.code else {
        assert!(matches!(details.class, Class::Vendor | Class::Throttled), "{error:?}");
        assert_eq!((details.outcome, &details.request_id), (None, &None), "{error:?}");
        return;
    };
    assert!(text.contains("Error") && text.contains("Code"), "a code from nowhere: {error:?}");
    let without_type =
        !text.contains("<!DOCTYPE") || ["<!--", "<![CDATA[", "<?"].iter().any(|mark| text.contains(mark));
    assert!(without_type, "a document type was read: {error:?}");
    assert_eq!(details.outcome, (details.class != Class::Vendor).then_some(Outcome::Refused), "{error:?}");
    // Without references and sections in it a code stands in the document as it is told.
    let told = code.trim_end_matches('…');
    if !text.contains("<!") && !text.contains(['&', '\r']) && !told.contains('\\') {
        assert!(text.contains(told), "`{told}` is not in the document");
    }
}
