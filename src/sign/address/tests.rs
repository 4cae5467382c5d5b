//! What is told of addresses that are refused. The hashes were made by md5sum and sha256sum.

use super::*;

const KEY: &str = "demoKey1234567890";
const SPARE: &str = "spareKey0987654321";
/// 2026-01-01T00:00:00Z: 6955b900 in hexadecimal digits.
const AT: i64 = 1_767_225_600;

fn checked(formula: Formula, path: &str, query: &str, now: i64) -> Checked {
    let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    let params: Vec<_> = query.split('&').filter_map(pair).collect();
    let keys = [Secret::new(KEY), Secret::new(SPARE)];
    check(&Rule::new(formula), path, &params, &keys, Timestamp::from_second(now).unwrap())
}

fn hold(formula: Formula, table: &[(&str, &str, &str)]) {
    for (path, query, reasons) in table {
        let found = checked(formula, path, query, AT);
        let words: Vec<&str> = found.refusals.iter().map(Refusal::word).collect();
        assert_eq!(words.join(" "), *reasons, "{path}?{query}");
    }
}

#[test]
fn every_fault_of_a_tencent_address_has_its_reason() {
    hold(
        Formula::TxSecret,
        &[
            ("/live/room1", "txSecret=a08ab2c70c012e9245581087450093e8&txTime=6955b900", ""),
            ("/live/room1", "a=b", "unsigned"),
            ("/live/room1", "txSecret=a08ab2c70c012e9245581087450093e8", "missing"),
            ("/live/room1", "txSecret=a08ab2c70c012e9245581087450093e8&txTime=6955b900&txTime=6955b900", "repeated"),
            ("/live/room1", "txsecret=a08ab2c70c012e9245581087450093e8&txTime=6955b900", "wrong-case"),
            ("/live/room1", "txSecret=A08AB2C70C012E9245581087450093E8&txTime=6955b900", "wrong-case"),
            ("/live/room1", "txSecret=a08ab2c70c012e9245581087450093e8&txTime=6955B900", "wrong-case"),
            ("/live/room2", "txSecret=a08ab2c70c012e9245581087450093e8&txTime=6955b900", "wrong-key"),
            ("/live/room1_hd.flv", "txSecret=a08ab2c70c012e9245581087450093e8&txTime=6955b900", "wrong-path"),
            ("/live/room1.flv", "txSecret=f6309d14cf634b81331e65af204ef831&txTime=6955b900", "wrong-path"),
            ("/live/room1", "txSecret=9c89251b27df1f8b838fabac6114ce7a&txTime=6955b900", "wrong-path"),
            ("/live/room1", "txSecret=a08ab2c7&txTime=6955b900", "malformed"),
            ("/live/room1", "txSecret=a08ab2c70c012e9245581087450093e8&txTime=soon", "malformed wrong-key"),
            (
                "/live/room1",
                "txSecret=cc6f90f1269826191c092f9439f6df619848623d120d45ebc8454b294d3d0e15&txTime=6955b900",
                "wrong-hash",
            ),
            ("/live/room1", "txSecret=3f8ac740f5e5d072dae3b273602173bd&txTime=6955b900", "wrong-time"),
            ("/live/room1", "txSecret=3f8ac740f5e5d072dae3b273602173bd&txTime=1767225600", "wrong-time"),
            ("/live/room1", "txSecret=fa0272383c680815f1f0e0412f327318&txTime=6955b900", "wrong-order"),
            ("/live/room1", "auth_key=1767225600-0-0-963fc06b2fd7a0ad8f417689c14f0920", "wrong-scheme"),
        ],
    );
}

#[test]
fn every_fault_of_an_aliyun_address_has_its_reason() {
    hold(
        Formula::AuthKey,
        &[
            ("/live/room1.flv", "auth_key=1767225600-0-0-963fc06b2fd7a0ad8f417689c14f0920", ""),
            ("/live/room1.flv", "auth_key=1767225600-0-0-24a9a2a33e498fd0c752a9bf71b6b497", ""),
            ("/live/room1.m3u8", "auth_key=1767225600-0-0-963fc06b2fd7a0ad8f417689c14f0920", "wrong-path"),
            ("/live/room1.flv", "auth_key=1767225600-0-0-bb0fddcf8b88d40b3fa7920de644f616", "wrong-path"),
            ("/live/room1.flv", "auth_key=1767225600-0-0-c9120c6e070390156c4c63679363301a", "wrong-path"),
            ("/live/room1.flv", "auth_key=1767225600000-0-0-3072bdbdaa750cc19be529c526b43792", "wrong-time"),
            ("/live/room1.flv", "auth_key=1767225600-0-0-ce7f3f505af769fd791cdadcc21dd433", "wrong-order"),
            ("/live/room1.flv", "auth_key=1767225600-0-963fc06b2fd7a0ad8f417689c14f0920", "malformed"),
            ("/live/room1.flv", "auth_key=963fc06b2fd7a0ad8f417689c14f0920", "malformed"),
            ("/live/room1.flv", "auth_key=", "malformed"),
            ("/live/room1.flv", "Auth_Key=1767225600-0-0-963fc06b2fd7a0ad8f417689c14f0920", "wrong-case"),
            ("/live/room1.flv", "auth_key=1767225600-0-1-963fc06b2fd7a0ad8f417689c14f0920", "wrong-key"),
            ("/live/room1.flv", "volcTime=1767225600&volcSecret=4e74ddb5d6ebdb2cd26866df740ff378", "wrong-scheme"),
        ],
    );
}

#[test]
fn every_fault_of_a_volcengine_address_has_its_reason() {
    hold(
        Formula::VolcSecret,
        &[
            ("/live/room1.flv", "volcTime=1767225600&volcSecret=4e74ddb5d6ebdb2cd26866df740ff378", ""),
            ("/live/room1.flv", "volcTime=1767225600&volcSecret=01d71327e6a1360df6db1b4547617d5c", "wrong-path"),
            ("/live/room1", "volcTime=1767225600&volcSecret=e7732ee5fd518f7a9144972bbf3ebba1", "wrong-path"),
            ("/live/Room1", "volcTime=1767225600&volcSecret=4e74ddb5d6ebdb2cd26866df740ff378", "wrong-path"),
            ("/live/room%31", "volcTime=1767225600&volcSecret=4e74ddb5d6ebdb2cd26866df740ff378", "wrong-path"),
            ("/live/room1", "volcTime=6955b900&volcSecret=492195b61f545dcad8d3874b78d76f9d", "wrong-time"),
            ("/live/room1", "volcTime=1767225600&volcSecret=492195b61f545dcad8d3874b78d76f9d", "wrong-time"),
            ("/live/room1", "volcTime=1767225600000&volcSecret=8a0bad3fd551c76eb76dc44fea8fc86f", "wrong-time"),
            ("/live/room1", "volcTime=1767225600&volcSecret=897ae0a540a7a6326d5382ca812865ab", "wrong-order"),
            ("/live/room1", "volcSecret=4e74ddb5d6ebdb2cd26866df740ff378", "missing"),
        ],
    );
}

#[test]
fn an_address_ends_at_its_time_or_the_domains_period_later() {
    let query = "txSecret=a08ab2c70c012e9245581087450093e8&txTime=6955b900";
    let late = checked(Formula::TxSecret, "/live/room1", query, AT + 1);
    assert_eq!(late.refusals, [Refusal::Expired(Timestamp::from_second(AT).unwrap())]);
    let both = checked(Formula::TxSecret, "/live/room2", query, AT + 1);
    assert_eq!(both.refusals.len(), 2, "{both:?}");
    let at = Timestamp::from_second(AT).unwrap();
    for (formula, seconds) in [(Formula::TxSecret, 60), (Formula::AuthKey, 60), (Formula::VolcSecret, 0)] {
        let rule = Rule { valid: Some(SignedDuration::from_secs(60)), ..Rule::new(formula) };
        assert_eq!(rule.end(at).as_second(), AT + seconds, "{formula:?}");
    }
    let endless = Rule { valid: Some(SignedDuration::MAX), ..Rule::new(Formula::AuthKey) };
    assert_eq!(endless.end(at), Timestamp::MAX);
}
