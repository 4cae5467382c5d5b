//! Secrets whose values are known: cut out of any text in every form they may travel in.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::commands::redact::{self, MASK};
use crate::model::{Response, Secret};
use crate::sign::percent;

/// What is shorter stands in too much that is no secret.
const SHORTEST: usize = 4;

/// So much of a secret's Base64 tells it among other Base64.
const SHORTEST_INSIDE: usize = 12;

tokio::task_local! {
    /// The item of many that is under way: what is learned meanwhile is known for as long as that item lasts, so that
    /// a long run does not look for the secrets of thousands.
    pub(super) static ITEM: usize;
}

/// Known secret values, cut out of any text in every form they may travel in.
#[derive(Default, Clone)]
pub(super) struct KnownSecrets(Vec<Known>);

/// One of them.
#[derive(Clone)]
struct Known {
    form: Secret,
    /// Whose it is, where it is one item's alone.
    item: Option<usize>,
}

impl KnownSecrets {
    /// Adds what is secret of a member of a structure: by its name, or inside it.
    pub(super) fn learn(&mut self, name: &str, value: &Value) {
        let mut masked = Value::Object(Map::from_iter([(name.to_owned(), value.clone())]));
        let before = masked.clone();
        redact::value(&mut masked);
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
                    _ => self.learn_address(before, masked),
                }
            }
            (before, masked) if before != masked => self.add(&before.to_string()),
            _ => {}
        }
    }

    /// Adds the values of a URL's query and its password, where masking has taken them away.
    fn learn_address(&mut self, before: &str, masked: &str) {
        let authority = |address: &str| Some(address.split_once("://")?.1.split(['/', '?']).next()?.to_owned());
        if let (Some(before), Some(masked)) = (authority(before), authority(masked))
            && before != masked
            && let Some((login, _)) = before.rsplit_once('@')
        {
            let password = login.split_once(':').map_or(login, |(_, password)| password);
            self.add(password);
            self.add(&percent::decode(password).unwrap_or_default());
        }
        for (before, masked) in before.split(['?', '&']).zip(masked.split(['?', '&'])) {
            if let (true, Some((_, value))) = (before != masked, before.split_once('=')) {
                self.add(value);
            }
        }
    }

    /// Adds a secret, in every form it may travel in: as it is, in JSON and HTML, percent-encoded once and twice, in
    /// Base64, also in the middle of what else was encoded with it.
    pub(super) fn add(&mut self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        let percent = percent::encode(secret);
        let json = Value::from(secret).to_string();
        let mut forms = vec![
            secret.to_owned(),
            json[1..json.len() - 1].to_owned(),
            html(secret),
            // A string to sign holds parameters that are encoded twice.
            percent::encode(&percent),
            lower_hex(&percent),
            percent,
        ];
        forms.extend(base64_forms(secret));
        let item = ITEM.try_with(|item| *item).ok();
        for form in forms {
            if let Some(known) = self.0.iter_mut().find(|known| known.form.expose() == form) {
                known.item = known.item.filter(|whose| Some(*whose) == item);
                continue;
            }
            // The longest first: one secret may be the beginning of another.
            let place = self.0.partition_point(|known| known.form.expose().len() >= form.len());
            self.0.insert(place, Known { form: Secret::new(form), item });
        }
    }

    /// Forgets what was one item's alone: it is over, and told.
    pub(super) fn forget(&mut self, item: usize) {
        self.0.retain(|known| known.item != Some(item));
    }

    /// Cuts them out of every text of a value.
    pub(super) fn mask_value(&self, value: &mut Value) {
        match value {
            Value::Object(members) => members.values_mut().for_each(|member| self.mask_value(member)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask_value(item)),
            Value::String(text) if self.0.iter().any(|known| text.contains(known.form.expose())) => {
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
        self.0.iter().fold(text.to_owned(), |text, known| text.replace(known.form.expose(), MASK))
    }
}

/// Base64 of a secret, also where it begins at the second or third byte of three and something follows it.
fn base64_forms(secret: &str) -> Vec<String> {
    let mut forms = vec![
        STANDARD.encode(secret),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
    ];
    for before in 0..3 {
        let shifted = [&b"\0\0"[..before], secret.as_bytes()].concat();
        // Only the groups that are made of the secret alone.
        let (first, end) = (if before == 0 { 0 } else { 4 }, shifted.len() / 3 * 4);
        if end >= first + SHORTEST_INSIDE {
            let encoded = [STANDARD.encode(&shifted), URL_SAFE.encode(&shifted)];
            forms.extend(encoded.map(|encoded| encoded[first..end].to_owned()));
        }
    }
    forms
}

/// As HTML and XML write it.
fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
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

    #[test]
    fn a_secret_that_begins_another_leaves_nothing_of_it() {
        let mut known = KnownSecrets::default();
        known.add("s3cret");
        known.add("s3cret-and-more");
        assert_eq!(known.mask("s3cret-and-more s3cret"), "*** ***");
    }

    #[test]
    fn a_secret_is_found_in_base64_of_more_than_itself() {
        let secret = "a-callback-key-of-the-account";
        let mut known = KnownSecrets::default();
        known.add(secret);
        for (before, after) in [("", ""), ("u", "!"), ("us", "!!"), ("use", "!!!"), ("user:", "\n")] {
            for encoded in [STANDARD.encode(format!("{before}{secret}{after}")), URL_SAFE.encode(secret)] {
                let masked = known.mask(&encoded);
                // At the edges, a group holds what stands beside the secret.
                assert!(masked.contains(MASK) && masked.len() < 24, "{before}…{after}: {masked}");
            }
        }
    }

    #[tokio::test]
    async fn what_is_one_items_alone_is_forgotten_with_it() {
        let known = std::cell::RefCell::new(KnownSecrets::default());
        known.borrow_mut().add("of-the-account");
        for (item, secret) in [(1, "of-the-first"), (2, "of-the-second"), (1, "of-both"), (2, "of-both")] {
            ITEM.scope(item, async { known.borrow_mut().add(secret) }).await;
        }
        ITEM.scope(2, async { known.borrow_mut().add("of-the-account") }).await;
        known.borrow_mut().forget(2);
        let text = "of-the-account of-the-first of-the-second of-both";
        assert_eq!(known.borrow().mask(text), "*** *** of-the-second ***");
        known.borrow_mut().forget(1);
        assert_eq!(known.borrow().mask(text), "*** of-the-first of-the-second ***");
    }

    #[test]
    fn a_secret_is_found_in_html() {
        let mut known = KnownSecrets::default();
        known.add("a&b<c>'d'");
        assert_eq!(known.mask("<p>a&amp;b&lt;c&gt;&#39;d&#39;</p>"), "<p>***</p>");
    }

    #[test]
    fn the_password_of_an_address_becomes_known() {
        let mut known = KnownSecrets::default();
        known.learn("SourceUrl", &json!("rtmp://me:pa%40ss@o.example.com/live/s?sign=t0ken"));
        assert_eq!(known.mask("pa%40ss pa@ss me o.example.com t0ken"), "*** *** me o.example.com ***");
    }
}
