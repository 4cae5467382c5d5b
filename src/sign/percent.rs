//! Percent-encoding after RFC 3986: everything but letters, digits and `-` `_` `.` `~` becomes `%XY`, a blank `%20`.
//!
//! All vendors sign this form, so requests are sent in it too; decoding also takes the `+` of HTML forms,
//! which some official SDKs send.

use std::fmt::Write as _;

/// Encodes one name or value.
pub fn encode(text: impl AsRef<[u8]>) -> String {
    let bytes = text.as_ref();
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Decodes one name or value; `+` stays `+`. `None` where a `%` is not followed by two hex digits, or the
/// bytes are not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// Encodes pairs as a query string or form body, in their order.
pub fn encode_pairs<N: AsRef<[u8]>, V: AsRef<[u8]>>(pairs: impl IntoIterator<Item = (N, V)>) -> String {
    let pairs: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

/// Decodes a query string or form body, `+` as a blank; a name without `=` has an empty value.
/// `None` where [`decode`] gives none.
pub fn decode_pairs(text: &str) -> Option<Vec<(String, String)>> {
    let decode_form = |part: &str| decode(&part.replace('+', " "));
    text.split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Some((decode_form(name)?, decode_form(value)?))
        })
        .collect()
}

/// Brings a path into the one form that is signed: each segment encoded, `/` kept. `None` where [`decode`] gives none.
pub fn canonical_path(path: &str) -> Option<String> {
    let segments: Option<Vec<String>> = path.split('/').map(|segment| decode(segment).map(encode)).collect();
    segments.map(|segments| segments.join("/"))
}

/// The canonical query of the header schemes and of Aliyun RPC: sorted by name, encoded.
/// Values of a repeated name keep their order.
pub fn canonical_query(mut pairs: Vec<(String, String)>) -> String {
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    encode_pairs(pairs)
}
