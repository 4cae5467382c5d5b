//! The filter language: jaq, closed towards the environment and further input.

use std::fmt::Display;

use jaq_core::data::JustLut;
use jaq_core::load::{Arena, File, Loader, lex, parse};
use jaq_core::native::{bome, run, v};
use jaq_core::{Compiler, Ctx, Native, Vars, compile, load};
use jaq_json::{Map, Num, Val};
use serde::Deserialize;
use serde_json::{Number, Value};

use crate::error::{Class, Error, Outcome};

type Data = JustLut<Val>;
type NamedFunction = jaq_core::native::Fun<Data>;

/// Formats that jq has and jaq's library leaves to the program around it.
const DEFINITIONS: &str = r#"
def @csv: [.[] | if isstring then "\"" + (split("\"") | join("\"\"")) + "\"" elif . == null then "" else tostring end] | join(",");
def @tsv: [.[] | if isstring then gsub("\\\\"; "\\\\") | gsub("\t"; "\\t") | gsub("\n"; "\\n") | gsub("\r"; "\\r") elif . == null then "" else tostring end] | join("\t");
"#;

/// A compiled filter.
pub(in crate::output) struct Filter(compile::Filter<Native<Data>>);

impl Filter {
    /// Compiles a program.
    ///
    /// # Errors
    /// Usage with the place where the program is wrong.
    pub(in crate::output) fn compile(program: &str) -> Result<Self, Error> {
        let refused = |why: String| failed("read the filter of", why).outcome(Outcome::NotSent);
        let own = load::parse(DEFINITIONS, |parser| parser.defs()).unwrap_or_default();
        let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).chain(own);
        let arena = Arena::default();
        // A loader without a reader knows no files: `import` and `include` are errors.
        let modules = Loader::new(definitions)
            .load(&arena, File { code: program, path: () })
            .map_err(|errors| refused(load_errors(errors, program)))?;
        load::import(&modules, |_| Err("no data can be imported".to_owned()))
            .map_err(|errors| refused(load_errors(errors, program)))?;
        let filter = Compiler::default()
            .with_funs(functions())
            .with_global_vars(["$ENV"])
            .compile(modules)
            .map_err(|errors| refused(undefined(errors)))?;
        Ok(Filter(filter))
    }

    /// Hands each result for one input to `each`.
    ///
    /// # Errors
    /// Usage when the filter fails, or stops with a status other than 0; those of `each`.
    pub(in crate::output) fn run(
        &self,
        input: &Value,
        each: &mut dyn FnMut(Value) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let input = Val::deserialize(input).map_err(|error| Error::internal(format!("filter the output: {error}")))?;
        let context = Ctx::<Data>::new(&self.0.lut, Vars::new([Val::obj(Map::default())]));
        for result in self.0.id.run((context, input)) {
            let stopped = match result {
                Ok(value) => {
                    each(json(&value))?;
                    continue;
                }
                Err(exception) => exception,
            };
            // The library's own conversion ends the process on `halt`; this program decides about that itself.
            let exception = match stopped.get_err() {
                Ok(error) => return Err(failed("filter the output with", as_text(&error.into_val()))),
                Err(exception) => exception,
            };
            return match exception.get_halt() {
                Ok(0) => Ok(()),
                Ok(status) => Err(failed("filter the output with", format!("the filter halted with status {status}"))),
                Err(_) => Err(failed("filter the output with", "`break` without its label")),
            };
        }
        Ok(())
    }
}

/// The library's functions, but `env` is empty (it may hold credentials), and there is no further input.
fn functions() -> impl Iterator<Item = NamedFunction> {
    let library = jaq_core::funs::<Data>().chain(jaq_std::funs::<Data>()).chain(jaq_json::funs::<Data>());
    let own: [NamedFunction; 3] = [
        run(("env", v(0), |_| bome(Ok(Val::obj(Map::default()))))),
        run(("input", v(0), |_| Box::new(std::iter::empty()))),
        run(("inputs", v(0), |_| Box::new(std::iter::empty()))),
    ];
    library.filter(|(name, _, _)| *name != "env").chain(own)
}

/// The error of a filter that does not parse or fails on the data.
fn failed(what: &str, why: impl Display) -> Error {
    Error::new(Class::Usage, format!("{what} `--jq`: {why}"))
}

fn load_errors(errors: load::Errors<&str, ()>, program: &str) -> String {
    let place = |at: &str| match at.chars().take(20).collect::<String>() {
        rest if rest.is_empty() => "at the end".to_owned(),
        rest => {
            // What is named is a part of the program: its address tells where it stands.
            let start = at.as_ptr().addr().checked_sub(program.as_ptr().addr());
            let before = start.and_then(|start| program.get(..start)).unwrap_or_default();
            format!("at `{rest}`, character {}", before.chars().count() + 1)
        }
    };
    let each = errors.into_iter().flat_map(|(_, error)| match error {
        load::Error::Io(errors) => errors.into_iter().map(|(path, why)| format!("`{path}`: {why}")).collect::<Vec<_>>(),
        load::Error::Lex(errors) => errors.into_iter().map(|(expected, at)| lex_error(&expected, at, &place)).collect(),
        load::Error::Parse(errors) => errors.into_iter().map(|error| parse_error(&error, &place)).collect(),
    });
    each.collect::<Vec<_>>().join("; ")
}

fn lex_error(expected: &lex::Expect<&str>, at: &str, place: &dyn Fn(&str) -> String) -> String {
    match expected {
        lex::Expect::Delim(open) => format!("`{open}` is not closed, {}", place(at)),
        other => format!("expected {}, {}", other.as_str(), place(at)),
    }
}

fn parse_error(error: &parse::Error<&str>, place: &dyn Fn(&str) -> String) -> String {
    let (expected, at) = error;
    format!("expected {}, {}", expected.as_str(), place(at))
}

fn undefined(errors: compile::Errors<&str, ()>) -> String {
    let each = errors.into_iter().flat_map(|(_, errors)| errors).map(|(name, kind)| match kind {
        compile::Undefined::Filter(arity) => format!("there is no filter `{name}/{arity}`"),
        other => format!("there is no {} `{name}`", other.as_str()),
    });
    each.collect::<Vec<_>>().join("; ")
}

/// A result as JSON, where JSON cannot hold it as jq writes it: not-a-number is null, infinity the largest number.
fn json(value: &Val) -> Value {
    match value {
        Val::Null => Value::Null,
        Val::Bool(value) => Value::Bool(*value),
        Val::Num(number) => number_json(number),
        Val::BStr(bytes) | Val::TStr(bytes) => Value::String(String::from_utf8_lossy(bytes).into_owned()),
        Val::Arr(items) => items.iter().map(json).collect(),
        Val::Obj(members) => Value::Object(members.iter().map(|(name, value)| (as_text(name), json(value))).collect()),
    }
}

/// A string as it is, anything else as JSON.
fn as_text(value: &Val) -> String {
    match json(value) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn number_json(number: &Num) -> Value {
    let text = number.to_string();
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    if let Ok(whole) = text.parse::<u64>() {
        return whole.into();
    }
    let float = match number {
        Num::Float(float) => *float,
        _ => text.parse().unwrap_or(f64::NAN),
    };
    float_json(float)
}

fn float_json(float: f64) -> Value {
    /// Whole numbers up to here are exact in a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if float.fract() == 0.0 && float.abs() <= EXACT {
        // jq does not tell 3.0 from 3; jaq makes a float of every quotient.
        #[allow(clippy::cast_possible_truncation, reason = "whole and in range, as just checked")]
        return (float as i64).into();
    }
    Number::from_f64(float.clamp(f64::MIN, f64::MAX)).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prop_assert_eq, proptest};
    use serde_json::json;

    fn results(program: &str, input: Value) -> Result<Vec<String>, Error> {
        let mut all = Vec::new();
        Filter::compile(program)?.run(&input, &mut |value| {
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
            if let Err(error) = Filter::compile(&program) {
                prop_assert_eq!(error.class().exit_code(), 2);
            }
        }
    }

    #[test]
    fn an_endless_filter_ends_with_its_reader() {
        let mut taken = 0;
        let result = Filter::compile("repeat(1)").unwrap().run(&json!(1), &mut |_| {
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
}
