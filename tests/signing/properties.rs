//! What holds for any text: encoding comes back, a signed request is believed, an altered one is not.

use livectl::model::Method;
use livectl::sign::{Distrust, percent, sign};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use crate::distrust::{SCHEMES, moment, request};
use crate::support::{Sent, credentials};

/// The same cases in every run, and no file of failures.
fn config() -> Config {
    Config { cases: 96, rng_seed: RngSeed::Fixed(0x11ec), failure_persistence: None, ..Config::default() }
}

/// Texts with what breaks signatures: separators, blanks, percent signs, quotes, other planes of Unicode.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "&",
        "=",
        "+",
        " ",
        "%",
        "%20",
        "%2B",
        "~",
        "*",
        "/",
        "?",
        "#",
        ";",
        ",",
        "'",
        "\"",
        "\\",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "中文",
        "é",
        "e\u{301}",
        "😀",
        "\u{a0}",
        "Signature=",
        "a",
        "0",
        "-_.",
        "<>",
        "{}",
        "[]",
    ]);
    prop_oneof![any::<String>(), prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn encoding_comes_back(text in hostile(), name in hostile()) {
        let encoded = percent::encode(&text);
        prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte)));
        prop_assert_eq!(percent::decode(&encoded), Some(text.clone()));
        let pairs = vec![(format!("n{name}"), text.clone()), ("x".to_owned(), String::new()), ("n".to_owned(), text)];
        prop_assert_eq!(percent::decode_pairs(&percent::encode_pairs(pairs.clone())), Some(pairs));
    }

    #[test]
    fn decoding_any_text_does_no_harm(text in hostile()) {
        if let Some(decoded) = percent::decode(&text) {
            prop_assert_eq!(percent::decode(&percent::encode(&decoded)), Some(decoded));
        }
        let _ = percent::decode_pairs(&text);
    }

    #[test]
    fn signed_is_believed_and_altered_is_not(value in hostile(), other in hostile(), token in "[!-~]{0,40}") {
        let key = credentials("AKID", "secret", Some(token.as_str()).filter(|token| !token.is_empty()));
        for scheme in SCHEMES {
            for method in [Method::Get, Method::Post] {
                let made = |value: &str| {
                    Sent::from_signed(&sign(request(scheme, method, "P", value), scheme, &key, &moment()).unwrap())
                };
                let sent = made(&value);
                let claims = sent.judge(&key);
                prop_assert!(claims.is_ok(), "{scheme:?} {method:?} {claims:?}");
                if value == other {
                    continue;
                }
                // The other value under the first one's signature.
                let form = |value: &str| format!("P={}", percent::encode(value));
                let json = |value: &str| serde_json::json!({ "P": value }).to_string();
                let mut altered = sent.clone();
                let parts: Vec<String> = sent
                    .raw_query
                    .split('&')
                    .map(|piece| if piece == form(&value) { form(&other) } else { piece.to_owned() })
                    .collect();
                altered.raw_query = parts.join("&");
                let body = String::from_utf8(sent.body.clone()).unwrap();
                altered.body = if body == json(&value) {
                    json(&other).into_bytes()
                } else {
                    let parts = body.split('&').map(|piece| if piece == form(&value) { form(&other) } else { piece.to_owned() });
                    parts.collect::<Vec<_>>().join("&").into_bytes()
                };
                prop_assert!(altered.raw_query != sent.raw_query || altered.body != sent.body);
                prop_assert!(matches!(altered.judge(&key), Err(Distrust::Mismatch(_))), "{scheme:?} {method:?}");
            }
        }
    }

    #[test]
    fn any_bytes_are_judged_without_harm(
        raw_query in hostile(),
        authorization in hostile(),
        body in prop::collection::vec(any::<u8>(), 0..40),
        form in any::<bool>(),
    ) {
        let prefix = ["", "TC3-HMAC-SHA256 ", "ACS3-HMAC-SHA256 ", "HMAC-SHA256 Credential="][body.len() % 4];
        let content_type = if form { "application/x-www-form-urlencoded" } else { "application/json" };
        let sent = Sent {
            method: "POST".to_owned(),
            path: raw_query.clone(),
            raw_query,
            headers: vec![
                ("authorization".to_owned(), format!("{prefix}{authorization}")),
                ("content-type".to_owned(), content_type.to_owned()),
            ],
            body,
        };
        prop_assert!(sent.judge(&credentials("AKID", "secret", None)).is_err());
    }
}

#[test]
fn encoding_as_rfc_3986_has_it() {
    for (text, encoded) in [
        ("a b+c*~/中文&=%", "a%20b%2Bc%2A~%2F%E4%B8%AD%E6%96%87%26%3D%25"),
        ("AZaz09-_.~", "AZaz09-_.~"),
        ("\u{a0}é😀\0", "%C2%A0%C3%A9%F0%9F%98%80%00"),
        ("", ""),
    ] {
        assert_eq!(percent::encode(text), encoded);
        assert_eq!(percent::decode(encoded).as_deref(), Some(text));
    }
    for damaged in ["%", "%2", "%zz", "a%E4", "%ff", "%+1", "% 1"] {
        assert_eq!(percent::decode(damaged), None, "{damaged}");
    }
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
    assert_eq!(
        percent::decode_pairs("&a+b=c+d%2B&e&=f&g=h=i"),
        Some(pairs(&[("a b", "c d+"), ("e", ""), ("", "f"), ("g", "h=i")]))
    );
    // Byte order of the names, and the order of the values stays.
    let list = pairs(&[("L.2", "b"), ("L.10", "c"), ("L.1", "a"), ("l", "2"), ("Z", "y"), ("Z", "x")]);
    assert_eq!(percent::canonical_query(list), "L.1=a&L.10=c&L.2=b&Z=y&Z=x&l=2");
}
