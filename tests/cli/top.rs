//! `stream top`: one row shape over the three vendors, once and again and again.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::assert_run;
use crate::harness::{PROGRAM, World};
use crate::terminal::{Ended, Terminal};

const COLUMNS: [&str; 9] =
    ["vendor", "profile", "domain", "app", "stream", "frame_rate", "bit_rate", "since", "client_ip"];

/// Three accounts, one a vendor, with the same streams.
fn three() -> World {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.profiles(
        "[profiles.a]\nvendor = \"tencent\"\n[profiles.b]\nvendor = \"aliyun\"\n[profiles.c]\nvendor = \"volcengine\"\n",
    );
    for profile in ["a", "b", "c"] {
        for stream in ["push.example.com/live/s1", "push.example.com/live/frozen1", "push.example.com/other/s2"] {
            world.run(&format!("sandbox publish {stream} --profile {profile}")).ok();
        }
    }
    world
}

fn named(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["stream"].as_str().unwrap()).collect()
}

#[test]
fn the_vendors_tell_the_same_rows_the_fastest_first() {
    let world = three();
    let all = world.run("stream top --domain push.example.com --all-profiles -o json").ok().json();
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), 9);
    let rates = |rows: &[Value]| -> Vec<Value> {
        rows.iter().map(|row| json!([row["stream"], row["frame_rate"], row["bit_rate"]])).collect()
    };
    for (rows, vendor) in all.chunks(3).zip(["tencent", "aliyun", "volcengine"]) {
        for row in rows {
            assert_eq!(row.as_object().unwrap().keys().collect::<Vec<_>>(), COLUMNS);
            assert_eq!((&row["vendor"], &row["domain"]), (&json!(vendor), &json!("push.example.com")));
            assert!(row["since"].is_string() && row["client_ip"].is_string(), "{row}");
        }
        // bit/s, kbit/s and bytes a second of the vendors are one unit.
        assert_eq!(rates(rows), rates(&all[..3]));
        let told: Vec<u64> = rows.iter().map(|row| row["bit_rate"].as_u64().unwrap()).collect();
        assert!(told.is_sorted_by(|one, next| one > next), "{told:?}");
        // No picture comes, and it is shown all the same: with its sound.
        assert_eq!(rates(&rows[2..]), [json!(["frozen1", 0, 128_000])]);
        assert_eq!((&rows[0]["frame_rate"], &rows[1]["frame_rate"]), (&json!(25), &json!(25)));
    }
}

#[test]
fn what_is_named_is_what_is_shown() {
    let world = three();
    for profile in ["a", "b", "c"] {
        let rows = |more: &str| {
            let line = format!("stream top --domain push.example.com --profile {profile} -o json {more}");
            world.run(&line).ok().json().as_array().unwrap().clone()
        };
        assert_eq!(named(&rows("--app other")), ["s2"]);
        assert_eq!(named(&rows("--stream s1")), ["s1"]);
        assert_eq!(rows("--stream s").len(), 0, "no part of a name");
        assert_eq!(named(&rows("--sort-by stream --limit 3")), ["frozen1", "s1", "s2"]);
    }
    let raw = world.run("stream top --raw --profile b --domain push.example.com --stream s1").ok().json();
    assert!(raw[0]["FrameRateAndBitRateInfo"]["BitRate"].is_u64() && raw[0]["PublishTime"].is_string(), "{raw}");
    let run = world.run("stream top --profile b").ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "note: stream top: nothing there\n"));
    assert_run!(world.run("stream top --profile a --columns stream,frame_rate,bit_rate").ok());
}

#[test]
fn what_cannot_be_watched_is_told_at_once() {
    let world = three();
    assert_run!(world.run("stream top --profile a --watch").fails(2));
    for (line, option) in [
        ("--watch -o json", "--output"),
        ("--watch -o yaml", "--output"),
        ("--watch --raw -o json", "--output"),
        ("--watch 0 -o ndjson", "--watch"),
        ("--watch 200ms -o ndjson", "--watch"),
        ("--watch 5 -o ndjson --columns nope", "--columns"),
        ("--watch 5 -o ndjson --sort-by nope", "--sort-by"),
    ] {
        let run = world.run(&format!("stream top --profile b {line}")).fails(2);
        assert!(run.stderr.contains(option), "{run}");
    }
    // Both at once.
    let error = world.run("stream top --profile b --watch 0 -o json").fails(2).error();
    let options: Vec<&Value> = error["faults"].as_array().unwrap().iter().map(|fault| &fault["option"]).collect();
    assert_eq!(options, ["--watch", "--output"]);
    // What no later round would do better ends it: here an option of another vendor.
    let run = world.run("stream top --profile b --watch 5 -o ndjson --vhost example").fails(2);
    assert!(run.stderr.contains("--vhost"), "{run}");
}

#[test]
fn round_after_round_is_written_with_its_time_until_nobody_reads_and_one_that_fails_is_told() {
    let world = three();
    let fault = "aliyun:DescribeLiveStreamsOnlineList:error";
    let words = ["stream", "top", "--profile", "b", "--domain", "push.example.com", "--watch", "1", "-o", "csv"];
    let mut command = world.command(PROGRAM);
    command.args(words).args(["--fault", fault, "--retries", "0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The head, nothing of the round that failed, and two whole rounds.
    let lines: Vec<String> = BufReader::new(child.stdout.take().unwrap()).lines().take(7).map(Result::unwrap).collect();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(lines[0], format!("time,{}", COLUMNS.join(",")));
    let cell = |line: &str, at: usize| line.split(',').nth(at).unwrap().to_owned();
    let times: Vec<String> = lines[1..].iter().map(|line| cell(line, 0)).collect();
    assert!(times[0] == times[2] && times[2] < times[3] && times[3] == times[5], "{lines:#?}");
    assert_eq!(lines[1..4].iter().map(|line| cell(line, 7)).collect::<Vec<_>>()[2], "128000");
    assert_eq!(ended.status.code(), Some(0));
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(told.starts_with("error: ") && told.matches("error: ").count() == 1, "{told}");
}

#[test]
fn a_view_is_drawn_in_its_place_until_it_is_interrupted() {
    let world = three();
    world.run("sandbox publish 直播推流.例子.中国/直播/频道一 --profile c").ok();
    let mut terminal = Terminal::start(&world, "stream top --profile b,c --domain push.example.com --watch 1", 120);
    let clear = "\x1b[H\x1b[J";
    terminal.shows("\x1b[?1049h").shows(clear).shows("6 streams").shows("every 1s").shows("128 k");
    terminal.shows(clear).shows("6 streams").types("\x03");
    let ended = terminal.ends().with(130);
    // All accounts together: the fastest of each stand beside each other.
    let text = ended.text();
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("push.example.com")).collect();
    let vendor = |row: &str| row.split_whitespace().next().unwrap().to_owned();
    assert!(vendor(rows[0]) != vendor(rows[1]) && rows[0].contains(" M "), "{text}");
    let (left, back) = (ended.shown.rfind("\x1b[?1049h"), ended.shown.rfind("\x1b[?1049l"));
    assert!(left < back && ended.shown.matches("\x1b[?1049h").count() == 1, "{:?}", ended.shown);
    let after = ended.shown.split("\x1b[?1049l").nth(1).unwrap();
    assert!(after.contains("interrupted"), "what is told comes behind the view: {:?}", ended.shown);

    let mut terminal = Terminal::start(&world, "stream top --profile c --watch", 40);
    terminal.shows("直播").shows("25").signal("TERM");
    let ended = terminal.ends().with(130);
    let view = ended.shown.split("\x1b[?1049l").next().unwrap().to_owned();
    for line in (Ended { shown: view, ..ended }).text().lines() {
        assert!(unicode_width::UnicodeWidthStr::width(line.trim_end_matches('\r')) <= 40, "{line:?}");
    }
}

#[test]
fn a_round_that_fails_is_told_in_the_view_and_tencent_is_not_asked_more_than_once_a_minute() {
    let world = three();
    let fault = "--fault aliyun:DescribeLiveStreamsOnlineList:error --retries 0";
    let line = format!("stream top --profile b --domain push.example.com --watch 1 {fault}");
    let mut terminal = Terminal::start(&world, &line, 120);
    terminal.shows("no answer yet").shows("error: ").shows("3 streams");
    terminal.types("\x03");
    let ended = terminal.ends().with(130);
    let last = ended.shown.rsplit("\x1b[H\x1b[J").next().unwrap();
    assert!(!last.contains("error: reading"), "{last:?}");

    let mut terminal = Terminal::start(&world, "stream top --profile a,b --watch 5", 100);
    terminal.shows("tencent asks for no more than a look every 1m").shows("every 1m");
    terminal.types("\x03");
    terminal.ends().with(130);
}
