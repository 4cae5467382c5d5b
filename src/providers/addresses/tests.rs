//! The forms of addresses, against the vendors' pages.

use super::*;
use crate::providers::provider;

/// 6469/107533, 199339, 267/40102: SRT addresses as the pages have them, with short values.
const SRT: &[(Vendor, &str)] = &[
    (
        Vendor::Tencent,
        "srt://push.example.com:9000?streamid=#!::h=push.example.com,r=live/s1,txSecret=abc,txTime=5C271099",
    ),
    (
        Vendor::Aliyun,
        "srt://demo.aliyunlive.com:1105?streamid=#!::h=demo.aliyunlive.com,r=/1/1?auth_key=1661312655-0-0-3f,m=publish",
    ),
    (
        Vendor::Volcengine,
        "srt://push.example.com:9000?streamid=#!::h=push.example.com,r=live/s1,m=publish,volcTime=1648717,volcSecret=xxx",
    ),
];

#[test]
fn srt_addresses_are_read_and_written_as_the_pages_have_them() {
    for (vendor, text) in SRT {
        let address = Address::read(text).unwrap();
        assert_eq!(provider(*vendor).addresses().write(&address), *text);
        assert_eq!((address.signer(), address.scope()), (Some(*vendor), Some(KeyScope::Push)), "{text}");
        let (place, id) = text.split_once("streamid=").unwrap();
        let encoded = format!("{place}streamid={}", percent::encode(id));
        assert_eq!(Address::read(&encoded).unwrap(), address, "{encoded}");
    }
}

#[test]
fn what_else_stands_in_an_srt_address_stays_there() {
    let tencent = provider(Vendor::Tencent).addresses();
    let text = "srt://h:9000?latency=200&streamid=#!::h=h,r=live/room1&mode=caller";
    let address = Address::read(text).unwrap();
    assert_eq!(address.path, "/live/room1");
    assert_eq!(tencent.write(&address), "srt://h:9000?latency=200&mode=caller&streamid=#!::h=h,r=live/room1");
    let encoded = "srt://h:9000?streamid=%23!%3A%3Ah%3Dh%2Cr%3Dlive%2Froom1&latency=200&mode=caller";
    assert_eq!(Address::read(encoded).unwrap(), address);
    // A `&` in the query of the resource does not end the id.
    let text = "srt://h:1105?streamid=#!::h=h,r=/live/s1?a=1&auth_key=2,m=publish&latency=200";
    let address = Address::read(text).unwrap();
    assert_eq!((address.path.as_str(), address.params.len(), address.others.len()), ("/live/s1", 2, 1));
    let aliyun = provider(Vendor::Aliyun).addresses();
    let written = "srt://h:1105?latency=200&streamid=#!::h=h,r=/live/s1?a=1&auth_key=2,m=publish";
    assert_eq!(aliyun.write(&address), written);
    let without = Address { mode: None, ..address };
    assert_eq!(Address::read(&aliyun.write(&without)).unwrap(), without);
}

#[test]
fn the_signatures_of_all_vendors_give_way_to_a_new_one() {
    let text = "rtmp://d.example.com/live/s1?a=1&TXSECRET=x&txtime=1&auth_key=2&volcTime=3&VolcSecret=4";
    let rule = Rule::new(Formula::AuthKey);
    let signed = Address::read(text).unwrap().signed(&rule, vec![("auth_key".into(), "new".into())]);
    assert_eq!(signed.params, [("a".into(), "1".into()), ("auth_key".into(), "new".into())]);
}

#[test]
fn volcengine_takes_a_push_by_type_b_only() {
    let addresses = provider(Vendor::Volcengine).addresses();
    let wish = |scope, scheme| Wish { scope: Some(scope), scheme, ..Wish::default() };
    assert!(addresses.rule(None, wish(KeyScope::Push, Some(UrlScheme::A))).is_err());
    assert!(addresses.rule(None, wish(KeyScope::Push, Some(UrlScheme::B))).is_ok());
    assert!(addresses.rule(None, wish(KeyScope::Play, Some(UrlScheme::A))).is_ok());
    let type_a = Rule::new(Formula::AuthKey);
    assert!(addresses.refuses(&type_a, Some(KeyScope::Push)));
    assert!(!addresses.refuses(&type_a, Some(KeyScope::Play)));
    assert!(!provider(Vendor::Aliyun).addresses().refuses(&type_a, Some(KeyScope::Push)));
}

#[test]
fn every_form_is_the_one_of_the_vendors_pages() {
    let built = |vendor: Vendor, scope, plain| -> Vec<String> {
        let addresses = provider(vendor).addresses();
        let one = |form: &Form| addresses.write(&addresses.address(form, "d.example.com", "live", "s1", plain));
        addresses.forms(scope).iter().map(one).collect()
    };
    assert_eq!(
        built(Vendor::Tencent, KeyScope::Push, false),
        [
            "rtmp://d.example.com/live/s1",
            "srt://d.example.com:9000?streamid=#!::h=d.example.com,r=live/s1",
            "webrtc://d.example.com/live/s1",
        ]
    );
    assert_eq!(
        built(Vendor::Aliyun, KeyScope::Push, false),
        [
            "rtmp://d.example.com/live/s1",
            "srt://d.example.com:1105?streamid=#!::h=d.example.com,r=/live/s1,m=publish",
            "artc://d.example.com/live/s1",
        ]
    );
    assert_eq!(
        built(Vendor::Volcengine, KeyScope::Push, false),
        ["rtmp://d.example.com/live/s1", "srt://d.example.com:9000?streamid=#!::h=d.example.com,r=live/s1,m=publish",]
    );
    assert_eq!(
        built(Vendor::Tencent, KeyScope::Play, true),
        [
            "rtmp://d.example.com/live/s1",
            "http://d.example.com/live/s1.flv",
            "http://d.example.com/live/s1.m3u8",
            "webrtc://d.example.com/live/s1",
        ]
    );
    let artc = built(Vendor::Aliyun, KeyScope::Play, false);
    assert_eq!(artc.last().map(String::as_str), Some("artc://d.example.com/live/s1"));
    assert_eq!(built(Vendor::Volcengine, KeyScope::Play, false).len(), 3);
}

#[test]
fn what_is_no_address_is_refused() {
    for text in [
        "",
        "live/s1",
        "rtmp://",
        "rtmp://d.example.com",
        "rtmp://d.example.com/",
        "rtmp:///live/s1",
        "https://a@b/live/s1",
        "rtmp://d.example.com/live/ s1",
        "srt://d.example.com:9000",
        "srt://d.example.com:9000?streamid=live/s1",
        "srt://d.example.com:9000?streamid=#!::h=d.example.com",
        "srt://d:1?streamid=%zz",
        "rtmp://d.example.com/a\n",
    ] {
        assert!(Address::read(text).is_err(), "{text}");
    }
}

#[test]
fn other_parameters_stay_and_an_old_signature_goes() {
    let rule = Rule::new(Formula::TxSecret);
    let address = Address::read("https://d.example.com:8443/live/s1.flv?a=1&txSecret=old&b&txTime=0#x").unwrap();
    assert_eq!((address.host.as_str(), address.protocol()), ("d.example.com", Some(Protocol::Flv)));
    let signed = address.signed(&rule, vec![("txSecret".into(), "new".into()), ("txTime".into(), "1".into())]);
    let written = provider(Vendor::Tencent).addresses().write(&signed);
    assert_eq!(written, "https://d.example.com:8443/live/s1.flv?a=1&b&txSecret=new&txTime=1");
}

#[test]
fn a_domains_setting_makes_its_rule() {
    let rule = |vendor: Vendor, raw: serde_json::Value| provider(vendor).addresses().rule(Some(&raw), Wish::default());
    let tencent = rule(Vendor::Tencent, serde_json::json!({"AuthDelta": 300})).unwrap();
    assert_eq!((tencent.formula, tencent.valid), (Formula::TxSecret, Some(SignedDuration::from_secs(300))));
    let arguments = |kind: &str| {
        serde_json::json!({"FunctionName": "aliauth", "FunctionArgs": {"FunctionArg": [
            {"ArgName": "auth_type", "ArgValue": kind}, {"ArgName": "ali_auth_delta", "ArgValue": "1800"}]}})
    };
    let aliyun = rule(Vendor::Aliyun, arguments("type_a")).unwrap();
    assert_eq!((aliyun.formula, aliyun.valid), (Formula::AuthKey, Some(SignedDuration::from_secs(1800))));
    assert!(rule(Vendor::Aliyun, arguments("type_c")).is_err());
    let detail = |kind: &str, algorithm: &str| {
        serde_json::json!({"TimeStampBase": 16, "ValidDuration": 60, "AuthDetailList": [
            {"AuthType": kind, "EncryptionAlgorithm": algorithm, "SecretKey": "x",
             "AuthField": {"volcSecret": "sign", "volcTime": "expire"}}]})
    };
    let renamed = rule(Vendor::Volcengine, detail("TypeB", "md5")).unwrap();
    assert_eq!(
        (renamed.secret_name.as_str(), renamed.time_name.as_deref(), renamed.base),
        ("sign", Some("expire"), 16)
    );
    assert_eq!(rule(Vendor::Volcengine, detail("TypeA", "md5")).unwrap().formula, Formula::AuthKey);
    assert!(rule(Vendor::Volcengine, detail("TypeC", "md5")).is_err());
    assert!(rule(Vendor::Volcengine, detail("TypeB", "md5_custom")).is_err());
}

#[test]
fn what_names_no_server_is_no_address() {
    for text in ["://push.example.com/live/s1", "rtmp://:1935/live/s1", "rtmp:///live/s1", "rtmp://push.example.com/"] {
        assert!(Address::read(text).is_err(), "{text}");
    }
    let empty = Address::read("rtmp://push.example.com/live/s1?=&a=1").unwrap();
    assert_eq!(empty.params, [("a".to_owned(), "1".to_owned())]);
}

proptest::proptest! {
    #[test]
    fn any_text_is_an_address_or_none(text in "(rtmp|https|srt)?(://)?([a-z.:/?#!=,&%]|streamid=|\\PC){0,40}") {
        if let Ok(address) = Address::read(&text) {
            // What was read is written and read again as the same.
            let addresses = provider(Vendor::Tencent).addresses();
            let again = Address::read(&addresses.write(&address)).unwrap();
            assert_eq!((again.path, again.params), (address.path, address.params), "{text}");
        }
    }
}
