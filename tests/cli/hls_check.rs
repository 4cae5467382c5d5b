//! `hls-key check`, on streams that ffmpeg encrypted.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::assert_run;
use crate::harness::{Run, World};
use crate::servers::{Canned, answer, ok};

const KEY_A: &[u8] = b"0123456789abcdef";
const KEY_B: &[u8] = b"fedcba9876543210";
const HEAD: &str = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n";

/// What `#EXT-X-KEY` says of a key of the server.
fn key(uri: &str) -> String {
    format!("#EXT-X-KEY:METHOD=AES-128,URI=\"{uri}\",IV=0x00000000000000000000000000000000\n")
}

fn segments(names: &[&str]) -> String {
    names.iter().map(|name| format!("#EXTINF:1.024000,\n{name}.ts\n")).collect()
}

fn fixture(name: &str) -> Option<Vec<u8>> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/hls").join(name)).ok()
}

/// A server of the fixtures, two keys, and these playlists.
fn serving(playlists: &[(&'static str, String)]) -> Canned {
    let playlists = playlists.to_vec();
    Canned::start(move |seen| {
        let path = seen.target.split('?').next().unwrap_or_default().trim_start_matches('/');
        match path {
            "a.key" => ok(KEY_A),
            "b.key" => ok(KEY_B),
            "text.key" => ok("30313233343536373839616263646566"),
            "forbidden.key" => answer("403 Forbidden", "no"),
            "moved.m3u8" => {
                b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .to_vec()
            }
            "huge.m3u8" => ok(format!("#EXTM3U\n{}", "#EXTINF:1,\nx.ts\n".repeat(1 << 19))),
            path => match playlists.iter().find(|(name, _)| *name == path) {
                Some((_, text)) => ok(text),
                None => fixture(path).map_or_else(|| answer("404 Not Found", "nothing"), ok),
            },
        }
    })
}

/// Checks the playlist `x.m3u8` of this text.
fn check(text: &str, more: &str) -> Run {
    let server = serving(&[("x.m3u8", text.to_owned())]);
    let run = World::empty().run(&format!("hls-key check {}/x.m3u8 --retries 0 -o json {more}", server.endpoint));
    assert!(!run.to_string().contains("0123456789abcdef"), "{run}");
    run
}

#[track_caller]
fn verdict(run: &Run, expected: &str) {
    let code = if expected == "encrypted" { 0 } else { 10 };
    assert_eq!((run.code, &run.json()["verdict"]), (code, &json!(expected)), "{run}");
}

#[test]
fn an_encrypted_stream_and_its_key() {
    let run = check(&format!("{HEAD}{}{}", key("a.key"), segments(&["a0", "a1", "a2"])), "");
    verdict(&run, "encrypted");
    let row = run.json();
    // The first digits of `printf 0123456789abcdef | sha256sum`.
    assert_eq!(
        (&row["keys"], &row["key_sha256"], &row["method"]),
        (&json!(1), &json!("9f9f5111f7b27a78"), &json!("AES-128"))
    );
    assert_eq!((&row["window_seconds"], &row["cycle_seconds"]), (&json!(3.072), &json!(null)));
    assert!(row["key_url"].as_str().unwrap().ends_with("/a.key"), "{run}");
}

#[test]
fn a_wrong_key_and_a_clear_stream_that_says_it_is_encrypted() {
    verdict(&check(&format!("{HEAD}{}{}", key("b.key"), segments(&["a0"])), ""), "wrong-key");
    verdict(&check(&format!("{HEAD}{}{}", key("a.key"), segments(&["c0"])), ""), "clear");
    verdict(&check(&format!("{HEAD}{}", segments(&["c0"])), ""), "not-encrypted");
    verdict(&check(&format!("{HEAD}{}", segments(&["a0"])), ""), "unknown");
    // Without an IV the sequence number is one: not the one of these segments.
    let plain = "#EXT-X-MEDIA-SEQUENCE:9\n#EXT-X-KEY:METHOD=AES-128,URI=\"a.key\"\n";
    assert_ne!(check(&format!("{HEAD}{plain}{}", segments(&["a0"])), "").json()["verdict"], "clear");
    let other = "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://x\",KEYFORMAT=\"com.apple.streamingkeydelivery\"\n";
    verdict(&check(&format!("{HEAD}{other}{}", segments(&["a0"])), ""), "other-method");
    let partly = format!(
        "{HEAD}{}#EXT-X-KEY:METHOD=NONE\n{}{}{}",
        segments(&["c0"]),
        key("a.key"),
        segments(&["a1"]),
        segments(&["a2"])
    );
    verdict(&check(&partly, ""), "partly-encrypted");
}

#[test]
fn keys_that_change_in_the_playlist_are_counted_and_tried() {
    let (a, b) = (key("a.key"), key("b.key"));
    let rotated = format!("{HEAD}{a}{}{b}{}{a}{}", segments(&["a0", "a1"]), segments(&["b1"]), segments(&["a2"]));
    let run = check(&rotated, "");
    verdict(&run, "encrypted");
    let row = run.json();
    assert_eq!(
        (&row["keys"], &row["cycle_seconds"], &row["window_seconds"]),
        (&json!(2), &json!(1.024), &json!(4.096))
    );
    // The second key is not the one of its segments.
    let wrong = format!("{HEAD}{a}{}{b}{}", segments(&["a0", "a1"]), segments(&["a2"]));
    verdict(&check(&wrong, ""), "wrong-key");
}

#[test]
fn a_stream_that_is_clear_in_part_is_not_taken_for_encrypted() {
    let (a, b) = (key("a.key"), key("b.key"));
    verdict(&check(&format!("{HEAD}{a}{}", segments(&["a0", "c0", "c0", "c0"])), ""), "clear");
    let other = "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"a.key\"\n";
    verdict(&check(&format!("{HEAD}{a}{}{other}{}", segments(&["a0"]), segments(&["a1"])), ""), "other-method");
    // Six keys in turn, and a clear segment under the second.
    let turns = |names: &[&str]| -> String {
        let keyed = names.iter().map(|name| if name.starts_with('b') { (&b, name) } else { (&a, name) });
        keyed
            .enumerate()
            .map(|(at, (key, name))| match at {
                1 => format!("{b}{}", segments(&[name])),
                _ => format!("{key}{}", segments(&[name])),
            })
            .collect()
    };
    verdict(&check(&format!("{HEAD}{}", turns(&["a0", "c0", "a1", "b1", "a2", "b1"])), ""), "clear");
    // What is not looked at is told.
    let many = turns(&["a0", "b1"].repeat(6));
    let run = check(&format!("{HEAD}{many}"), "");
    verdict(&run, "encrypted");
    let row = run.json();
    assert_eq!((&row["keys_checked"], &row["segments_checked"]), (&json!(8), &json!(8)), "{run}");
    assert!(run.stderr.contains("segments under 4 between were not looked at"), "{run}");
    let all = check(&format!("{HEAD}{a}{}", segments(&["a0", "a1", "a2"])), "");
    assert_eq!((&all.json()["keys_checked"], &all.json()["segments_checked"]), (&json!(1), &json!(2)), "{all}");
    assert!(!all.stderr.contains("not looked at"), "{all}");
}

#[test]
fn a_master_playlist_leads_to_its_first_rendition() {
    let master =
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/../x.m3u8?a=1\n#EXT-X-STREAM-INF:BANDWIDTH=2\nhigh.m3u8\n";
    let media = format!("{HEAD}{}{}", key("/a.key"), segments(&["/a0"]));
    let server = serving(&[("m.m3u8", master.to_owned()), ("x.m3u8", media)]);
    let run = World::empty().run(&format!("hls-key check {}/m.m3u8 -o json", server.endpoint)).ok();
    verdict(&run, "encrypted");
    assert!(run.json()["playlist"].as_str().unwrap().ends_with("/x.m3u8?a=1"), "{run}");
    assert!(run.stderr.contains("the first of 2 renditions"), "{run}");
    let endless = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nx.m3u8\n";
    assert_eq!(check(endless, "").fails(8).stdout, "");
}

#[test]
fn what_cannot_be_fetched_is_an_error_of_its_kind() {
    let with = |uri: &str| format!("{HEAD}{}{}", key(uri), segments(&["a0"]));
    // Nobody listens at the port of this address.
    check(&with("http://127.0.0.1:1/a.key"), "").fails(7);
    check(&with("forbidden.key"), "").fails(3);
    check(&with("gone.key"), "").fails(4);
    check(&with("text.key"), "").fails(8);
    check(&format!("{HEAD}{}", segments(&["gone"])), "").fails(4);
    check(HEAD, "").fails(4);
    check("<html>", "").fails(8);
}

#[test]
fn hostile_playlists_lead_nowhere() {
    let with = |uri: &str| format!("{HEAD}{}{}", key(uri), segments(&["a0"]));
    for uri in [
        "file:///etc/passwd",
        "data:text/plain,0123456789abcdef",
        "ftp://d.example.com/k",
        "http://u:p@127.0.0.1/k",
        "http://[/k",
        "",
    ] {
        let run = check(&with(uri), "");
        assert!(run.code == 8 || run.code == 10, "{uri}: {run}");
    }
    check(&format!("{HEAD}#EXTINF:1,\nfile:///etc/passwd\n"), "").fails(8);
    let server = serving(&[]);
    for (name, told) in [("moved.m3u8", "no redirect is followed"), ("huge.m3u8", "larger than 4 MiB")] {
        let run = World::empty().run(&format!("hls-key check {}/{name}", server.endpoint)).fails(8);
        assert!(run.stderr.contains(told), "{run}");
    }
    let world = World::empty();
    for url in ["file:///etc/passwd", "play.example.com/live/s1.m3u8", "rtmp://d/live/s1"] {
        world.run_words(&["hls-key", "check", url]).fails(2);
    }
    let all = format!("{HEAD}{}{}", key("a.key"), segments(&["c0"]));
    let server = serving(&[("x.m3u8", all)]);
    let mut run = world.run(&format!("hls-key check {}/x.m3u8", server.endpoint));
    run.command = run.command.replace(&server.endpoint, "http://127.0.0.1");
    run.stdout = run.stdout.replace(&server.endpoint, "http://127.0.0.1");
    assert_run!(run);
}

#[test]
fn the_key_may_be_at_hand_or_the_vendors() {
    let text = format!("{HEAD}{}{}", key("https://kms.invalid/get_key?key_id=08e765a4da"), segments(&["a0"]));
    let server = serving(&[("x.m3u8", text)]);
    let world = World::sandbox("volcengine");
    for (name, key, expected) in [
        ("hex", "30313233343536373839616263646566", "encrypted"),
        ("base64", "MDEyMzQ1Njc4OWFiY2RlZg==", "encrypted"),
        ("text", "fedcba9876543210", "wrong-key"),
    ] {
        world.write(name, key);
        let run = world.run(&format!("hls-key check {}/x.m3u8 --key @{name} -o json", server.endpoint));
        verdict(&run, expected);
        assert_eq!(run.json()["key_id"], "08e765a4da");
    }
    world.write("short", "abc");
    world.run(&format!("hls-key check {}/x.m3u8 --key @short", server.endpoint)).fails(2);
    // The sandbox has a key of its own for each id.
    let asked = world.run(&format!("hls-key check {}/x.m3u8 --from-vendor -o json", server.endpoint));
    verdict(&asked, "wrong-key");
    World::sandbox("tencent").run(&format!("hls-key check {}/x.m3u8 --from-vendor", server.endpoint)).fails(2);
}

#[test]
fn a_rotation_is_proved_from_outside() {
    let service = Arc::new(Mutex::new("old.key?"));
    let named = Arc::clone(&service);
    let server = Canned::start(move |seen| match seen.target.split('?').next().unwrap_or_default() {
        "/x.m3u8" => {
            let uri = *named.lock().unwrap();
            // The next look sees the new service.
            *named.lock().unwrap() = "new.key?";
            ok(format!("{HEAD}{}{}", key(&format!("{uri}key_id=1")), segments(&["a0"])))
        }
        "/old.key" | "/new.key" => ok(KEY_A),
        path => ok(fixture(path.trim_start_matches('/')).unwrap()),
    });
    let world = World::sandbox("volcengine");
    let at = &server.endpoint;
    let rotate = format!("hls-key rotate --key-url {at}/new.key? --cycle 10m --yes -o json --check {at}/x.m3u8");
    let early = world.run(&rotate);
    assert_eq!(early.code, 10, "{early}");
    assert!(early.stderr.contains("its key still comes from"), "{early}");
    *service.lock().unwrap() = "old.key?";
    let waited = world.run(&format!("{rotate} --wait --wait-interval 1s --wait-timeout 1m")).ok();
    assert!(waited.stderr.contains("the stream shows it"), "{waited}");
    world.run(&format!("{rotate} --dry-run")).ok();
}

#[test]
fn a_rotation_that_is_not_seen_took_effect_all_the_same() {
    let text = format!("{HEAD}{}{}", key("a.key?key_id=1"), segments(&["a0"]));
    let server = serving(&[("x.m3u8", text)]);
    let world = World::sandbox("volcengine");
    let at = &server.endpoint;
    let rotate = format!("hls-key rotate --key-url {at}/new.key? --cycle 10m --yes -o json");
    let fails = |line: &str, code: i32| {
        let run = world.run(line);
        assert_eq!(run.code, code, "{run}");
        assert!(
            run.stderr.contains("\"outcome\":\"applied\"") && run.stderr.contains("livectl hls-key check"),
            "{run}"
        );
    };
    fails(&format!("{rotate} --check {at}/gone.m3u8"), 4);
    fails(&format!("{rotate} --check {at}/x.m3u8"), 10);
    let patience = "--wait --wait-interval 1s --wait-timeout 1ms";
    fails(&format!("{rotate} {patience} --check {at}/x.m3u8"), 11);
    fails(&format!("{rotate} {patience} --check {at}/gone.m3u8"), 11);
    // A host may be written in capitals.
    let port = at.rsplit_once(':').unwrap().1;
    let shown = format!("{HEAD}{}{}", key(&format!("http://localhost:{port}/a.key?key_id=1")), segments(&["a0"]));
    let other = serving(&[("x.m3u8", shown)]);
    let rotate = format!("hls-key rotate --key-url http://LOCALHOST:{port}/a.key? --cycle 10m --yes -o json");
    world.run(&format!("{rotate} --check {}/x.m3u8", other.endpoint)).ok();
}

/// A fresh stream, where ffmpeg is there. What CI runs installs it, and says so by this variable.
#[test]
fn a_stream_that_ffmpeg_makes_now() {
    let world = World::empty();
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        assert!(std::env::var_os("LIVECTL_WITH_FFMPEG").is_none(), "ffmpeg is not there");
        eprintln!("left out: ffmpeg is not there; the streams in tests/cli/hls are checked all the same");
        return;
    }
    world.write("a.key", "0123456789abcdef");
    world.write("a.info", "a.key\na.key\n0000000000000000000000000000002a\n");
    let made = "-v error -f lavfi -i sine=frequency=440:sample_rate=8000 -f lavfi -i color=black:s=16x16:r=10 -t 3 -c:a aac \
                -c:v mpeg2video -g 10 -f hls -hls_time 1 -hls_list_size 0 -hls_key_info_file a.info";
    for (name, kind) in [("ts.m3u8", "mpegts"), ("mp4.m3u8", "fmp4")] {
        // Encrypted fragments of MP4 are beyond ffmpeg; clear ones are media all the same.
        let words: Vec<&str> = made
            .split_whitespace()
            .filter(|word| kind == "mpegts" || !word.contains("key_info") && *word != "a.info")
            .collect();
        let words: Vec<&str> =
            words.into_iter().map(|word| if kind == "fmp4" && word == "mpeg2video" { "mpeg4" } else { word }).collect();
        let status = Command::new("ffmpeg")
            .args(words)
            .args(["-hls_segment_type", kind, name])
            .current_dir(world.home())
            .status();
        assert!(status.unwrap().success());
    }
    let home = world.home().to_owned();
    let server = Canned::start(move |seen| {
        let file = std::fs::read(home.join(seen.target.trim_start_matches('/')));
        file.map_or_else(|_| answer("404 Not Found", "nothing"), ok)
    });
    verdict(&world.run(&format!("hls-key check {}/ts.m3u8 -o json", server.endpoint)), "encrypted");
    verdict(&world.run(&format!("hls-key check {}/mp4.m3u8 -o json", server.endpoint)), "not-encrypted");
    world.write("a.key", "another key here");
    verdict(&world.run(&format!("hls-key check {}/ts.m3u8 -o json", server.endpoint)), "wrong-key");
}
