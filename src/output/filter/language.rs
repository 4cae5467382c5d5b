//! The filter language: jaq, closed towards the environment and further input, and within bounds.

use std::fmt::Display;
use std::sync::mpsc;
use std::thread;

use jaq_core::load::parse::{Def, Parser};
use jaq_core::load::{Arena, File, Lexer, Loader, lex, parse};
use jaq_core::native::{bome, run, v};
use jaq_core::{Compiler, Ctx, Native, Vars, compile, load};
use jaq_json::{Map, Num, Val};
use serde::Deserialize;
use serde_json::{Number, Value};

use super::bounds::{self, Bounded, Bounds, DEEPEST, Run};
use crate::error::{Class, Error, Outcome};

type NamedFunction = jaq_core::native::Fun<Bounded>;

/// Formats that jq has and jaq's library leaves to the program around it.
const DEFINITIONS: &str = r#"
def @csv: [.[] | if isstring then "\"" + (split("\"") | join("\"\"")) + "\"" elif . == null then "" else tostring end] | join(",");
def @tsv: [.[] | if isstring then gsub("\\\\"; "\\\\") | gsub("\t"; "\\t") | gsub("\n"; "\\n") | gsub("\r"; "\\r") elif . == null then "" else tostring end] | join("\t");
"#;

/// Longest program, in bytes.
const LONGEST: usize = 8 * 1024;

/// Up to so many bytes and signs a program without definitions of its own runs in any thread: its parts cannot nest far.
const SHORT: usize = 512;
const FEW: usize = 64;

/// Stack of the thread that reads a program or runs one with definitions of its own, and how much a run may use of it.
const STACK: usize = 256 * 1024 * 1024;
const STACK_OF_RUN: usize = 32 * 1024 * 1024;

/// Results that a run may be ahead of who reads them.
const AHEAD: usize = 64;

/// How deep a result may nest: far deeper than any answer, and no deeper than any stack.
const DEEPEST_RESULT: usize = 512;

/// A compiled filter.
pub(in crate::output) struct Filter {
    compiled: compile::Filter<Native<Bounded>>,
    /// It may call itself, or nest far: the thread's stack may not be enough.
    deep: bool,
    steps: u64,
}

impl Filter {
    /// Compiles a program that may take so many steps over one input.
    ///
    /// # Errors
    /// Usage with the place where the program is wrong.
    pub(in crate::output) fn compile(program: &str, steps: u64) -> Result<Self, Error> {
        let refused = |why: String| failed("read the filter of", why).outcome(Outcome::NotSent);
        if program.len() > LONGEST || bounds::depth(program.as_bytes()) > DEEPEST {
            let why = format!("it is longer than {LONGEST} bytes, or nests deeper than {DEEPEST} levels");
            return Err(refused(why).hint("pipe `-o json` into jq"));
        }
        let compiled = on_own_stack(|| compiled(program).map_err(refused))??;
        Ok(Filter { compiled, deep: is_deep(program), steps })
    }

    /// Hands each result for one input to `each`.
    ///
    /// # Errors
    /// Usage when the filter fails, goes beyond its bounds, or stops with a status other than 0; those of `each`.
    pub(in crate::output) fn run(
        &self,
        input: &Value,
        each: &mut dyn FnMut(Value) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if !self.deep {
            return self.run_here(input, None, each);
        }
        thread::scope(|scope| {
            let (sender, results) = mpsc::sync_channel(AHEAD);
            let unread = |_| Error::internal("filter the output: nobody reads on");
            let work =
                move || self.run_here(input, Some(STACK_OF_RUN), &mut |result| sender.send(result).map_err(unread));
            let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).map_err(no_thread)?;
            // An error of `each` drops `results`, and with it ends the worker.
            results.into_iter().try_for_each(each)?;
            worker.join().unwrap_or_else(|_| Err(Error::internal("filter the output: the filter broke off")))
        })
    }

    fn run_here(
        &self,
        input: &Value,
        stack: Option<usize>,
        each: &mut dyn FnMut(Value) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let input = Val::deserialize(input).map_err(|error| Error::internal(format!("filter the output: {error}")))?;
        let bounds = Bounds::new(self.steps, stack);
        let run = Run::new(&self.compiled.lut, &bounds);
        let context = Ctx::<Bounded>::new(run, Vars::new([Val::obj(Map::default())]));
        for result in self.compiled.id.run((context, input)) {
            let stopped = match result {
                Ok(value) => {
                    each(json(&value, &bounds, 0)?)?;
                    continue;
                }
                Err(exception) => exception,
            };
            // The library's own conversion ends the process on `halt`; this program decides about that itself.
            let exception = match stopped.get_err() {
                Ok(error) => return Err(failed("filter the output with", as_text(&error.into_val(), &bounds)?)),
                Err(exception) => exception,
            };
            return match exception.get_halt() {
                Ok(0) => within(&bounds),
                Ok(status) => Err(failed("filter the output with", format!("the filter halted with status {status}"))),
                Err(_) => Err(failed("filter the output with", "`break` without its label")),
            };
        }
        within(&bounds)
    }
}

/// Whether a run kept within its bounds.
fn within(bounds: &Bounds) -> Result<(), Error> {
    match bounds.exceeded() {
        None => Ok(()),
        Some(why) => {
            Err(failed("filter the output with", why.words()).hint("pipe `-o json` into jq, which has no such bounds"))
        }
    }
}

/// Whether a program may need more stack than any thread has.
fn is_deep(program: &str) -> bool {
    let signs = program.bytes().filter(u8::is_ascii_punctuation).filter(|sign| !b"._\"'".contains(sign));
    program.contains("def") || program.len() > SHORT || signs.count() > FEW
}

/// Works in a thread whose stack is deep enough for any program that is short enough.
fn on_own_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).map_err(no_thread)?;
        worker.join().map_err(|_| Error::internal("read the filter of `--jq`: reading it broke off"))
    })
}

fn no_thread(error: std::io::Error) -> Error {
    Error::internal(format!("filter the output: there is no thread for it: {error}"))
}

fn compiled(program: &str) -> Result<compile::Filter<Native<Bounded>>, String> {
    let lex_errors = |errors| load_error(load::Error::Lex(errors), program);
    let tokens = Lexer::new(program).lex().map_err(lex_errors)?;
    let parse_errors = |errors: Vec<parse::TError<'_, &str>>| {
        let named = |(expected, found)| (expected, lex::Token::opt_as_str(found, program));
        load_error(load::Error::Parse(errors.into_iter().map(named).collect()), program)
    };
    // No modules: `import` and `include` are errors.
    let body = Parser::new(&tokens).parse(|parser| parser.term()).map_err(parse_errors)?;
    let own = load::parse(DEFINITIONS, |parser| parser.defs()).unwrap_or_default();
    let library = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).chain(own);
    // The program is one of the definitions, under a name by which it cannot call itself.
    let main = (0..).map(|number| format!("main{number}")).find(|name| !program.contains(name)).unwrap_or_default();
    let program_itself = Def { name: main.as_str(), args: Vec::new(), body };
    let mut definitions: Vec<Def<&str>> = bounds::definitions().collect();
    definitions.extend(library.map(|definition| bounds::guarded_definition(definition)));
    definitions.push(bounds::guarded_definition(program_itself));
    let arena = Arena::default();
    let modules = Loader::new(definitions).load(&arena, File { code: main.as_str(), path: () }).map_err(|errors| {
        errors.into_iter().map(|(_, error)| load_error(error, program)).collect::<Vec<_>>().join("; ")
    })?;
    Compiler::default().with_funs(functions()).with_global_vars(["$ENV"]).compile(modules).map_err(undefined)
}

/// The library's functions, but `env` is empty (it may hold credentials), and there is no further input.
fn functions() -> impl Iterator<Item = NamedFunction> {
    let library = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs::<Bounded>());
    let own: [NamedFunction; 3] = [
        run(("env", v(0), |_| bome(Ok(Val::obj(Map::default()))))),
        run(("input", v(0), |_| Box::new(std::iter::empty()))),
        run(("inputs", v(0), |_| Box::new(std::iter::empty()))),
    ];
    let library = library.filter(|(name, _, _)| *name != "env").map(bounds::renamed);
    library.chain(own).chain(bounds::functions()).chain(bounds::checks())
}

/// The error of a filter that does not parse or fails on the data.
fn failed(what: &str, why: impl Display) -> Error {
    Error::new(Class::Usage, format!("{what} `--jq`: {why}"))
}

fn load_error(error: load::Error<&str>, program: &str) -> String {
    let place = |at: &str| match at.chars().take(20).collect::<String>() {
        rest if rest.is_empty() => "at the end".to_owned(),
        rest => {
            // What is named is a part of the program: its address tells where it stands.
            let start = at.as_ptr().addr().checked_sub(program.as_ptr().addr());
            let before = start.and_then(|start| program.get(..start)).unwrap_or_default();
            format!("at `{rest}`, character {}", before.chars().count() + 1)
        }
    };
    let each: Vec<String> = match error {
        load::Error::Io(errors) => errors.into_iter().map(|(path, why)| format!("`{path}`: {why}")).collect(),
        load::Error::Lex(errors) => errors.into_iter().map(|(expected, at)| lex_error(&expected, at, &place)).collect(),
        load::Error::Parse(errors) => errors.into_iter().map(|error| parse_error(&error, &place)).collect(),
    };
    each.join("; ")
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
///
/// # Errors
/// Usage where it nests too deep, or is larger than the run may be long: parts that it shares are written out.
fn json(value: &Val, bounds: &Bounds, depth: usize) -> Result<Value, Error> {
    if depth > DEEPEST_RESULT {
        return Err(failed("filter the output with", format!("a result nests deeper than {DEEPEST_RESULT} levels")));
    }
    if !bounds.spend(1) {
        within(bounds)?;
    }
    let inner = |value| json(value, bounds, depth + 1);
    Ok(match value {
        Val::Null => Value::Null,
        Val::Bool(value) => Value::Bool(*value),
        Val::Num(number) => number_json(number),
        Val::BStr(bytes) | Val::TStr(bytes) => Value::String(String::from_utf8_lossy(bytes).into_owned()),
        Val::Arr(items) => Value::Array(items.iter().map(inner).collect::<Result<_, _>>()?),
        Val::Obj(members) => {
            let member = |(name, value)| Ok((as_text(name, bounds)?, inner(value)?));
            Value::Object(members.iter().map(member).collect::<Result<_, Error>>()?)
        }
    })
}

/// A string as it is, anything else as JSON.
fn as_text(value: &Val, bounds: &Bounds) -> Result<String, Error> {
    Ok(match json(value, bounds, 0)? {
        Value::String(text) => text,
        other => other.to_string(),
    })
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
mod tests;
