//! Masks secrets in everything that is shown: by name in structures, by known value in texts.

use serde_json::{Map, Value};

pub(super) use crate::providers::secrets::is_secret_name;

/// What stands in a secret's place.
pub(super) const MASK: &str = "***";

/// What our own rows call the two keys of a domain.
const KEY: &str = "key";
const BACKUP_KEY: &str = "backup_key";

/// Parameters of a URL that make it a signed one, beside those that are secrets everywhere.
const SIGNED_URL_NAMES: &[&str] = &["auth", "hash", "key", "sig", "x-expires-signature", "x-signature"];

/// Masks every secret member of a value, also inside JSON texts and signed URLs.
pub(super) fn value(value: &mut Value) {
    match value {
        Value::Object(members) => {
            // Rows of keys and changes of one call it by a word that by itself is no secret's name. Each member is looked
            // at once: to find them by their hashes costs more.
            let (mut named, mut keys, mut changed) = (false, false, false);
            for (name, member) in members.iter() {
                let told = |is: fn(&str) -> bool| member.as_str().is_some_and(is);
                match name.as_str() {
                    "argName" | "ArgName" | "arg_name" => named |= told(is_secret_name),
                    "field" => changed = told(|field| field == KEY || field.split('.').any(is_secret_name)),
                    BACKUP_KEY => keys = true,
                    _ => {}
                }
            }
            for (name, member) in members.iter_mut() {
                let secret = is_secret_name(name)
                    || named && matches!(name.as_str(), "argValue" | "ArgValue" | "arg_value")
                    || keys && name == KEY
                    || changed && matches!(name.as_str(), "from" | "to");
                if secret && !is_blank(member) {
                    *member = Value::from(MASK);
                } else {
                    self::value(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(self::value),
        Value::String(text) => {
            if let Some(masked) = inside_text(text) {
                *text = masked;
            }
        }
        _ => {}
    }
}

/// How the private key of a certificate begins, whatever the member is called that it stands in.
const PRIVATE_PEM: &str = "PRIVATE KEY-----";

/// Whether a member shows already by its name and kind that nothing in it is secret.
pub(super) fn is_plain(name: &str, value: &Value) -> bool {
    let plain = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => inside_text(text).is_none(),
        Value::Array(_) | Value::Object(_) => false,
    };
    plain && !is_secret_name(name)
}

/// Whether a value of that name is a secret or holds one.
pub(super) fn holds_secret(name: &str, value: &Value) -> bool {
    let named = Value::Object(Map::from_iter([(name.to_owned(), value.clone())]));
    let mut masked = named.clone();
    self::value(&mut masked);
    masked != named
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.is_boolean()
}

/// Masks what is secret inside a text: members of JSON, a private key in PEM, the login and the signature of a URL;
/// `None` where there is nothing to mask.
fn inside_text(text: &str) -> Option<String> {
    // Names, times and the like: nothing that is told from them by any of these.
    if !text.bytes().any(|byte| matches!(byte, b'=' | b':' | b' ')) {
        return None;
    }
    if text.trim_start().starts_with(['{', '[']) {
        let mut inner: Value = serde_json::from_str(text).ok()?;
        let before = inner.clone();
        value(&mut inner);
        return (inner != before).then(|| inner.to_string());
    }
    if text.contains(PRIVATE_PEM) {
        return Some(MASK.to_owned());
    }
    if !text.contains('=') && !text.contains("://") {
        return None;
    }
    // The arguments of an address also stand alone.
    let (head, query) = text.split_at(text.find('?').map_or(0, |mark| mark + 1));
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, value)) if !value.is_empty() && signs(name) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    });
    let query = if query.contains('=') { pairs.collect::<Vec<_>>().join("&") } else { query.to_owned() };
    let masked = match login(head, &query) {
        Some((scheme, rest)) => format!("{scheme}{MASK}@{rest}"),
        None => format!("{head}{query}"),
    };
    (masked != text).then_some(masked)
}

/// Whether a parameter of that name makes a URL a signed one.
fn signs(name: &str) -> bool {
    SIGNED_URL_NAMES.contains(&name.to_lowercase().as_str()) || is_secret_name(name)
}

/// The parts of an address around a user and password in it.
fn login(head: &str, query: &str) -> Option<(String, String)> {
    let whole = format!("{head}{query}");
    let start = whole.find("://")? + 3;
    let authority = whole[start..].split(['/', '?']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    Some((whole[..start].to_owned(), whole[start + user.len() + 1..].to_owned()))
}

/// The sentence with the secrets of the addresses in it masked.
pub(super) fn words(sentence: &str) -> String {
    let masked = sentence.split(' ').map(|word| inside_text(word).unwrap_or_else(|| word.to_owned()));
    masked.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_masked_by_name_wherever_they_stand() {
        let mut shown = json!({
            "CallbackList": [{"AuthKeyPrimary": "s3cret", "AuthEnable": true}],
            "auth_key1": "s3cret", "SSLPri": "s3cret", "DomainName": "a.example.com", "CallbackKey": "",
            "Functions": "[{\"functionArgs\":[{\"argName\":\"auth_key1\",\"argValue\":\"s3cret\"}]}]",
            "PushUrl": "rtmp://a/live/s?txSecret=s3cret&txTime=5C271099"
        });
        value(&mut shown);
        assert!(!shown.to_string().contains("s3cret"), "{shown}");
        assert_eq!(shown["DomainName"], "a.example.com");
        assert_eq!(shown["PushUrl"], "rtmp://a/live/s?txSecret=***&txTime=5C271099");
        assert_eq!(shown["CallbackKey"], "");
        assert_eq!(shown["CallbackList"][0]["AuthEnable"], true);
    }

    #[test]
    fn arguments_of_an_address_that_stand_alone_lose_their_secrets() {
        for (text, masked) in [
            ("auth_key=1-0-0-s3cret&a=b", "auth_key=***&a=b"),
            ("?txSecret=s3cret&txTime=5C271099", "?txSecret=***&txTime=5C271099"),
            ("a=b&c", "a=b&c"),
        ] {
            let mut shown = json!({ "usrargs": text, "sign": "s3cret" });
            value(&mut shown);
            assert_eq!(shown, json!({ "usrargs": masked, "sign": "***" }), "{text}");
        }
    }

    #[test]
    fn our_own_rows_and_changes_of_keys_are_masked() {
        let mut row = json!({"domain": "a.example.com", "key": "s3cret", "backup_key": null, "valid_seconds": 300});
        value(&mut row);
        assert_eq!(row["key"], "***");
        assert_eq!((&row["backup_key"], &row["valid_seconds"]), (&Value::Null, &json!(300)));
        let mut changes = json!([
            {"field": "key", "from": "s3cret", "to": "n3w"}, {"field": "backup_key", "from": null, "to": "n3w"},
            {"field": "name", "from": "a", "to": "b"},
        ]);
        value(&mut changes);
        assert_eq!(
            changes,
            json!([
                {"field": "key", "from": "***", "to": "***"}, {"field": "backup_key", "from": null, "to": "***"},
                {"field": "name", "from": "a", "to": "b"},
            ])
        );
        // A header's name is no secret.
        let mut header = json!({"key": "X-Served-By", "value": "live"});
        value(&mut header);
        assert_eq!(header["key"], "X-Served-By");
    }

    #[test]
    fn addresses_in_a_sentence_lose_their_secrets() {
        let sentence = "change key_url – → https://kms.example.com/k?token=s3cret&a=b, then go on";
        assert_eq!(words(sentence), "change key_url – → https://kms.example.com/k?token=***&a=b, then go on");
    }

    #[test]
    fn the_login_of_an_address_is_masked() {
        for (text, masked) in [
            ("rtmp://me:s3cret@o.example.com/live/s", "rtmp://***@o.example.com/live/s"),
            ("rtmp://me:s3@cret@o.example.com:1935/live/s?a=b", "rtmp://***@o.example.com:1935/live/s?a=b"),
            ("https://o.example.com/a@b?c=d@e", "https://o.example.com/a@b?c=d@e"),
            ("srt://o.example.com?streamid=x&passphrase=s3cret", "srt://o.example.com?streamid=x&passphrase=***"),
            ("https://a/x?q=1&Key=s3cret&sig=", "https://a/x?q=1&Key=***&sig="),
        ] {
            let mut shown = json!({ "SourceUrl": text });
            value(&mut shown);
            assert_eq!(shown["SourceUrl"], masked);
        }
    }

    #[test]
    fn a_private_key_is_masked_whatever_it_stands_in() {
        let pem = "-----BEGIN EC PRIVATE KEY-----\ns3cret\n-----END EC PRIVATE KEY-----\n";
        let mut shown = json!({"SSLPub": pem, "Remark": [pem], "Json": format!("  {{\"a\":{}}}", Value::from(pem)),
            "Cert": "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"});
        value(&mut shown);
        assert!(!shown.to_string().contains("s3cret"), "{shown}");
        assert_eq!(shown["Cert"], "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n");
    }
}
