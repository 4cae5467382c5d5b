//! Bad weather in the sandbox: every fault that can happen can be rehearsed, and ends as the real one does. The expected
//! values are those of the fault matrix, written by hand.

use std::sync::Mutex;

use serde_json::Value;

use crate::harness::World;

/// A create, and how it may be looked up.
const CREATE: &str = "domain add a.example.com --type push --area mainland -o json --retries 1";
const READ: &str = "domain list -o json --retries 1";

/// Exit code and outcome.
type Expected = (i32, Option<&'static str>);

/// A fault, further options, what a read and what a create come to.
const WEATHER: [(&str, &str, Expected, Expected); 15] = [
    ("offline", "", (7, Some("not-sent")), (7, Some("not-sent"))),
    ("drop*forever", "", (7, None), (7, Some("unknown"))),
    ("cut*forever", "", (7, None), (7, Some("unknown"))),
    ("silence*forever", "--timeout 700ms", (7, None), (7, Some("unknown"))),
    ("slow=1h*forever", "--timeout 700ms", (7, None), (7, Some("unknown"))),
    ("drip=500ms*forever", "--timeout 700ms", (7, None), (7, Some("unknown"))),
    ("drip=1ms*forever", "", (0, None), (0, None)),
    ("html=500*forever", "", (8, None), (8, Some("unknown"))),
    ("html*forever", "", (8, None), (8, Some("unknown"))),
    ("throttle", "", (0, None), (0, None)),
    ("throttle*forever", "", (6, Some("refused")), (6, Some("refused"))),
    ("truncate*forever", "", (8, None), (8, Some("unknown"))),
    ("empty*forever", "", (8, None), (8, Some("unknown"))),
    ("clock", "", (0, None), (0, None)),
    ("expired*forever", "", (3, Some("refused")), (3, Some("refused"))),
];

/// An internal error that passes and one that stays.
const INTERNAL: [(&str, &str, &str); 3] = [
    ("tencent", "InternalError.DBError", "InternalError.UpdateDataError"),
    ("aliyun", "InternalError", "InvalidDomain.Configure_failed"),
    ("volcengine", "InternalError.DB", "InternalError.NoSheetKnowsThis"),
];

#[test]
fn every_fault_can_be_rehearsed() {
    let cells: Vec<_> =
        INTERNAL.iter().flat_map(|vendor| WEATHER.iter().map(move |weather| (vendor.0, weather))).collect();
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for first in 0..4 {
            let (cells, wrong) = (&cells, &wrong);
            scope.spawn(move || {
                for (vendor, (fault, more, read, create)) in cells.iter().skip(first).step_by(4) {
                    for (line, expected) in [(READ, read), (CREATE, create)] {
                        let run = World::sandbox(vendor).run(&format!("{line} {more} --fault {vendor}:*:{fault}"));
                        let error = if run.code == 0 { Value::Null } else { run.error() };
                        if (run.code, error["outcome"].as_str()) != *expected {
                            wrong.lock().unwrap().push(run.to_string());
                        }
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_internal_error_that_passes_is_told_from_one_that_stays() {
    for (vendor, passes, stays) in INTERNAL {
        let world = World::sandbox(vendor);
        world.run(&format!("{READ} --fault {vendor}:*:error={passes}")).ok();
        let run = world.run(&format!("{READ} --fault {vendor}:*:error={stays}"));
        assert_eq!((run.code, run.error()["attempts"].as_u64()), (8, Some(1)), "{run}");
    }
}

#[test]
fn one_vendor_may_be_away_while_another_is_there() {
    let world = World::empty().set("LIVECTL_SANDBOX", "1");
    world.run("domain list --vendor tencent --fault aliyun:*:offline").ok();
    let run = world.run("domain list --vendor aliyun --fault aliyun:*:offline --retries 0").fails(7);
    assert!(run.stderr.contains("connect to 127.0.0.1:"), "{run}");
}

#[test]
fn what_is_no_fault_names_those_that_are() {
    for fault in ["tencent:*:boom", "tencent:*:html=404", "tencent:AddLiveDomain:offline"] {
        let run = World::sandbox("tencent").run(&format!("{READ} --fault {fault}")).fails(2);
        for word in ["silence", "drip[=100ms]", "html[=502]", "VENDOR:*:offline"] {
            assert!(run.error()["hint"].as_str().unwrap().contains(word), "{run}");
        }
    }
    let help = World::empty().run("domain list --help").ok();
    for word in ["throttle", "drip[=100ms]", "offline", "truncate", "expired", "silence"] {
        assert!(help.stdout.contains(word), "{word}");
    }
}
