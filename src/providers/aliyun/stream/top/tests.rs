use serde_json::json;

use super::*;
use crate::model::Selector;
use crate::providers::script::Script;

const RATES: &str = "DescribeLiveDomainFrameRateAndBitRateData";
const ONLINE: &str = "DescribeLiveStreamsOnlineList";

fn at(id: &str) -> StreamArgs {
    StreamArgs { target: Selector { id: Some(id.into()), ..Selector::default() }, ..StreamArgs::default() }
}

/// An item of the online list, by the example of the reference.
fn push(domain: &str, stream: &str) -> Value {
    json!({"DomainName": domain, "AppName": "AppName", "StreamName": stream, "PublishTime": "2015-12-02T06:58:04Z",
           "PublishUrl": format!("rtmp://push.aliyunlive.com:1935/AppName/{stream}?auth_key=0"),
           "PublishDomain": domain, "ClientIp": "203.0.113.9"})
}

fn online(script: Script, domain: &str, items: Value) -> Script {
    let asked = json!({"DomainName": domain, "StreamType": "raw", "PageNum": 1, "PageSize": 3000});
    let total = items.as_array().unwrap().len();
    script.answers(ONLINE, asked, json!({"TotalNum": total, "OnlineInfo": {"LiveStreamOnlineInfo": items}}))
}

/// The script's instant is 2023-05-09T00:00:00Z: asked is what was five minutes before.
fn asked(domain: &str) -> Value {
    json!({"DomainName": domain, "QueryTime": "2023-05-08T23:55:00Z"})
}

fn rates(script: Script, infos: Value) -> Script {
    let answer = json!({"FrameRateAndBitRateInfos": {"FrameRateAndBitRateInfo": infos}});
    script.answers(RATES, asked("push.aliyunlive.com"), answer)
}

fn info(path: &str, frames: f64, bytes: f64) -> Value {
    json!({"StreamUrl": format!("rtmp://push.aliyunlive.com/{path}"), "VideoFrameRate": frames, "AudioFrameRate": 42.9,
           "BitRate": bytes})
}

fn domains(script: Script, names: &[&str]) -> Script {
    let items: Vec<Value> = names.iter().map(|name| json!({"DomainName": name})).collect();
    let asked = json!({"LiveDomainType": "liveVideo", "PageNumber": 1, "PageSize": 50});
    script.answers("DescribeLiveUserDomains", asked, json!({"TotalCount": names.len(), "Domains": {"PageData": items}}))
}

#[test]
fn the_rates_of_the_push_domain_go_to_what_is_live() {
    let live = json!([push("play.yourdomain.com", "slow"), push("play.yourdomain.com", "StreamName")]);
    let script = online(Script::new(VENDOR), "play.yourdomain.com", live);
    // The rates of the reference's example; the zeros of an address that the vendor rewrote are another stream's.
    let script = rates(
        script,
        json!([
            info("AppName/StreamName_AliRewrite_1", 0.0, 0.0),
            info("AppName/StreamName", 24.9, 30_693.96),
            info("AppName/slow", 0.0, 12.0)
        ]),
    );
    assert_eq!(
        script.rows(top(&script, &at("play.yourdomain.com"))),
        json!([
            {"vendor": "aliyun", "profile": null, "domain": "play.yourdomain.com", "app": "AppName",
             "stream": "StreamName", "frame_rate": 24.9, "bit_rate": 245_552, "since": "2015-12-02T06:58:04Z",
             "client_ip": "203.0.113.9"},
            {"vendor": "aliyun", "profile": null, "domain": "play.yourdomain.com", "app": "AppName",
             "stream": "slow", "frame_rate": 0, "bit_rate": 96, "since": "2015-12-02T06:58:04Z",
             "client_ip": "203.0.113.9"},
        ])
    );
    let raw = &script.items.borrow()[0].raw;
    assert_eq!(raw["FrameRateAndBitRateInfo"]["BitRate"], 30_693.96);
}

#[test]
fn without_a_domain_a_push_that_several_playback_domains_list_is_one_row() {
    let script = domains(Script::new(VENDOR), &["a.example.com", "b.example.com", "c.example.com"]);
    let script = online(script, "a.example.com", json!([push("a.example.com", "s1")]));
    let script = online(script, "b.example.com", json!([push("b.example.com", "s1"), push("b.example.com", "s2")]));
    let script = online(script, "c.example.com", json!([]));
    let script = rates(script, json!([info("AppName/s2", 25.0, 250_000.0)]));
    let rows = script.rows(top(&script, &StreamArgs::default()));
    let told = |row: &Value| json!([row["domain"], row["stream"], row["frame_rate"], row["bit_rate"]]);
    let told: Vec<Value> = rows.as_array().unwrap().iter().map(told).collect();
    // What began less than five minutes ago has no rates yet, and comes last.
    assert_eq!(json!(told), json!([["b.example.com", "s2", 25, 2_000_000], ["a.example.com", "s1", null, null]]));
    assert_eq!(*script.notes.borrow(), ["looking through 3 playback domains"]);
}

#[test]
fn where_nothing_is_live_no_rates_are_asked_for() {
    let script = online(Script::new(VENDOR), "play.example.com", json!([]));
    assert_eq!(script.rows(top(&script, &at("play.example.com"))), json!([]));
    assert_eq!(script.actions(), [ONLINE]);
}

#[test]
fn a_push_domain_that_fails_is_told_unless_it_is_the_only_one() {
    let refused = || Error::new(Class::Auth, "no permission");
    let script = online(Script::new(VENDOR), "play.example.com", json!([push("play.example.com", "s1")]));
    let script = script.fails(RATES, asked("push.aliyunlive.com"), refused());
    assert_eq!(script.run(top(&script, &at("play.example.com"))).unwrap_err().class(), Class::Auth);

    let mut other = push("play.example.com", "s2");
    other["PublishUrl"] = json!("rtmp://other.example.com/AppName/s2");
    let script = online(Script::new(VENDOR), "play.example.com", json!([push("play.example.com", "s1"), other]));
    let script = script.fails(RATES, asked("other.example.com"), refused());
    let script = rates(script, json!([info("AppName/s1", 25.0, 1.0)]));
    let rows = script.rows(top(&script, &at("play.example.com")));
    assert_eq!((&rows[0]["bit_rate"], &rows[1]["bit_rate"]), (&json!(8), &Value::Null));
    assert_eq!(script.failures.borrow()[0].0, "domain other.example.com");
}

#[test]
fn an_answer_that_holds_no_rates_is_no_fact() {
    let script = online(Script::new(VENDOR), "play.example.com", json!([push("play.example.com", "s1")]));
    let script = rates(script, json!("none"));
    assert_eq!(script.run(top(&script, &at("play.example.com"))).unwrap_err().class(), Class::Vendor);
    // Addresses that name no stream, and rates that are none.
    let script = online(Script::new(VENDOR), "play.example.com", json!([push("play.example.com", "s1")]));
    let script = rates(script, json!([{}, {"StreamUrl": "?"}, info("AppName/s1", -1.0, -8.0), 7, null]));
    let rows = script.rows(top(&script, &at("play.example.com")));
    assert_eq!((&rows[0]["frame_rate"], &rows[0]["bit_rate"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_later_look_asks_for_a_later_time() {
    let script = online(Script::new(VENDOR), "play.example.com", json!([push("play.example.com", "s1")]));
    script.pauses.borrow_mut().push(std::time::Duration::from_secs(90));
    let later = json!({"DomainName": "push.aliyunlive.com", "QueryTime": "2023-05-08T23:56:30Z"});
    let script = script.answers(RATES, later, json!({}));
    assert_eq!(script.rows(top(&script, &at("play.example.com"))).as_array().map(Vec::len), Some(1));
}

#[test]
fn other_vendors_options_are_refused() {
    let script = Script::new(VENDOR);
    let args = StreamArgs { vhost: Some("example".into()), ..StreamArgs::default() };
    assert_eq!(script.run(top(&script, &args)).unwrap_err().class(), Class::Usage);
}
