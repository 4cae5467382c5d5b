//! Masks secrets in everything that is shown: by name in structures, by known value in texts.

use serde_json::{Map, Value};

use crate::model::{Response, Secret};

/// What stands in a secret's place.
pub(super) const MASK: &str = "***";

/// Members whose value is a secret, in lower case without `_`: keys, certificates' private parts, callback
/// keys and tokens, as the vendors' answers and parameters name them.
const SECRET_NAMES: &[&str] = &[
    "accesskeysecret",
    "accesstoken",
    "apikey",
    "applicationsecretkey",
    "authbackkey",
    "authkey",
    "authkey1",
    "authkey2",
    "authkeyprimary",
    "authkeysecondary",
    "authorization",
    "backupauthkey",
    "backupkey",
    "callbackauthkey",
    "callbackkey",
    "certificateprivatekey",
    "cossecretkey",
    "datakey",
    "masterauthkey",
    "notifyauthkey",
    "notifyreqauthkey",
    "password",
    "prikey",
    "privatekey",
    "privatekeyfile",
    "refreshtoken",
    "secretaccesskey",
    "secretkey",
    "securitytoken",
    "sessiontoken",
    "sign",
    "signature",
    "sslpri",
    "tmpsecretkey",
    "token",
    "txsecret",
    "usertoken",
    "volcsecret",
    "wssecret",
    "xacssecuritytoken",
    "xsecuritytoken",
    "xtctoken",
];

/// What our own rows call the two keys of a domain.
const KEY: &str = "key";
const BACKUP_KEY: &str = "backup_key";

/// Parameters of a URL that make it a signed one.
const SIGNED_URL_NAMES: &[&str] = &["txsecret", "auth_key", "volcsecret", "wssecret", "signature", "sign", "token"];

/// Whether a member of that name holds a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect();
    SECRET_NAMES.binary_search(&plain.as_str()).is_ok()
}

/// Masks every secret member of a value, also inside JSON texts and signed URLs.
pub(super) fn value(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let named = ["argName", "ArgName", "arg_name"]
                .iter()
                .find_map(|key| members.get(*key)?.as_str().map(is_secret_name));
            // Rows of keys and changes of one call it by a word that by itself is no secret's name.
            let keys = members.contains_key(BACKUP_KEY);
            let field = members.get("field").and_then(Value::as_str);
            let changed = field.is_some_and(|field| field == KEY || field.split('.').any(is_secret_name));
            for (name, member) in members.iter_mut() {
                let secret = is_secret_name(name)
                    || named == Some(true) && matches!(name.as_str(), "argValue" | "ArgValue" | "arg_value")
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

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.is_boolean()
}

/// Masks JSON inside a text and the signature of a URL; `None` where there is nothing to mask.
fn inside_text(text: &str) -> Option<String> {
    if text.starts_with(['{', '[']) {
        let mut inner: Value = serde_json::from_str(text).ok()?;
        let before = inner.clone();
        value(&mut inner);
        return (inner != before).then(|| inner.to_string());
    }
    // The arguments of an address also stand alone.
    let (head, query) = text.split_at(text.find('?').map_or(0, |mark| mark + 1));
    if !query.contains('=') {
        return None;
    }
    let masked: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if SIGNED_URL_NAMES.contains(&name.to_lowercase().as_str()) => format!("{name}={MASK}"),
            _ => pair.to_owned(),
        })
        .collect();
    let masked = format!("{head}{}", masked.join("&"));
    (masked != text).then_some(masked)
}

/// The sentence with the secrets of the addresses in it masked.
pub(super) fn words(sentence: &str) -> String {
    let masked = sentence.split(' ').map(|word| inside_text(word).unwrap_or_else(|| word.to_owned()));
    masked.collect::<Vec<_>>().join(" ")
}

/// Known secret values, cut out of any text in every form they may travel in.
#[derive(Default, Clone)]
pub(super) struct KnownSecrets(Vec<Secret>);

impl KnownSecrets {
    /// Adds what is secret of a member of a structure: by its name, or inside it.
    pub(super) fn learn(&mut self, name: &str, value: &Value) {
        let mut masked = Value::Object(Map::from_iter([(name.to_owned(), value.clone())]));
        let before = masked.clone();
        self::value(&mut masked);
        self.learn_difference(&before, &masked);
    }

    /// Adds whatever masking has taken away.
    fn learn_difference(&mut self, before: &Value, masked: &Value) {
        match (before, masked) {
            (Value::Object(before), Value::Object(masked)) => {
                before
                    .iter()
                    .zip(masked.values())
                    .for_each(|((_, before), masked)| self.learn_difference(before, masked));
            }
            (Value::Array(before), Value::Array(masked)) => {
                before.iter().zip(masked).for_each(|(before, masked)| self.learn_difference(before, masked));
            }
            (Value::String(before), Value::String(masked)) if before != masked => {
                match (serde_json::from_str(before), serde_json::from_str(masked)) {
                    (Ok(before @ (Value::Object(_) | Value::Array(_))), Ok(masked)) => {
                        self.learn_difference(&before, &masked)
                    }
                    _ if masked == MASK => self.add(before),
                    _ => self.learn_query(before, masked),
                }
            }
            (before, masked) if before != masked => self.add(&before.to_string()),
            _ => {}
        }
    }

    /// Adds the values of a URL's query that masking has taken away.
    fn learn_query(&mut self, before: &str, masked: &str) {
        for (before, masked) in before.split(['?', '&']).zip(masked.split(['?', '&'])) {
            if let (true, Some((_, value))) = (before != masked, before.split_once('=')) {
                self.add(value);
            }
        }
    }

    /// Adds a secret, in every form it may travel in: as it is, in JSON, percent-encoded once and twice, in Base64.
    pub(super) fn add(&mut self, secret: &str) {
        use base64::Engine as _;
        use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
        if secret.len() < 4 {
            return;
        }
        let percent = crate::sign::percent::encode(secret);
        let json = Value::from(secret).to_string();
        let forms = [
            secret.to_owned(),
            json[1..json.len() - 1].to_owned(),
            // A string to sign holds parameters that are encoded twice.
            crate::sign::percent::encode(&percent),
            lower_hex(&percent),
            percent,
            STANDARD.encode(secret),
            STANDARD_NO_PAD.encode(secret),
            URL_SAFE.encode(secret),
            URL_SAFE_NO_PAD.encode(secret),
        ];
        for form in forms {
            if !self.0.iter().any(|known| known.expose() == form) {
                self.0.push(Secret::new(form));
            }
        }
    }

    /// Cuts them out of every text of a value.
    pub(super) fn mask_value(&self, value: &mut Value) {
        match value {
            Value::Object(members) => members.values_mut().for_each(|member| self.mask_value(member)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask_value(item)),
            Value::String(text) if self.0.iter().any(|secret| text.contains(secret.expose())) => {
                *text = self.mask(text)
            }
            _ => {}
        }
    }

    /// The response without any of them, where one is in it.
    pub(super) fn masked(&self, response: &Response) -> Option<Response> {
        let body = match serde_json::from_slice::<Value>(&response.body) {
            Ok(mut body) => {
                let before = body.clone();
                self.mask_value(&mut body);
                (body != before).then(|| body.to_string())
            }
            Err(_) => {
                let body = String::from_utf8_lossy(&response.body);
                Some(self.mask(&body)).filter(|masked| *masked != body)
            }
        };
        body.map(|body| Response { body: body.into_bytes(), ..response.clone() })
    }

    /// The text without any of them.
    pub(super) fn mask(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.expose(), MASK))
    }
}

/// The same percent-encoding with its hex digits in lower case.
fn lower_hex(percent: &str) -> String {
    let mut parts = percent.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (digits, rest) = part.split_at(part.len().min(2));
        text + "%" + &digits.to_lowercase() + rest
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_is_sorted_for_its_search() {
        assert!(SECRET_NAMES.is_sorted());
    }

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
    fn known_values_are_cut_out_in_every_form() {
        let mut known = KnownSecrets::default();
        known.add("a+b/c=d%");
        assert_eq!(known.mask("x a+b/c=d% y a%2Bb%2Fc%3Dd%25 z YStiL2M9ZCU="), "x *** y *** z ***");
        assert_eq!(known.mask("a%252Bb%252Fc%253Dd%2525 a%2bb%2fc%3dd%25 YStiL2M9ZCU"), "*** *** ***");
        known.add("quo\"te");
        assert_eq!(known.mask(r#"{"x":"quo\"te"}"#), r#"{"x":"***"}"#);
    }

    #[test]
    fn secrets_among_parameters_become_known() {
        let mut known = KnownSecrets::default();
        known.learn("Key", &json!({"SSLPri": "first-secret", "Name": "kept-name"}));
        known.learn("Functions", &json!(r#"[{"functionArgs":[{"argName":"auth_key1","argValue":"second-secret"}]}]"#));
        known.learn("AuthKeyPrimary", &json!(1_234_567));
        known.learn("SourceUrls", &json!(["rtmp://a.example.com/live/s?txTime=5C271099&txSecret=f85a2ab363fe"]));
        let text = "first-secret kept-name second-secret 1234567 5C271099 f85a2ab363fe";
        assert_eq!(known.mask(text), "*** kept-name *** *** 5C271099 ***");
    }
}
