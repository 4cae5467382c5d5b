//! Whether a callback comes from who holds the key.

use jiff::{SignedDuration, Timestamp};

use super::{Fields, Scheme, decode, house, text};
use crate::model::{Header, Secret, Vendor};
use crate::sign::{callback_expiry, callback_host};

/// A time of sending may lie so far from now, either way: the example of Aliyun's document.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// When a callback is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// How far a time of sending may lie from now.
    pub window: SignedDuration,
}

/// Why a callback is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Its signature or its time is missing.
    Unsigned,
    /// Its time is no number of seconds.
    Unreadable,
    /// No key makes its signature.
    Mismatch,
    /// It was true, and is too old.
    Expired,
    /// It says that it was sent later than now.
    Early,
}

impl Doubt {
    /// The word in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Doubt::Unsigned => "unsigned",
            Doubt::Unreadable => "unreadable-time",
            Doubt::Mismatch => "mismatch",
            Doubt::Expired => "expired",
            Doubt::Early => "early",
        }
    }
}

/// Holds a callback against the keys, and against the clock where a moment is given. `hosts`: by which names its
/// address may have been known.
///
/// # Errors
/// Why it is not believed.
pub fn prove(
    vendor: Vendor,
    fields: &Fields,
    headers: &[Header],
    hosts: &[String],
    keys: &[Secret],
    moment: Option<Moment>,
) -> Result<(), Doubt> {
    let flat = house(vendor).flat(fields);
    match house(vendor).scheme {
        Scheme::Expiry => {
            // By their very names, as a receiver looks them up: a look-alike before them must not stand for them.
            let part = |name: &str| flat.get(name).and_then(text);
            let (signature, expires) = both(part("sign"), part("t"))?;
            let until = second(&expires)?;
            // Every key is tried, so that the time does not tell which one it was.
            let matches = keys.iter().filter(|key| callback_expiry::verify(key, &expires, &signature)).count();
            agreed(matches)?;
            match moment {
                Some(moment) if moment.now > until => Err(Doubt::Expired),
                _ => Ok(()),
            }
        }
        Scheme::Host => {
            let header = |name: &str| {
                let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.trim().to_owned())
            };
            let (signature, sent) = both(header(callback_host::SIGNATURE_HEADER), header(callback_host::TIME_HEADER))?;
            let at = second(&sent)?;
            let own = decode(vendor, fields).domain;
            let hosts: Vec<&String> = hosts.iter().chain(own.as_ref()).collect();
            let tried = keys.iter().flat_map(|key| hosts.iter().map(move |host| (key, host)));
            agreed(tried.filter(|(key, host)| callback_host::verify(key, host, &sent, &signature)).count())?;
            match moment {
                Some(moment) if moment.now.duration_since(at) > moment.window => Err(Doubt::Expired),
                Some(moment) if at.duration_since(moment.now) > moment.window => Err(Doubt::Early),
                _ => Ok(()),
            }
        }
    }
}

fn agreed(matches: usize) -> Result<(), Doubt> {
    if matches == 0 { Err(Doubt::Mismatch) } else { Ok(()) }
}

fn both(signature: Option<String>, time: Option<String>) -> Result<(String, String), Doubt> {
    let signature = signature.filter(|text| !text.is_empty());
    signature.zip(time.filter(|text| !text.is_empty())).ok_or(Doubt::Unsigned)
}

fn second(text: &str) -> Result<Timestamp, Doubt> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    number.and_then(|second| Timestamp::from_second(second).ok()).ok_or(Doubt::Unreadable)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn object(value: Value) -> Fields {
        match value {
            Value::Object(fields) => fields,
            _ => Fields::new(),
        }
    }

    fn at(second: i64) -> Option<Moment> {
        Some(Moment { now: Timestamp::from_second(second).unwrap(), window: WINDOW })
    }

    fn keys(texts: &[&str]) -> Vec<Secret> {
        texts.iter().map(|text| Secret::new(*text)).collect()
    }

    #[test]
    fn a_callback_with_an_expiry_is_believed_until_then() {
        let signature = "74f3243857643bb52260665130d481dc";
        for (t, sign, now, given, doubt) in [
            (json!(1_757_066_192), json!(signature), 1_757_066_192, vec!["testkey"], None),
            (json!("1757066192"), json!(signature), 1_757_065_592, vec!["old", "testkey"], None),
            (json!(1_757_066_192), json!(signature), 1_757_066_193, vec!["testkey"], Some(Doubt::Expired)),
            (json!(1_757_066_192), json!(signature), 1_757_065_592, vec!["other"], Some(Doubt::Mismatch)),
            (json!(1_757_066_193), json!(signature), 1_757_065_592, vec!["testkey"], Some(Doubt::Mismatch)),
            (json!(1_757_066_192), json!(signature), 1_757_065_592, vec![], Some(Doubt::Mismatch)),
            (json!(1_757_066_192), json!(""), 1_757_065_592, vec!["testkey"], Some(Doubt::Unsigned)),
            (json!(null), json!(signature), 1_757_065_592, vec!["testkey"], Some(Doubt::Unsigned)),
            (json!(-1), json!(signature), 1_757_065_592, vec!["testkey"], Some(Doubt::Unreadable)),
            (json!("99999999999999999999"), json!(signature), 0, vec!["testkey"], Some(Doubt::Unreadable)),
        ] {
            let fields = object(json!({"event_type": 1, "t": t, "sign": sign}));
            let proved = prove(Vendor::Tencent, &fields, &[], &[], &keys(&given), at(now));
            assert_eq!(proved.err(), doubt, "{t} {sign} {now} {given:?}");
        }
    }

    #[test]
    fn what_only_looks_like_a_signature_or_a_time_is_none() {
        let (right, wrong) = ("74f3243857643bb52260665130d481dc", "00000000000000000000000000000000");
        for (fields, doubt) in [
            (json!({"event_type": 1, "s_i_g_n": right, "t": 1_757_066_192, "sign": wrong}), Some(Doubt::Mismatch)),
            (json!({"event_type": 1, "Sign": right, "sign": wrong, "t": 1_757_066_192}), Some(Doubt::Mismatch)),
            (json!({"event_type": 1, "T": 1_757_066_192, "t": 1_757_066_193, "sign": right}), Some(Doubt::Mismatch)),
            (json!({"event_type": 1, "SIGN": right, "t": 1_757_066_192}), Some(Doubt::Unsigned)),
            (json!({"event_type": 1, "s_i_g_n": wrong, "T": 1, "t": 1_757_066_192, "sign": right}), None),
        ] {
            let fields = object(fields);
            for vendor in [Vendor::Tencent, Vendor::Volcengine] {
                let proved = prove(vendor, &fields, &[], &[], &keys(&["testkey"]), at(1_757_066_000));
                assert_eq!(proved.err(), doubt, "{vendor} {fields:?}");
            }
        }
    }

    #[test]
    fn a_wrapped_callback_is_signed_inside() {
        let fields = object(json!({"code": 0, "message": "ok", "data": {
            "event_type": "push_start", "t": 1_757_066_192, "sign": "65696dfd765cd1d7a390821227edff07"}}));
        let given = keys(&["AuthKeyPrimary01"]);
        assert_eq!(prove(Vendor::Volcengine, &fields, &[], &[], &given, at(1_757_066_000)), Ok(()));
        assert_eq!(prove(Vendor::Volcengine, &fields, &[], &[], &keys(&["x"]), None), Err(Doubt::Mismatch));
    }

    #[test]
    fn a_callback_with_a_time_of_sending_is_believed_around_then() {
        let signature = "9e226fc2c250be266e3657e156f68c12";
        let headers = |signature: &str| {
            vec![
                ("ali-live-timestamp".to_owned(), "1519375990".to_owned()),
                ("Ali-Live-Signature".to_owned(), signature.to_owned()),
            ]
        };
        let record = object(json!({"domain": "play.example.com", "app": "a", "stream": "s", "uri": "u"}));
        let push = object(json!({"action": "publish", "app": "learn.aliyundoc.com", "appname": "a", "id": "s"}));
        let right = vec!["other.example.com".to_owned(), "learn.aliyundoc.com".to_owned()];
        for (fields, hosts, claimed, now, doubt) in [
            (&record, right.clone(), signature, 1_519_375_990, None),
            (&record, right.clone(), signature, 1_519_376_290, None),
            (&record, right.clone(), signature, 1_519_376_291, Some(Doubt::Expired)),
            (&record, right.clone(), signature, 1_519_375_689, Some(Doubt::Early)),
            (&record, vec![], signature, 1_519_375_990, Some(Doubt::Mismatch)),
            (&record, right, &signature[1..], 1_519_375_990, Some(Doubt::Mismatch)),
            // Of a push, the domain that is pushed to is signed.
            (&push, vec![], signature, 1_519_375_990, None),
        ] {
            let proved = prove(Vendor::Aliyun, fields, &headers(claimed), &hosts, &keys(&["yourkey"]), at(now));
            assert_eq!(proved.err(), doubt, "{hosts:?} {now}");
        }
        assert_eq!(prove(Vendor::Aliyun, &push, &[], &[], &keys(&["yourkey"]), None), Err(Doubt::Unsigned));
    }
}
