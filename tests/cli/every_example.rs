//! Every Action through its home command: given by options, sent exactly, its answer printed in every format.
//!
//! The reference's own example is what goes in and what must come out. Actions without one are called with the least
//! that the facts require.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::thread;

use jiff::Timestamp;
use livectl::model::{Call, Params, Vendor};
use livectl::output::{Format, Shape, Sink, Style};
use livectl::providers::catalog::{self, Action};
use livectl::providers::validate::validate;
use livectl::providers::{Target, homes, items, provider, results};
use livectl::sign::Scheme;
use serde_json::{Value, json};

use crate::every_action::parameters;
use crate::example_tables::{ADDED, IN_ITS_PLACE, NOT_AS_WRITTEN, READ_FIRST};
use crate::harness::{Run, World};
use crate::servers::{Canned, Seen, body, ok, pairs, profile};
use crate::tree::grown_commands;

/// The formats beside JSON.
const FORMATS: &[&str] = &["table", "ndjson", "yaml", "csv", "tsv"];

/// Answers every request with its Action's example; a second page is empty.
struct Vendors {
    server: Canned,
    asked: Arc<Mutex<Asked>>,
}

#[derive(Default)]
struct Asked {
    /// How often each Action was asked.
    times: BTreeMap<String, usize>,
    /// What Actions answer now in place of their example.
    instead: BTreeMap<String, String>,
}

/// The Action that a request names.
fn action_of(seen: &Seen) -> String {
    let name = seen.header("x-tc-action").or_else(|| seen.parameter("Action"));
    name.unwrap_or_default().to_owned()
}

fn vendor_of(seen: &Seen) -> Vendor {
    seen.vendor().parse().unwrap()
}

fn empty_answer(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Tencent => r#"{"Response":{"RequestId":"r"}}"#,
        Vendor::Aliyun => r#"{"RequestId":"r"}"#,
        Vendor::Volcengine => r#"{"ResponseMetadata":{"RequestId":"r"},"Result":{}}"#,
    }
}

/// The whole body of the example's answer.
fn answer_of(vendor: Vendor, action: &str) -> &'static str {
    let example = catalog::example(vendor, action).map(|example| example.response);
    example.filter(|text| !text.is_empty()).unwrap_or_else(|| empty_answer(vendor))
}

impl Vendors {
    fn start() -> Self {
        let asked: Arc<Mutex<Asked>> = Arc::default();
        let memory = Arc::clone(&asked);
        let server = Canned::start(move |seen| {
            let (vendor, action) = (vendor_of(seen), action_of(seen));
            let mut memory = memory.lock().unwrap();
            let times = memory.times.entry(action.clone()).or_default();
            *times += 1;
            let again = *times > 1;
            match memory.instead.get(&action) {
                Some(answer) => ok(answer),
                None => ok(if again { empty_answer(vendor) } else { answer_of(vendor, &action) }),
            }
        });
        Vendors { server, asked }
    }

    fn world(&self) -> World {
        let world = World::empty();
        let account = |vendor: Vendor| profile(vendor.name(), vendor.name(), "AKIDexample", "s", &self.server.endpoint);
        world.profiles(&Vendor::ALL.map(account).concat());
        world
    }

    /// Runs one command line, and hands over what was asked meanwhile.
    fn run(&self, world: &World, case: &Case, format: &str) -> (Run, Vec<Seen>) {
        *self.asked.lock().unwrap() = Asked { times: BTreeMap::new(), instead: case.read_first() };
        let words: Vec<String> = case.words().into_iter().chain(["-o".to_owned(), format.to_owned()]).collect();
        let run = world.run_words(&words.iter().map(String::as_str).collect::<Vec<_>>());
        (run, self.server.take())
    }
}

/// One Action to be called.
struct Case {
    vendor: Vendor,
    action: Action<'static>,
    params: Params,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for vendor in Vendor::ALL {
        for action in catalog::actions(vendor) {
            if homes::command(vendor, action.name).is_none() {
                continue;
            }
            let example = catalog::example(vendor, action.name).filter(|example| !example.request.is_empty());
            let mut params: Params = match example {
                Some(example) => serde_json::from_str(example.request).unwrap(),
                None => parameters(vendor, &action, Timestamp::now()),
            };
            for (_, _, name, value) in
                IN_ITS_PLACE.iter().filter(|(of, of_action, ..)| (*of, *of_action) == (vendor, action.name))
            {
                params.insert((*name).to_owned(), (*value).into());
            }
            cases.push(Case { vendor, action, params });
        }
    }
    cases
}

impl Case {
    /// The command line: every value under the option that `api describe` names.
    fn words(&self) -> Vec<String> {
        let command = homes::command(self.vendor, self.action.name).unwrap();
        let mut words: Vec<String> = command.split(' ').map(str::to_owned).collect();
        words.extend(["--profile".to_owned(), self.vendor.name().to_owned(), "--yes".to_owned()]);
        let region = self.action.regions.first().copied();
        words.extend(region.map(|region| format!("--region={region}")));
        // Its times are long past, or it breaks its own limits: `tests/wire` knows which.
        if !validate(self.vendor, &self.action, &self.params, region, Timestamp::now()).faults.is_empty() {
            words.push("--no-validate".to_owned());
        }
        for (name, value) in &self.params {
            let option = homes::option(self.vendor, self.action.name, name);
            let values = match value {
                Value::Array(values) => values.clone(),
                one => vec![one.clone()],
            };
            words.extend(values.iter().map(|value| format!("{option}={}", typed(value))));
        }
        words
    }

    /// The texts and numbers of the example's answer that a row must have: none where the verb was written by hand,
    /// since its rows are normalised.
    fn expected_leaves(&self, is_list: bool) -> BTreeSet<String> {
        let mut expected = BTreeSet::new();
        if !grown_commands().contains(homes::command(self.vendor, self.action.name).unwrap()) {
            return expected;
        }
        let answer: Value = serde_json::from_str(answer_of(self.vendor, self.action.name)).unwrap();
        let inner = match self.vendor {
            Vendor::Tencent => &answer["Response"],
            Vendor::Aliyun => &answer,
            Vendor::Volcengine => &answer["Result"],
        };
        // What stands beside a list is no part of its rows: counts, marks of paging, what was asked.
        let part = |value: &Value| !is_list || value.is_object() || value.is_array();
        for (name, value) in inner.as_object().into_iter().flatten().filter(|(_, value)| part(value)) {
            leaves(name, value, &mut expected);
        }
        expected
    }

    /// What other Actions answer, so that the command finds what it is about.
    fn read_first(&self) -> BTreeMap<String, String> {
        let rows = READ_FIRST.iter().filter(|(of, action, ..)| (*of, *action) == (self.vendor, self.action.name));
        let answers = rows.map(|(.., read, result)| {
            let mut result: Value = serde_json::from_str(result).unwrap();
            self.fill_in(&mut result);
            let body = match self.vendor {
                Vendor::Tencent => json!({"Response": result}),
                Vendor::Aliyun => result,
                Vendor::Volcengine => json!({"ResponseMetadata": {"RequestId": "r"}, "Result": result}),
            };
            ((*read).to_owned(), body.to_string())
        });
        answers.collect()
    }

    /// Puts the case's values where parameters are named.
    fn fill_in(&self, value: &mut Value) {
        match value {
            Value::Object(members) => members.values_mut().for_each(|value| self.fill_in(value)),
            Value::Array(values) => values.iter_mut().for_each(|value| self.fill_in(value)),
            Value::String(name) => {
                if let Some(given) = self.params.get(name) {
                    *value = given.clone();
                }
            }
            _ => {}
        }
    }

    /// The pairs or the JSON that exactly the example's parameters make on the wire.
    fn expected(&self) -> BTreeMap<String, Value> {
        let call = Call { vendor: self.vendor, action: self.action.name.to_owned(), params: self.params.clone() };
        let signature = Scheme::default_of(self.vendor);
        let region = self.action.regions.first().copied();
        let target = Target { scheme: "http", host: "127.0.0.1", region, signature };
        let request = provider(self.vendor).encode(&call, &target).unwrap();
        let query = request.query.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str())));
        query.chain(body(std::str::from_utf8(&request.body).unwrap())).collect()
    }

    /// Where what was sent is not what the example has.
    fn differences(&self, seen: &Seen) -> Vec<String> {
        let target = seen.head.split_whitespace().nth(1).unwrap();
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let sent: BTreeMap<String, Value> =
            pairs(query).into_iter().chain(body(&String::from_utf8_lossy(&seen.body))).collect();
        let expected = self.expected();
        let mut told = Vec::new();
        for (name, value) in &expected {
            if sent.get(name) != Some(value) {
                let sent = sent.get(name).map(ToString::to_string).unwrap_or_default();
                told.push(format!("{name}: {value} was sent as `{sent}`"));
            }
        }
        for (name, value) in sent.iter().filter(|(name, _)| !expected.contains_key(*name)) {
            if !self.may_be_added(name) {
                told.push(format!("{name} = {value} was sent beside it"));
            }
        }
        told
    }

    fn may_be_added(&self, name: &str) -> bool {
        const ENVELOPE: &[&str] =
            &["AccessKeyId", "Signature", "SignatureMethod", "SignatureNonce", "SignatureVersion", "Timestamp"];
        let pages = self
            .action
            .pagination
            .as_ref()
            .is_some_and(|paging| paging.page_param == name || paging.size_param == Some(name));
        let added = ADDED.iter().any(|(vendor, action, param, _)| {
            *vendor == self.vendor && *param == name && ["*", self.action.name].contains(action)
        });
        pages || added || ENVELOPE.contains(&name)
    }
}

/// A value as it is typed: text as it is, but for what would name a file.
fn typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.strip_prefix('@').map_or_else(|| text.clone(), |rest| format!("@@{rest}")),
        other => other.to_string(),
    }
}

/// The texts and numbers of a value, but those that are shown otherwise: times, secrets, and what is empty.
fn leaves(name: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| leaves(name, value, found)),
        Value::Array(values) => values.iter().for_each(|value| leaves(name, value, found)),
        _ if items::is_secret(name, None) || name == "RequestId" => {}
        Value::String(text) => {
            let time =
                ["Time", "Date", "At", "stamp", "Stamp", "After", "Before"].iter().any(|word| name.contains(word));
            if !time && !text.is_empty() && !text.contains('?') {
                found.insert(text.clone());
            }
        }
        Value::Number(number) if number.as_f64().is_some_and(|number| number.abs() < 1e9) => {
            found.insert(number.to_string());
        }
        _ => {}
    }
}

fn sent_faults(vendors: &Vendors, world: &World, case: &Case) -> Vec<String> {
    let (run, seen) = vendors.run(world, case, "json");
    if run.code != 0 {
        return vec![format!("{run}")];
    }
    let own: Vec<&Seen> = seen.iter().filter(|seen| action_of(seen) == case.action.name).collect();
    let Some(first) = own.first() else { return vec![format!("it was not sent: {run}")] };
    let mut told = case.differences(first);
    let rows = run.json();
    let mut printed = BTreeSet::new();
    leaves("", &rows, &mut printed);
    let expected = case.expected_leaves(rows.is_array());
    let missing: Vec<&String> = expected.difference(&printed).filter(|text| !run.stderr.contains(*text)).collect();
    if !missing.is_empty() {
        told.push(format!("not printed: {missing:?}"));
    }
    for format in FORMATS.iter().filter(|format| **format != "table") {
        told.extend(unreadable(format, &reprinted(&rows, format), &run.stderr, &expected));
    }
    told
}

fn format_faults(vendors: &Vendors, world: &World, case: &Case, format: &str) -> Vec<String> {
    let (run, _) = vendors.run(world, case, format);
    if run.code != 0 {
        return vec![format!("{run}")];
    }
    let is_list = results::kind(case.vendor, &case.action) == results::Kind::List;
    unreadable(format, &run.stdout, &run.stderr, &case.expected_leaves(is_list))
}

/// The rows of an answer in JSON, printed in another format.
fn reprinted(rows: &Value, format: &str) -> String {
    let style = Style { format: format.parse::<Format>().unwrap(), ..Style::default() };
    let mut text = Vec::new();
    let shape = if rows.is_array() { Shape::List } else { Shape::One };
    let mut sink = Sink::new(style, shape, &[], &mut text);
    let several = rows.as_array().cloned().unwrap_or_else(|| vec![rows.clone()]);
    for row in several {
        sink.push(row.as_object().unwrap().clone()).unwrap();
    }
    sink.finish().unwrap();
    String::from_utf8(text).unwrap()
}

/// What is wrong with a printed answer: it cannot be read back, or lacks something of the example's.
fn unreadable(format: &str, text: &str, beside: &str, expected: &BTreeSet<String>) -> Vec<String> {
    let mut told = Vec::new();
    if format == "ndjson" && text.lines().any(|line| serde_json::from_str::<Value>(line).is_err()) {
        told.push(format!("unreadable: {text}"));
    }
    if matches!(format, "csv" | "tsv") {
        let delimiter = if format == "csv" { b',' } else { b'\t' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        if reader.records().any(|record| record.is_err()) {
            told.push(format!("unreadable: {text}"));
        }
    }
    let plain = |text: &str| text.replace(['"', '\\'], "");
    let printed = plain(text);
    let is_missing = |leaf: &&String| !printed.contains(&plain(leaf)) && !beside.contains(*leaf);
    let missing: Vec<&String> = expected.iter().filter(is_missing).collect();
    match format {
        // A table shows the columns that were chosen for it.
        "table" if expected.is_empty() || missing.len() < expected.len() => {}
        "table" => told.push(format!("a table without anything: {text}")),
        _ if missing.is_empty() => {}
        _ => told.push(format!("{format} has not {missing:?}: {text}")),
    }
    told
}

/// What was wrong with every case; in several threads.
fn for_every_case(cases: &[Case], check: impl Fn(&Vendors, &World, &Case) -> Vec<String> + Sync) -> Vec<String> {
    let told = Mutex::new(Vec::new());
    let check = &check;
    thread::scope(|scope| {
        for first in 0..4 {
            let told = &told;
            scope.spawn(move || {
                let vendors = Vendors::start();
                let world = vendors.world();
                for case in cases.iter().skip(first).step_by(4) {
                    let title = format!("{} {}", case.vendor, case.action.name);
                    let faults = check(&vendors, &world, case);
                    told.lock().unwrap().extend(faults.into_iter().map(|fault| format!("{title}: {fault}")));
                }
            });
        }
    });
    let mut told = told.into_inner().unwrap();
    told.sort();
    told
}

#[test]
fn every_action_is_sent_as_its_example_has_it() {
    let cases = cases();
    assert!(cases.len() >= 249, "{}", cases.len());
    let excepted = |case: &Case| {
        NOT_AS_WRITTEN.iter().any(|(vendor, action, _)| *vendor == case.vendor && *action == case.action.name)
    };
    let told = for_every_case(&cases, |vendors, world, case| match excepted(case) {
        true => Vec::new(),
        false => sent_faults(vendors, world, case),
    });
    assert!(told.is_empty(), "{} of {}\n{}", told.len(), cases.len(), told.join("\n"));
}

#[test]
fn every_answer_is_printed_in_every_format() {
    let cases: Vec<Case> = cases().into_iter().filter(|case| case.action.documented).collect();
    let told = for_every_case(&cases, |vendors, world, case| {
        // The other formats were made of the same rows above; one of them in turn by the program itself.
        let turn = 1 + case.action.name.len() % (FORMATS.len() - 1);
        ["table", FORMATS[turn]].iter().flat_map(|format| format_faults(vendors, world, case, format)).collect()
    });
    assert!(told.is_empty(), "{} of {}\n{}", told.len(), cases.len(), told.join("\n"));
}
