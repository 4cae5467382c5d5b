//! `timeshift url` and `timeline`: a stream from an earlier moment, by its address.

use crate::assert_run;
use crate::harness::World;
use crate::servers::{Canned, answer};

const STREAM: &str = "--domain play.example.com --app live --stream s1";

/// The answer that the vendor's reference prints.
const PRINTED: &str = r#"{"retCode":0,"description":"success","content":{"current":1514269063,"timeline":[{"start":1514269054,"end":1514269058},{"start":1514269058,"end":1514269062}]}}"#;

#[test]
fn two_hours_later_is_one_address() {
    let world = World::empty();
    let url = world.run(&format!("timeshift url {STREAM} --offset 2h")).ok();
    assert_eq!(url.stdout, "https://play.example.com/live/s1.m3u8?lhs_start=1&lhs_offset_unix_s_0=7200\n");
    assert_eq!(url.stderr, "");
    assert_run!(world.run(&format!("timeshift url {STREAM} --offset 2h -o json")).ok());
    assert!(world.run("timeshift url -h").ok().stdout.contains("--offset 2h"));
}

#[test]
fn the_address_that_the_reference_prints() {
    let run = World::empty().run(
        "timeshift url --domain xxx.com --app live --stream channel1 --start 2017-10-24T16:02:20+08:00 \
         --end 2017-10-24T16:04:20+08:00 --form human --zone 8 --scheme http --no-validate",
    );
    assert_eq!(
        run.ok().stdout,
        "http://xxx.com/live/channel1.m3u8?lhs_start=1&lhs_start_human_s_8=20171024160220&lhs_end_human_s_8=20171024160420\n"
    );
}

#[test]
fn a_part_is_one_closed_list_and_units_are_kept() {
    let world = World::empty();
    let url =
        world.run(&format!("timeshift url {STREAM} --start 1502280113 --vod-end 1502280173 --unit ms --no-validate"));
    assert_eq!(
        url.ok().stdout,
        "https://play.example.com/live/s1.m3u8?lhs_start=1&lhs_start_unix_ms_0=1502280113000&lhs_vodend_unix_ms_0=1502280173000\n"
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let world = World::empty();
    assert_run!(
        world
            .run("timeshift url --domain a/b --app live --stream s1 --start -20d --end tomorrow --form human --unit ms --zone 10 --scheme rtmp")
            .fails(2)
    );
    assert_run!(world.run(&format!("timeshift url {STREAM}")).fails(2));
    assert_run!(world.run(&format!("timeshift url {STREAM} --vod-end now")).fails(2));
    assert_run!(world.run(&format!("timeshift url {STREAM} --offset 0 --start -8d")).fails(2));
    assert_run!(world.run(&format!("timeshift url {STREAM} --start -1h --end -2h")).fails(2));
    assert_run!(
        world
            .run("timeshift timeline --domain a@b --app live --stream s1 --since now --until -1h --format ts2")
            .fails(2)
    );
}

#[test]
fn the_other_vendors_say_what_they_have() {
    let world = World::empty();
    world.profiles("[profiles.t]\nvendor = \"tencent\"\n[profiles.a]\nvendor = \"aliyun\"\n");
    assert_run!(world.run(&format!("timeshift url {STREAM} --offset 2h --vendor tencent")).fails(2));
    assert_run!(world.run(&format!("timeshift timeline {STREAM} --since -1h --vendor volcengine")).fails(2));
    assert!(world.run(&format!("timeshift url {STREAM} --offset 2h -p t")).fails(2).stderr.contains("on tencent"));
    let run = world.run(&format!("timeshift url {STREAM} --offset 2h -p a -o json")).ok();
    assert_eq!((&run.json()["vendor"], &run.json()["profile"]), (&"aliyun".into(), &"a".into()));
    world.run(&format!("timeshift url {STREAM} --offset 2h -p missing")).fails(2);
    let other = World::empty().set("LIVECTL_VENDOR", "tencent");
    other.run(&format!("timeshift url {STREAM} --offset 2h")).fails(2);
}

#[test]
fn the_timeline_is_asked_of_the_domain_unsigned() {
    let server = Canned::saying(PRINTED);
    let world = World::empty();
    let line =
        format!("timeshift timeline {STREAM} --since 1514269054 --until 1514269069 --endpoint {}", server.endpoint);
    let json = world.run(&format!("{line} -o json")).ok();
    let seen = server.only();
    assert_eq!(
        seen.head.lines().next(),
        Some(
            "GET /openapi/timeline/query?app=live&domain=play.example.com&format=ts&lhs_end_unix_s_0=1514269069\
             &lhs_start_unix_s_0=1514269054&stream=s1 HTTP/1.1"
        )
    );
    for header in ["authorization", "x-acs-action", "cookie"] {
        assert_eq!(seen.header(header), None);
    }
    let rows = serde_json::json!([
        {"vendor": "aliyun", "profile": null, "start": "2017-12-26T06:17:34Z", "end": "2017-12-26T06:17:38Z", "seconds": 4},
        {"vendor": "aliyun", "profile": null, "start": "2017-12-26T06:17:38Z", "end": "2017-12-26T06:17:42Z", "seconds": 4},
    ]);
    assert_eq!(json.json(), rows);
    assert_run!(world.run(&line).ok());
    let raw = world.run(&format!("{line} --raw -q")).ok();
    assert_eq!(raw.json()[0], serde_json::json!({"start": 1_514_269_054, "end": 1_514_269_058}));
    server.take();
    world.run(&format!("{line} --columns start,stop")).fails(2);
    assert!(server.take().is_empty(), "an unknown column is told before anybody is asked");
    let dry = world.run(&format!("{line} --dry-run")).ok();
    assert_eq!(dry.json()["method"], "GET");
    assert!(server.take().is_empty(), "a dry run asks nobody");
}

#[test]
fn the_domain_itself_is_asked_over_https_unless_told_otherwise() {
    let world = World::empty();
    for (scheme, url) in
        [("", "https://play.example.com/openapi/"), ("--scheme http", "http://play.example.com/openapi/")]
    {
        let run = world.run(&format!("timeshift timeline {STREAM} --since -1h --dry-run {scheme}")).ok();
        assert!(run.json()["url"].as_str().unwrap().starts_with(url), "{run}");
    }
}

#[test]
fn a_domain_with_url_authentication_gets_signed_addresses() {
    let world = World::empty();
    world.write("key.txt", "aliyunliveexp1234\n");
    let run = world.run(&format!("timeshift url {STREAM} --offset 2h --auth-key @key.txt")).ok();
    assert_eq!(run.stderr, "");
    let (address, signature) = run.stdout.trim().split_once("&auth_key=").unwrap();
    assert_eq!(address, "https://play.example.com/live/s1.m3u8?lhs_start=1&lhs_offset_unix_s_0=7200");
    let parts: Vec<&str> = signature.split('-').collect();
    assert_eq!((parts.len(), parts[1], parts[2], parts[3].len()), (4, "0", "0", 32), "{run}");
    let server = Canned::saying(PRINTED);
    let line =
        format!("timeshift timeline {STREAM} --since -1h --endpoint {} --auth-key aliyunliveexp1234", server.endpoint);
    let run = world.run(&format!("{line} -vv")).ok();
    let sent = server.only();
    let digest = sent.parameter("auth_key").unwrap().rsplit('-').next().unwrap().to_owned();
    assert_eq!(digest.len(), 32);
    assert!(run.stderr.contains("auth_key=***") && !run.stderr.contains(&digest), "{run}");
    assert!(run.stderr.contains("--auth-key was typed as an argument"), "{run}");
    assert!(!run.stderr.contains("aliyunliveexp1234"), "{run}");
    let dry = world.run(&format!("{line} --dry-run")).ok();
    assert!(dry.stdout.contains("auth_key=***"), "{dry}");
    world.write("empty.txt", "\n");
    assert_run!(world.run(&format!("timeshift url {STREAM} --offset 2h --auth-key @empty.txt")).fails(2));
}

#[test]
fn what_goes_wrong_on_the_way_has_its_exit_code() {
    let world = World::empty();
    let ask = |server: &Canned, more: &str| {
        world.run(&format!("timeshift timeline {STREAM} --since -1h --endpoint {} {more}", server.endpoint))
    };
    for (status, body, code) in [
        ("403 Forbidden", "", 3),
        ("404 Not Found", "", 4),
        ("302 Found", "", 8),
        ("200 OK", "<html><title>Sign in</title></html>", 8),
        ("200 OK", "{\"retCode\":0,\"content\":{\"timeline\":[{\"start\":\"\u{1b}[2J\"}]}}", 8),
        ("200 OK", r#"{"retCode":9,"description":"\u001b[2Jno such stream"}"#, 8),
    ] {
        let server = Canned::start(move |_| answer(status, body));
        let run = ask(&server, "").fails(code);
        assert!(!run.stderr.contains('\u{1b}'), "{run}");
        server.only();
    }
    // A busy server is asked again, as often as allowed.
    let busy = Canned::start(|_| answer("503 Service Unavailable", ""));
    ask(&busy, "--retries 0").fails(8);
    assert_eq!(busy.take().len(), 1);
    ask(&busy, "--retries 1").fails(8);
    assert_eq!(busy.take().len(), 2);
    let cut = Canned::start(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec());
    ask(&cut, "--retries 0").fails(7);
    let endpoint = "--endpoint http://127.0.0.1:9";
    assert_run!(world.run(&format!("timeshift timeline {STREAM} --since -1h {endpoint} --retries 0")).fails(7));
    world.run(&format!("timeshift timeline {STREAM} --since -1h --endpoint http://192.0.2.1")).fails(2);
}

#[test]
fn the_sandbox_has_a_stream_that_was_live_all_the_time() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    let run = world.run(&format!("timeshift timeline {STREAM} --since -1m -o json")).ok();
    let slices = run.json();
    let slices = slices.as_array().unwrap();
    assert!((14..=16).contains(&slices.len()), "{run}");
    assert!(slices.iter().all(|slice| slice["seconds"] == 4), "{run}");
    let empty = world.run(&format!("timeshift timeline {STREAM} --since +1h --until +2h")).ok();
    assert_run!(empty);
}
