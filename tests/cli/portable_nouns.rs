//! The same life of the portable nouns on every vendor, in the sandbox: shapes, exit codes and keys are alike.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Run, World};

const VENDORS: [&str; 3] = ["tencent", "aliyun", "volcengine"];

/// What every change prints, in this order.
const CHANGED: [&str; 8] = ["vendor", "profile", "action", "id", "name", "changed", "changes", "request_id"];

/// One portable noun: how something is made and changed, and what its rows have.
struct Noun {
    name: &'static str,
    columns: &'static [&'static str],
    /// The verb that changes it.
    update: &'static str,
    /// The options that make it; the place comes before them.
    made: &'static str,
    /// The options that change it.
    changed: &'static str,
    /// What the row says afterwards: made, and changed.
    rows: [(&'static str, &'static str); 2],
}

const NOUNS: &[Noun] = &[
    Noun {
        name: "record",
        columns: &[
            "vendor",
            "profile",
            "id",
            "domain",
            "app",
            "stream",
            "formats",
            "segment_seconds",
            "storage",
            "created_at",
        ],
        update: "update",
        made: "--app live --format flv,mp4 --segment 30m",
        changed: "--segment 1h",
        rows: [("segment_seconds", "1800"), ("segment_seconds", "3600")],
    },
    Noun {
        name: "transcode",
        columns: &[
            "vendor",
            "profile",
            "id",
            "name",
            "domain",
            "app",
            "codec",
            "width",
            "height",
            "fps",
            "video_kbps",
            "audio_kbps",
        ],
        update: "update",
        made: "--app live --name hd720 --codec h264 --width 1280 --height 720 --fps 25 --video-kbps 1500",
        changed: "--video-kbps 2000",
        rows: [("video_kbps", "1500"), ("video_kbps", "2000")],
    },
    Noun {
        name: "callback",
        columns: &["vendor", "profile", "id", "domain", "app", "event", "url", "auth"],
        update: "set",
        made: "--event record --url http://hooks.example.com/a",
        changed: "--url http://hooks.example.com/b",
        rows: [("url", "http://hooks.example.com/a"), ("url", "http://hooks.example.com/b")],
    },
    Noun {
        name: "relay",
        columns: &["vendor", "profile", "id", "domain", "app", "stream", "sources", "start_time", "end_time", "status"],
        update: "update",
        made: "--app live --stream s1 --source rtmp://origin.example.com/live/a --start +1h --end +2h",
        changed: "--source rtmp://origin.example.com/live/b",
        rows: [("sources", "rtmp://origin.example.com/live/a"), ("sources", "rtmp://origin.example.com/live/b")],
    },
];

/// A machine whose account has the domain that the noun wants there, and the options that make one thing of it.
fn life(vendor: &str, noun: &Noun) -> (World, String) {
    let world = World::sandbox(vendor);
    let playback = vendor == "aliyun" || (noun.name, vendor) == ("transcode", "tencent");
    let kind = if playback { "play" } else { "push" };
    world.run(&format!("domain add live.example.com --type {kind}")).ok();
    let storage = match (noun.name, vendor) {
        ("record", "aliyun") => "--storage oss://bucket/rec?endpoint=oss-cn-shanghai.aliyuncs.com",
        ("record", "volcengine") => "--storage tos://bucket/rec",
        ("record", _) => "--storage vod://",
        // Callbacks are for a whole domain there.
        ("callback", "tencent" | "volcengine") => "--app live",
        _ => "",
    };
    let making = if noun.update == "set" { "set" } else { "add" };
    (world, format!("{} {making} --domain live.example.com {} {storage}", noun.name, noun.made))
}

fn for_every_life(check: impl Fn(&str, &Noun, &World, &str)) {
    for noun in NOUNS {
        for vendor in VENDORS {
            let (world, add) = life(vendor, noun);
            check(vendor, noun, &world, &add);
        }
    }
}

fn json(world: &World, line: &str) -> Value {
    world.run(&format!("{line} -o json")).ok().json()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// What a script sees of a change that was done, and of one that was not needed.
#[track_caller]
fn assert_changed(changed: &Value, vendor: &str, is: bool) {
    assert_eq!(keys(changed), CHANGED, "{changed}");
    assert_eq!((&changed["vendor"], &changed["changed"]), (&json!(vendor), &json!(is)), "{changed}");
    assert_ne!(changed["name"], "", "a name that is not there is null: {changed}");
    let changes = changed["changes"].as_array().unwrap();
    assert!(changes.iter().all(|change| keys(change) == ["field", "from", "to"]), "{changed}");
    assert_eq!((changes.is_empty(), changed["action"].is_null(), changed["request_id"].is_null()), (!is, !is, !is));
}

fn cell(row: &Value, column: &str) -> String {
    match &row[column] {
        Value::Array(items) => items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join(","),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[track_caller]
fn assert_missing(run: Run, doing: &str, noun: &str, id: &str) {
    let error = run.fails(4).error();
    assert_eq!(error["class"], "not-found");
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with(doing) && message.contains(id), "{error}");
    assert!(error["hint"].as_str().unwrap().contains(&format!("`livectl {noun} list` shows what there is")), "{error}");
}

#[test]
fn a_life_is_the_same_on_every_vendor() {
    for_every_life(|vendor, noun, world, add| {
        let name = noun.name;
        assert_changed(&json(world, add), vendor, true);
        let rows = json(world, &format!("{name} list"));
        let row = &rows[0];
        assert_eq!((rows.as_array().unwrap().len(), keys(row).as_slice()), (1, noun.columns), "{vendor}: {rows}");
        assert_eq!(cell(row, noun.rows[0].0), noun.rows[0].1, "{vendor} {name}");
        let id = row["id"].as_str().unwrap();
        assert_eq!(json(world, &format!("{name} show {id}")), *row, "{vendor}");
        for column in ["start_time", "end_time", "created_at"] {
            assert!(row[column].as_str().is_none_or(|time| time.ends_with('Z')), "{row}");
        }

        let update = format!("{name} {} {id} {}", noun.update, noun.changed);
        let planned = world.run(&format!("{update} --dry-run --exit-code"));
        assert_eq!(planned.code, 10, "{planned}");
        let steps: Vec<Value> = planned.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            keys(&steps[0]),
            ["vendor", "action", "method", "url", "headers", "body", "step", "changes"],
            "{planned}"
        );
        let changed = json(world, &update);
        assert_changed(&changed, vendor, true);
        assert_eq!((&changed["id"], &changed["changes"]), (&row["id"], &steps[0]["changes"]), "{vendor} {name}");
        let again = json(world, &update);
        assert_changed(&again, vendor, false);
        assert_eq!(again["id"], row["id"], "{vendor} {name}");
        let unchanged = world.run(&format!("{update} --dry-run --exit-code")).ok();
        assert_eq!((unchanged.stdout.as_str(), unchanged.stderr.as_str()), ("", "note: nothing would change\n"));
        assert_eq!(cell(&json(world, &format!("{name} show {id}")), noun.rows[1].0), noun.rows[1].1, "{vendor}");

        let gone = json(world, &format!("{name} delete {id}"));
        assert_changed(&gone, vendor, true);
        assert_eq!(gone["id"], row["id"], "{vendor}");
        assert_missing(world.run(&format!("{name} show {id} -o json")), "reading the ", name, id);
        assert_missing(world.run(&format!("{name} delete {id} -o json")), "deleting ", name, id);
        let tolerated = json(world, &format!("{name} delete {id} --if-exists"));
        assert_changed(&tolerated, vendor, false);
        assert_eq!(tolerated["id"], row["id"], "{vendor}");
        assert_eq!(json(world, &format!("{name} list")), json!([]));
    });
}

#[test]
fn what_is_there_already_is_a_conflict_or_is_accepted() {
    for_every_life(|vendor, noun, world, add| {
        // Setting the same callback again changes nothing; Tencent has several tasks for one stream.
        if noun.update == "set" || (noun.name, vendor) == ("relay", "tencent") {
            return;
        }
        world.run(add).ok();
        let error = world.run(&format!("{add} -o json")).fails(5).error();
        assert_eq!(error["class"], "conflict");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("`--if-not-exists` accepts what is there"), "{error}");
        let accepted = json(world, &format!("{add} --if-not-exists"));
        assert_changed(&accepted, vendor, false);
        // Its id finds the thing.
        let id = accepted["id"].as_str().unwrap();
        assert_eq!(json(world, &format!("{} show {id}", noun.name)), json(world, &format!("{} list", noun.name))[0]);
    });
}

#[test]
fn every_format_has_the_promised_columns() {
    for_every_life(|vendor, noun, world, add| {
        world.run(add).ok();
        let list = format!("{} list", noun.name);
        let csv = world.run(&format!("{list} -o csv")).ok().stdout;
        assert_eq!(csv.lines().next().unwrap(), noun.columns.join(","), "{vendor}");
        // A table leaves out what is the same in every row of one account.
        let table = world.run(&list).ok().stdout;
        let shown: Vec<String> = table.lines().next().unwrap().split_whitespace().map(str::to_lowercase).collect();
        assert_eq!(shown, noun.columns[2..], "{vendor}");
        for (format, first) in [("ndjson", "{"), ("yaml", "- "), ("tsv", "vendor\tprofile\tid")] {
            let text = world.run(&format!("{list} -o {format}")).ok().stdout;
            assert!(text.starts_with(first), "{vendor}: {text}");
        }
        assert_eq!(world.run(&format!("{list} --jq .[].vendor")).ok().stdout, format!("{vendor}\n"));
        assert_eq!(keys(&json(world, &format!("{list} --columns id,domain"))[0]), ["id", "domain"]);
        let refused = world.run(&format!("{list} --columns nothing -o json")).fails(2).error();
        assert!(refused["message"].as_str().is_some_and(|told| told.contains("nothing")), "{refused}");
        assert_eq!(json(world, &format!("{list} --limit 1")).as_array().unwrap().len(), 1);
        assert!(json(world, &format!("{list} --raw"))[0].get("segment_seconds").is_none(), "{vendor}");
    });
}

/// The least that each vendor needs, told in one message.
#[test]
fn all_that_is_missing_is_told_at_once() {
    for (line, vendor, missing) in [
        ("record add", "tencent", vec!["--domain", "--format"]),
        ("record add", "aliyun", vec!["--domain", "--format", "--storage"]),
        ("record add", "volcengine", vec!["--domain", "--format", "--storage"]),
        ("transcode add", "tencent", vec!["--domain", "--name", "--video-kbps"]),
        ("transcode add", "aliyun", vec!["--app", "--codec", "--domain", "--name"]),
        ("transcode add", "volcengine", vec!["--app", "--codec", "--domain", "--name"]),
        ("relay add", "tencent", vec!["--app", "--domain", "--end", "--source", "--start", "--stream"]),
        ("relay add", "aliyun", vec!["--app", "--domain", "--end", "--source", "--start", "--stream"]),
        ("relay add", "volcengine", vec!["--app", "--domain", "--end", "--source", "--start", "--stream"]),
        ("record update", "tencent", vec!["--format", "ID"]),
        ("transcode update", "aliyun", vec!["--video-kbps", "ID"]),
        ("relay update", "volcengine", vec!["--source", "ID"]),
        ("callback set", "tencent", vec!["--event", "--url", "ID"]),
        ("callback set", "aliyun", vec!["--event", "--url", "ID"]),
        ("callback set", "volcengine", vec!["--event", "--url", "ID"]),
    ] {
        let error = World::sandbox(vendor).run(&format!("{line} -o json")).fails(2).error();
        let told: BTreeSet<&str> =
            error["faults"].as_array().unwrap().iter().map(|fault| fault["option"].as_str().unwrap()).collect();
        assert_eq!(told.into_iter().collect::<Vec<_>>(), missing, "{vendor}: {error}");
        assert_eq!(error["outcome"], "not-sent");
    }
}

/// An empty part of a whole selector means "for all", and never the next thing that matches.
#[test]
fn a_whole_selector_never_hits_what_is_beside_it() {
    for vendor in VENDORS {
        for noun in NOUNS.iter().filter(|noun| noun.name == "record") {
            let (world, add) = life(vendor, noun);
            let made = json(&world, &format!("{add} --stream s1"));
            let id = made["id"].as_str().unwrap().to_owned();
            let app = format!("{}/", id.rsplit_once('/').unwrap().0);
            for verb in ["show", "update", "delete"] {
                let options = if verb == "update" { "--segment 1h" } else { "" };
                assert_missing(world.run(&format!("record {verb} {app} {options} -o json")), "", "record", &app);
            }
            world.run(&add).ok();
            let several = world.run("record delete --domain live.example.com -o json").fails(2).error();
            assert!(several["hint"].as_str().unwrap().contains(&id), "{vendor}: {several}");
            assert_eq!(json(&world, "record list").as_array().unwrap().len(), 2, "{vendor}");
        }
    }
}

/// A selector's event and `--event` must not contradict each other: half of what was asked would be left undone.
#[test]
fn a_selector_with_an_event_means_just_that_one() {
    for noun in NOUNS.iter().filter(|noun| noun.name == "callback") {
        for vendor in VENDORS {
            let (world, set) = life(vendor, noun);
            world.run(&set).ok();
            let id = json(&world, "callback list")[0]["id"].as_str().unwrap().to_owned();
            for line in [
                format!("callback set {id} --event record,snapshot --url http://hooks.example.com/b"),
                format!("callback delete {id} --event snapshot"),
            ] {
                let error = world.run(&format!("{line} -o json")).fails(2).error();
                assert_eq!(error["faults"][0]["option"], "--event", "{vendor}: {error}");
            }
            assert_eq!(json(&world, "callback list")[0]["url"], "http://hooks.example.com/a");
        }
    }
}

#[test]
fn several_accounts_are_listed_side_by_side() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.profiles(
        "[profiles.t]\nvendor = \"tencent\"\n[profiles.a]\nvendor = \"aliyun\"\n[profiles.v]\nvendor = \"volcengine\"\n",
    );
    for (profile, kind) in [("t", "push"), ("a", "play"), ("v", "push")] {
        world.run(&format!("domain add live.example.com --type {kind} -p {profile}")).ok();
    }
    for noun in NOUNS {
        for (profile, vendor) in [("t", "tencent"), ("a", "aliyun"), ("v", "volcengine")] {
            let (_, add) = life(vendor, noun);
            world.run(&format!("{add} -p {profile}")).ok();
        }
        let rows = json(&world, &format!("{} list --all-profiles", noun.name));
        let vendors: BTreeSet<&str> =
            rows.as_array().unwrap().iter().map(|row| row["vendor"].as_str().unwrap()).collect();
        assert_eq!(vendors.into_iter().collect::<Vec<_>>(), ["aliyun", "tencent", "volcengine"], "{rows}");
        let table = world.run(&format!("{} list -p t,a,v", noun.name)).ok().stdout;
        assert!(table.starts_with("VENDOR") && table.contains("PROFILE"), "{table}");
    }
}

/// What is given and empty is refused, and never sent as if it were a value.
#[test]
fn empty_values_are_told() {
    for vendor in VENDORS {
        let world = World::sandbox(vendor);
        for (line, option) in [
            ("transcode add --domain live.example.com --app live --codec h264 --video-kbps 100 --name=", "--name"),
            ("transcode update live.example.com/live/#hd --name=", "--name"),
            ("callback set --domain live.example.com --event record --url=", "--url"),
            ("callback set --domain live.example.com --event record --url=ftp://h.example.com", "--url"),
            ("record add --domain live.example.com --app live --format=", "--format"),
        ] {
            let error = world.run(&format!("{line} -o json")).fails(2).error();
            let faults = error["faults"].as_array().unwrap();
            assert!(faults.iter().any(|fault| fault["option"] == option), "{vendor}: {error}");
        }
    }
}

#[test]
fn what_is_accepted_as_existing_is_told_by_its_id_and_by_how_it_differs() {
    for vendor in VENDORS {
        let world = World::sandbox(vendor);
        world.run("domain add pr.example.com --type play --area mainland -q").ok();
        let storage = match vendor {
            "tencent" => "vod://",
            "aliyun" => "oss://b/r?endpoint=e.example.com",
            _ => "tos://b/r",
        };
        let rendition = "transcode add --name hd720 --codec h264 --width 1280 --fps 25";
        let relay = "relay add --stream s1 --start now --end +1d";
        let record = format!("record add --storage {storage}");
        for (add, made, other, expected) in [
            (
                rendition,
                "--height 720 --video-kbps 1500",
                "--height 1080 --video-kbps 3000",
                "height is 720, not 1080, video_kbps is 1500, not 3000",
            ),
            (
                relay,
                "--source rtmp://a.example.com/l/s",
                "--source rtmp://b.example.com/l/s",
                "sources is rtmp://a.example.com/l/s, not rtmp://b.example.com/l/s",
            ),
            (&record, "--format mp4", "--format hls", "formats is mp4, not hls"),
        ] {
            let add = format!("{add} --domain pr.example.com --app live -o json");
            let id = world.run(&format!("{add} {made}")).ok().json()["id"].clone();
            let same = world.run(&format!("{add} {made} --if-not-exists")).ok();
            assert_eq!((&same.json()["id"], &same.json()["changed"]), (&id, &json!(false)), "{same}");
            assert!(!same.stderr.contains("is there already"), "{same}");
            let accepted = world.run(&format!("{add} {other} --if-not-exists")).ok();
            assert_eq!((&accepted.json()["id"], &accepted.json()["changed"]), (&id, &json!(false)), "{accepted}");
            let told =
                format!("warning: `{}` is there already, and is left as it is: {expected}", id.as_str().unwrap());
            assert!(accepted.stderr.contains(&told), "{accepted}");
        }
        let accepted = world.run("domain add pr.example.com --type push --if-not-exists -o json").ok();
        assert_eq!(accepted.json()["changed"], false, "{accepted}");
        assert!(accepted.stderr.contains("type is play, not push"), "{accepted}");
    }
}

#[test]
fn what_only_the_facts_forbid_is_refused_by_name_of_the_way_out_and_sent_all_the_same() {
    let place = "--domain pr.example.com --app live";
    let rendition = format!("transcode add {place} --name hd720 --codec h264");
    let kms = format!("{place} --template hd720 --kms-key-id k1");
    for (vendor, line) in [
        ("volcengine", format!("{rendition} --fps 100 --video-kbps 99999")),
        ("volcengine", rendition.replace("h264", "foo")),
        ("volcengine", format!("record add {place} --format mp4 --storage tos://b/d --segment 1s")),
        ("volcengine", "hls-key set --key-url https://k.example.com/? --cycle 1s".to_owned()),
        ("volcengine", "stream forbid pr.example.com/live/s1 --until +200d".to_owned()),
        ("aliyun", format!("hls-key enable {kms} --cycle 1s")),
        ("tencent", format!("{} --video-kbps 99999", rendition.replace("hd720", "hd-720"))),
    ] {
        let world = World::sandbox(vendor);
        world.run("domain add pr.example.com --type play --area mainland -q").ok();
        if vendor == "aliyun" {
            world.run(&format!("{rendition} --width 1280 --height 720 --fps 25 --video-kbps 1500")).ok();
        }
        let refused = world.run(&format!("{line} -o json")).fails(2).error();
        assert_eq!(refused["outcome"], "not-sent", "{refused}");
        assert!(refused["hint"].as_str().unwrap().contains("`--no-validate` sends all the same"), "{refused}");
        let planned = world.run(&format!("{line} --no-validate --dry-run")).ok();
        assert!(planned.stdout.starts_with('{'), "{planned}");
    }
    // What cannot be sent at all is no matter of the facts.
    let world = World::sandbox("volcengine");
    let refused = world.run("transcode add --stream s1 --no-validate -o json").fails(2).error();
    assert!(refused["faults"].as_array().unwrap().len() > 2, "{refused}");
    assert!(!refused.to_string().contains("--no-validate"), "{refused}");
}

#[test]
fn a_stream_that_nobody_pushes_is_offline_and_needs_no_drop() {
    for vendor in VENDORS {
        let world = World::sandbox(vendor);
        world.run("domain add push.example.com --type push -q").ok();
        let stream = "push.example.com/live/never";
        assert_eq!(world.run(&format!("stream show {stream} -o json")).ok().json()["state"], "offline", "{vendor}");
        world.run(&format!("wait stream {stream} --for offline --wait-timeout 1s")).ok();
        let dropped = world.run(&format!("stream drop {stream} -o json")).ok().json();
        assert_eq!((&dropped["changed"], &dropped["action"]), (&json!(false), &json!(null)), "{vendor}");
        assert_eq!(dropped["id"], stream);
    }
}

#[test]
fn a_mapping_and_an_encryption_that_are_there_or_not_are_accepted() {
    let world = World::sandbox("aliyun");
    world.run("domain add push.example.com --type push -q").ok();
    world.run("domain add play.example.com --type play -q").ok();
    let pair = "push.example.com play.example.com";
    let changed = |line: &str| world.run(&format!("{line} -o json")).ok().json()["changed"].clone();
    world.run(&format!("domain unmap {pair}")).fails(4);
    assert_eq!(changed(&format!("domain unmap {pair} --if-exists")), false);
    for expected in [true, false] {
        assert_eq!(changed(&format!("domain map {pair} --if-not-exists")), expected);
    }
    assert_eq!(changed(&format!("domain unmap {pair} --if-exists")), true);
    let disable = "hls-key disable --domain play.example.com --app live --template none";
    world.run(disable).fails(4);
    assert_eq!(changed(&format!("{disable} --if-exists")), false);
    let world = World::sandbox("tencent");
    world.run("hls-key disable --template 1999").fails(4);
    let accepted = world.run("hls-key disable --template 1999 --if-exists -o json").ok().json();
    assert_eq!((&accepted["changed"], &accepted["id"]), (&json!(false), &json!("1999")));
}
