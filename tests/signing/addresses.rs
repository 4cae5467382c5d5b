//! Signed addresses, against what vendors print and what other programs computed.

use jiff::Timestamp;
use livectl::model::Secret;
use livectl::sign::address::{Formula, Hash, Refusal, Rule, check, sign};

use crate::support::{Case, cases};

fn rule(case: &Case) -> Rule {
    let formula = match case.text("formula") {
        "txSecret" => Formula::TxSecret,
        "auth_key" => Formula::AuthKey,
        "volcSecret" => Formula::VolcSecret,
        other => panic!("formula {other}"),
    };
    let hash = if case.given("hash") == Some("sha256") { Hash::Sha256 } else { Hash::Md5 };
    Rule { hash, ..Rule::new(formula) }
}

/// The parameters of an address, as they stand there.
fn params(url: &str) -> Vec<(String, String)> {
    let (_, query) = url.split_once('?').unwrap();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

fn moment(case: &Case) -> Timestamp {
    Timestamp::from_second(i64::try_from(case.number("seconds")).unwrap()).unwrap()
}

#[test]
fn addresses_are_signed_as_vendors_print_them() {
    let all = cases(&["addresses"], "addresses");
    for case in all.iter().filter(|case| case.given("only").is_none()) {
        let made = sign(&rule(case), case.text("path"), &Secret::new(case.text("key")), moment(case));
        assert_eq!(made, params(case.text("url")), "{}", case.text("id"));
    }
}

#[test]
fn addresses_that_vendors_print_are_accepted_until_they_end() {
    for case in cases(&["addresses"], "addresses") {
        let (rule, at) = (rule(&case), moment(&case));
        let keys = [Secret::new("another key"), Secret::new(case.text("key"))];
        let on = |now| check(&rule, case.text("path"), &params(case.text("url")), &keys, now);
        let checked = on(at);
        assert_eq!((checked.signed_by, checked.ends, checked.refusals.len()), (Some(1), Some(at), 0));
        let late = on(at + jiff::SignedDuration::from_secs(1));
        assert_eq!(late.refusals, [Refusal::Expired(at)], "{}", case.text("id"));
        let other = check(&rule, case.text("path"), &params(case.text("url")), &keys[..1], at);
        assert_eq!(other.refusals, [Refusal::Key], "{}", case.text("id"));
    }
}
