//! `sandbox publish` and `sandbox unpublish`: every run is a process of its own.

use serde_json::json;

use crate::assert_run;
use crate::harness::World;

#[test]
fn a_stream_is_live_from_publish_to_unpublish() {
    let world = World::sandbox("tencent");
    let state = || {
        let line = "api tencent DescribeLiveStreamState DomainName=push.example.com AppName=live StreamName=room1 --jq .Response.StreamState";
        world.run(line).ok().stdout
    };
    let row = |live: bool, changed: bool| json!({"vendor": "tencent", "profile": null, "stream": "push.example.com/live/room1", "live": live, "changed": changed});
    assert_eq!(state(), "inactive\n");
    for (verb, live, changed, then) in [
        ("publish", true, true, "active\n"),
        ("publish", true, false, "active\n"),
        ("unpublish", false, true, "inactive\n"),
        ("unpublish", false, false, "inactive\n"),
    ] {
        let run = world.run(&format!("sandbox {verb} push.example.com/live/room1 -o json")).ok();
        assert_eq!(run.json(), row(live, changed), "{verb}");
        assert_eq!(state(), then, "{verb}");
    }
    world.run("sandbox publish push.example.com/live/room1 --dry-run").fails(2);
    assert_eq!(state(), "inactive\n");
    // Another vendor's streams are its own.
    world.run("sandbox publish push.example.com/live/room1 --vendor aliyun").ok();
    assert_eq!(state(), "inactive\n");
}

#[test]
fn what_cannot_be_published_is_told() {
    let world = World::sandbox("tencent");
    assert_run!(world.run("sandbox publish push.example.com/room1").fails(2));
    assert_run!(World::empty().run("sandbox publish push.example.com/live/room1").fails(2));
    let ban = "api tencent ForbidLiveStream DomainName=push.example.com AppName=live StreamName=room1";
    world.run(ban).ok();
    let refused = world.run("sandbox publish push.example.com/live/room1").fails(5);
    assert!(
        refused.stderr.contains("publishing `push.example.com/live/room1`: the stream is forbidden until "),
        "{refused}"
    );
    assert!(refused.stderr.contains("livectl --sandbox api tencent ResumeLiveStream"), "{refused}");
    world.run(&ban.replace("Forbid", "Resume")).ok();
    world.run("sandbox publish push.example.com/live/room1").ok();
}
