mod bounds;

use super::*;
use crate::output::filter::STEPS;
use proptest::{prop_assert_eq, proptest};
use serde_json::json;

pub(super) fn results(program: &str, input: Value) -> Result<Vec<String>, Error> {
    let mut all = Vec::new();
    Filter::compile(program, STEPS)?.run(&input, &mut |value| {
        all.push(value.to_string());
        Ok(())
    })?;
    Ok(all)
}

/// Expected values as jq 1.7 prints them with `-c`.
#[test]
fn filters() {
    let input =
        json!([{"name": "a", "n": 1, "list": ["x"]}, {"name": "b", "n": 2, "big": 18_446_744_073_709_551_615_u64}]);
    let table: [(&str, &[&str]); 20] = [
        (".", &[r#"[{"name":"a","n":1,"list":["x"]},{"name":"b","n":2,"big":18446744073709551615}]"#]),
        (".[].name", &[r#""a""#, r#""b""#]),
        ("map(.n) | add", &["3"]),
        ("map(.n) | add / length", &["1.5"]),
        ("(.[0].n + 5) / 2", &["3"]),
        (".[1].big", &["18446744073709551615"]),
        ("length", &["2"]),
        ("[.[] | select(.n > 1) | {name, up: (.name | ascii_upcase)}]", &[r#"[{"name":"b","up":"B"}]"#]),
        ("empty", &[]),
        ("[nan, infinite, -infinite]", &["[null,1.7976931348623157e+308,-1.7976931348623157e+308]"]),
        (".[0] | to_entries | map(.key) | join(\",\")", &[r#""name,n,list""#]),
        ("sort_by(-.n) | .[0].name", &[r#""b""#]),
        (".[] | [.name, .n] | @csv", &[r#""\"a\",1""#, r#""\"b\",2""#]),
        (r#"["a\tb\\c\n", null, 1.5, true] | @tsv"#, &[r#""a\\tb\\\\c\\n\t\t1.5\ttrue""#]),
        (r#"["say \"hi\"", ""] | @csv"#, &[r#""\"say \"\"hi\"\"\",\"\"""#]),
        (".[0].missing.deep", &["null"]),
        (".[] | .n | if . > 1 then \"big\" else \"small\" end", &[r#""small""#, r#""big""#]),
        ("\"x\", halt, \"y\"", &[r#""x""#]),
        ("[.[] | .name | test(\"^a\")]", &["[true,false]"]),
        ("first(range(10; 0; -3))", &["10"]),
    ];
    for (program, wanted) in table {
        assert_eq!(results(program, input.clone()).unwrap(), wanted, "{program}");
    }
}

#[test]
fn neither_environment_nor_further_input() {
    assert!(std::env::vars().count() > 0, "a test of nothing otherwise");
    let table: [(&str, &[&str]); 6] = [
        ("env", &["{}"]),
        ("$ENV", &["{}"]),
        ("env.PATH, $ENV.PATH", &["null", "null"]),
        ("[inputs]", &["[]"]),
        ("[input]", &["[]"]),
        ("[debug, stderr]", &["[1,1]"]),
    ];
    for (program, wanted) in table {
        assert_eq!(results(program, json!(1)).unwrap(), wanted, "{program}");
    }
    for program in ["import \"a\" as a; .", "include \"/etc/passwd\"; .", "import \"a\" as $a; ."] {
        assert_eq!(results(program, json!(1)).unwrap_err().class().exit_code(), 2, "{program}");
    }
}

#[test]
fn wrong_programs_are_usage_errors_that_name_the_place() {
    let table = [
        (".[", "read the filter of `--jq`: `[` is not closed, at the end"),
        (".a | nosuch(1)", "read the filter of `--jq`: there is no filter `nosuch/1`"),
        ("$nosuch", "read the filter of `--jq`: there is no variable `$nosuch`"),
        (".a |", "read the filter of `--jq`: expected term, at the end"),
        (".直 §", "read the filter of `--jq`: expected token, at `直 §`, character 2"),
        ("\"\\(1", ""),
        ("", ""),
        ("}", ""),
    ];
    for (program, message) in table {
        let error = results(program, json!(1)).unwrap_err();
        assert_eq!(error.class().exit_code(), 2, "{program}");
        assert!(message.is_empty() || error.to_string().starts_with(message), "{program}: {error}");
    }
}

#[test]
fn a_filter_that_fails_is_a_usage_error() {
    let table = [
        (".[0] + {}", "filter the output with `--jq`: cannot calculate 1 + {}"),
        ("error(\"mine\")", "filter the output with `--jq`: mine"),
        ("halt(3)", "filter the output with `--jq`: the filter halted with status 3"),
        ("halt_error", "filter the output with `--jq`: the filter halted with status 5"),
    ];
    for (program, message) in table {
        let error = results(program, json!([1])).unwrap_err();
        assert_eq!((error.class().exit_code(), error.to_string().as_str()), (2, message));
    }
}

proptest! {
    /// Whatever is typed is compiled or refused.
    #[test]
    fn no_program_is_too_odd(program in r#"[ .,|\[\]{}()"'\\a$@?:;0-9=+*/<>x直\u{0}-]{0,24}|(def |if |then |else |end |reduce |as |\$x |foreach |try |catch |label |import |include |\.|\[|\]|\(|\)|"a"|1|;|:|\|){0,12}"#) {
        if let Err(error) = Filter::compile(&program, STEPS) {
            prop_assert_eq!(error.class().exit_code(), 2);
        }
    }
}

#[test]
fn an_endless_filter_ends_with_its_reader() {
    let mut taken = 0;
    let result = Filter::compile("repeat(1)", STEPS).unwrap().run(&json!(1), &mut |_| {
        taken += 1;
        if taken < 1000 { Ok(()) } else { Err(Error::internal("closed")) }
    });
    assert_eq!((taken, result), (1000, Err(Error::internal("closed"))));
}

#[test]
fn awkward_inputs_pass() {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    for input in
        [deep, json!("\u{0}\u{202e}\u{1b}"), json!(1e308), json!(-0.0), json!({"": {"\u{0}": []}}), json!(i64::MIN)]
    {
        assert_eq!(results(".", input.clone()).unwrap().len(), 1);
        assert_eq!(results("[.. | tojson | fromjson] | length > 0", input).unwrap(), ["true"]);
    }
}
