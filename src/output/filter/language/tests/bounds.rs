//! Filters that run away, nest deep or grow large.

use serde_json::json;

use super::super::{Filter, LONGEST, SHORT};
use super::results;
use crate::error::Error;
use crate::output::filter::STEPS;

/// Each ends by itself, with the same words in whatever it was doing.
#[test]
fn a_filter_that_runs_away_is_stopped() {
    let (endless, size) = ("it does not come to an end", "a value grows beyond 64 MiB");
    let stack = "it goes too deep: a definition calls itself without end, or too much is nested";
    let table = [
        ("def f: f; f", endless),
        ("def f: ., f; last(f)", endless),
        ("last(range(1e18))", endless),
        ("range(0; 1; 0) | empty", endless),
        ("[repeat(1) | empty]", endless),
        ("last(until(false; . + 1))", endless),
        ("try last(range(1e18)) catch .", endless),
        ("reduce range(1e18) as $i (0; . + $i)", endless),
        ("[limit(20; recurse([., .]))] | last", endless),
        ("def f: 1 + f; f", stack),
        ("def f: [f]; f", stack),
        ("def f: try f catch f; f", stack),
        ("def f: f | f; f", stack),
        ("def f(g): 1 + f(g | g); f(.)", stack),
        (r#""xx" * 9223372036854775807"#, size),
        (r#""x" * 1000000000000000000000000000000"#, size),
        (r#"["x"] | .[0] *= 1000000000000"#, size),
        (r#"reduce range(100) as $i ("x"; . + .)"#, size),
        ("reduce range(100) as $i ([1]; . + .)", size),
    ];
    for (program, why) in table {
        let steps = if why == size { 1_000_000 } else { 20_000 };
        let filter = Filter::compile(program, steps).unwrap();
        let error = filter.run(&json!(1), &mut |_| Ok(())).unwrap_err();
        assert_eq!(error.to_string(), format!("filter the output with `--jq`: {why}"), "{program}");
        assert_eq!((error.class().exit_code(), error.details().hints.len()), (2, 1), "{program}");
    }
}

#[test]
fn a_program_has_no_name_to_call_itself_by() {
    for name in ["main", "main0", "main1", "main__"] {
        let error = results(&format!("1 + {name}"), json!(1)).unwrap_err();
        assert_eq!(error.to_string(), format!("read the filter of `--jq`: there is no filter `{name}/0`"));
    }
}

#[test]
fn each_input_has_its_own_bounds() {
    let filter = Filter::compile("last(range(60))", 100).unwrap();
    for _ in 0..3 {
        assert_eq!(filter.run(&json!(1), &mut |_| Ok(())), Ok(()));
    }
}

/// A vendor's text may hold JSON, as deep as it likes.
#[test]
fn json_in_a_text_nests_as_deep_as_an_answer() {
    let nested = |depth: usize| json!(format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
    assert_eq!(results("fromjson | flatten", nested(128)).unwrap(), ["[]"]);
    for depth in [129, 100_000] {
        let error = results("fromjson", nested(depth)).unwrap_err();
        let why = "filter the output with `--jq`: cannot parse JSON that nests deeper than 128 levels";
        assert_eq!(error.to_string(), why);
        assert_eq!(results("try fromjson catch 7", nested(depth)).unwrap(), ["7"]);
    }
    let quoted = json!(format!("[{:?}]", format!("\"{}", "[".repeat(200))));
    assert_eq!(results("fromjson | length", quoted).unwrap(), ["1"]);
}

/// Seconds of which the calendar knows nothing: counted on as microseconds they would be another day.
#[test]
fn a_time_is_within_the_calendar() {
    for seconds in [i64::MAX, i64::MIN, 9_223_372_036_855, 1_700_000_000_000_000] {
        for call in ["gmtime", "localtime", "todate", "strftime(\"%Y\")", "strflocaltime(\"%Y\")"] {
            assert!(results(call, json!(seconds)).is_err(), "{seconds} | {call}");
        }
    }
    for month in [-1, 12, 127] {
        let parts = json!([2024, month, 1, 0, 0, 0, 0, 0]);
        assert_eq!(results("try mktime catch 7", parts.clone()).unwrap(), ["7"]);
        assert_eq!(results("try strftime(\"%Y\") catch 7", parts).unwrap(), ["7"]);
    }
    let good = r#"(0 | todate), (1425599621 | gmtime | mktime), (253402207200 | strftime("%F %T")), (1.5 | gmtime[5])"#;
    let wanted = [r#""1970-01-01T00:00:00Z""#, "1425599621", r#""9999-12-30 22:00:00""#, "1.5"];
    assert_eq!(results(good, json!(0)).unwrap(), wanted);
}

#[test]
fn a_result_nests_only_so_deep() {
    let program = |levels: usize| format!("reduce range({levels}) as $i (0; [.])");
    assert_eq!(results(&program(512), json!(0)).unwrap().len(), 1);
    let error = results(&program(513), json!(0)).unwrap_err();
    assert_eq!(error.to_string(), "filter the output with `--jq`: a result nests deeper than 512 levels");
}

#[test]
fn a_program_is_only_so_long_and_so_deep() {
    let error = |program: &str| Filter::compile(program, STEPS).err().map(|error| error.to_string());
    let refused = "read the filter of `--jq`: it is longer than 8192 bytes, or nests deeper than 128 levels";
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(error(&nested(128)), None);
    assert_eq!(error(&nested(129)).as_deref(), Some(refused));
    assert_eq!(error(&"1|".repeat(5_000)).as_deref(), Some(refused));
    for part in [
        "1|",
        "1,",
        "1+",
        "-",
        "try ",
        ". as $x|",
        "label $x|",
        "if 1 then ",
        "def f:",
        "reduce ",
        "\"\\(",
        "1 as [$x,",
    ] {
        for times in [30, 60, (SHORT - 1) / part.len(), (LONGEST - 1) / part.len()] {
            // Whether it is right or wrong: what matters is that it comes to its end.
            if let Ok(filter) = Filter::compile(&format!("{}1", part.repeat(times)), STEPS) {
                let too_deep = |error: &Error| error.to_string().contains("it goes too deep");
                let result = filter.run(&json!(1), &mut |_| Ok(()));
                assert!(result.as_ref().err().is_none_or(too_deep), "{part}: {result:?}");
            }
        }
    }
}

/// The guard is not seen: paths and updates go through definitions, pipes and folds as in jq.
#[test]
fn bounds_change_no_result() {
    let table: [(&str, &[&str]); 10] = [
        ("def f: .a; f = 1", &[r#"{"a":1}"#]),
        (".a = {} | (.a | .b) |= 2", &[r#"{"a":{"b":2}}"#]),
        ("[path(.a | .b)]", &[r#"[["a","b"]]"#]),
        (r#"path(reduce ("a", "b") as $k (.; .[$k]))"#, &[r#"["a","b"]"#]),
        // In the library's order, as other operators.
        ("[(10, 20) * (3, 4)], [(10, 20) + (3, 4)]", &["[30,40,60,80]", "[13,14,23,24]"]),
        (r#"[3, "ab"] | .[] *= 2"#, &[r#"[6,"abab"]"#]),
        ("{} * {a: 1}", &[r#"{"a":1}"#]),
        (r#"["ab" * 0, "ab" * -1]"#, &["[null,null]"]),
        (r#"def f($x): if $x > 0 then f($x - 1) else "end" end; f(10000)"#, &[r#""end""#]),
        ("[range(5; 0; -2)], [range(2)]", &["[5,3,1]", "[0,1]"]),
    ];
    for (program, wanted) in table {
        assert_eq!(results(program, json!({})), Ok(wanted.iter().map(ToString::to_string).collect()), "{program}");
    }
}
