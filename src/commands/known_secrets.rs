//! Secrets whose values are known: cut out of any text in every form they may travel in.
//!
//! A run over a thousand accounts knows their thousand secrets: a form is found by how it begins and by its hash, so
//! that what a text costs does not grow with them.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::ops::Range;

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
pub(super) struct KnownSecrets {
    /// Each with the item whose alone it is, if any.
    forms: HashMap<Form, Option<usize>>,
    /// How they begin: how many do so.
    starts: HashMap<[u8; SHORTEST], usize>,
    /// How long they are, in bytes: how many are so.
    lengths: BTreeMap<usize, usize>,
    /// Which bytes are the first and the second of one: most places of a text are none's beginning, and that is seen
    /// without a hash.
    first_bytes: [Bytes; 2],
}

/// A set of bytes: every byte of every text that is shown is looked up in it.
#[derive(Clone, Copy)]
struct Bytes([bool; 256]);

impl Default for Bytes {
    fn default() -> Self {
        Bytes([false; 256])
    }
}

impl Bytes {
    fn add(&mut self, byte: u8) {
        self.0[usize::from(byte)] = true;
    }

    fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}

/// One form of a secret, found by its bytes.
#[derive(Clone, PartialEq, Eq)]
struct Form(Secret);

impl Form {
    fn start(&self) -> [u8; SHORTEST] {
        Borrow::<[u8]>::borrow(self).first_chunk().copied().unwrap_or_default()
    }
}

impl Borrow<[u8]> for Form {
    fn borrow(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

impl Hash for Form {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Borrow::<[u8]>::borrow(self).hash(state);
    }
}

impl KnownSecrets {
    /// Adds what is secret of a member of a structure: by its name, or inside it.
    pub(super) fn learn(&mut self, name: &str, value: &Value) {
        if redact::is_plain(name, value) {
            return;
        }
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
        self.add_of(secret, ITEM.try_with(|item| *item).ok());
    }

    /// Adds a secret of the account: whichever item is under way, it is known until the run ends.
    pub(super) fn add_for_good(&mut self, secret: &str) {
        self.add_of(secret, None);
    }

    fn add_of(&mut self, secret: &str, item: Option<usize>) {
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
        for form in forms {
            match self.forms.get_mut(form.as_bytes()) {
                Some(whose) => *whose = whose.filter(|whose| Some(*whose) == item),
                None => self.insert(Form(Secret::new(form)), item),
            }
        }
    }

    fn insert(&mut self, form: Form, item: Option<usize>) {
        self.mark(form.start());
        *self.starts.entry(form.start()).or_default() += 1;
        *self.lengths.entry(form.0.expose().len()).or_default() += 1;
        self.forms.insert(form, item);
    }

    fn mark(&mut self, start: [u8; SHORTEST]) {
        self.first_bytes.iter_mut().zip(start).for_each(|(bytes, byte)| bytes.add(byte));
    }

    /// Whether one may begin with these bytes.
    fn may_begin(&self, start: &[u8]) -> bool {
        self.first_bytes.iter().zip(start).all(|(bytes, byte)| bytes.has(*byte))
    }

    /// Forgets what was one item's alone: it is over, and told.
    pub(super) fn forget(&mut self, item: usize) {
        let (starts, lengths) = (&mut self.starts, &mut self.lengths);
        self.forms.retain(|form, whose| {
            let stays = *whose != Some(item);
            if !stays {
                starts.entry(form.start()).and_modify(|count| *count -= 1);
                lengths.entry(form.0.expose().len()).and_modify(|count| *count -= 1);
            }
            stays
        });
        starts.retain(|_, count| *count > 0);
        lengths.retain(|_, count| *count > 0);
        self.first_bytes = Default::default();
        let starts: Vec<_> = self.starts.keys().copied().collect();
        starts.into_iter().for_each(|start| self.mark(start));
    }

    /// Cuts them out of every text of a value.
    pub(super) fn mask_value(&self, value: &mut Value) {
        match value {
            Value::Object(members) => members.values_mut().for_each(|member| self.mask_value(member)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask_value(item)),
            Value::String(text) if self.next(text, 0).is_some() => *text = self.mask(text),
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
        let (mut masked, mut done) = (String::with_capacity(text.len()), 0);
        while let Some(found) = self.next(text, done) {
            masked.push_str(text.get(done..found.start).unwrap_or_default());
            masked.push_str(MASK);
            done = found.end;
        }
        masked.push_str(text.get(done..).unwrap_or_default());
        masked
    }

    /// Where the next one stands at or behind a place: of those that begin there the longest, since one secret may be
    /// the beginning of another.
    fn next(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let bytes = text.as_bytes();
        let places = bytes.get(from..)?.windows(SHORTEST).zip(from..);
        places.filter(|(start, _)| self.may_begin(start) && self.starts.contains_key(*start)).find_map(|(_, start)| {
            let mut ends = self.lengths.keys().rev().map(|length| start + length);
            let end = ends.find(|end| bytes.get(start..*end).is_some_and(|part| self.forms.contains_key(part)))?;
            Some(start..end)
        })
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

    proptest::proptest! {
        #[test]
        fn no_known_value_is_left(
            secrets in proptest::collection::vec("[a-c+/密]{1,6}", 1..6),
            words in proptest::collection::vec("[a-c+/密 ]{0,9}", 0..6),
        ) {
            let mut known = KnownSecrets::default();
            secrets.iter().for_each(|secret| known.add(secret));
            let mut text = words.concat();
            secrets.iter().for_each(|secret| text.push_str(secret));
            let masked = known.mask(&text);
            for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
                proptest::prop_assert!(!masked.contains(secret.as_str()), "{secret} in {masked} of {text}");
            }
        }
    }
}
