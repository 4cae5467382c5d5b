//! Compiles the fact sheets into records that the program looks up one at a time.
//!
//! The sheets (`src/providers/<vendor>/facts.json`) and the homes of Actions (`src/providers/homes/<vendor>.rs`) stay
//! readable data. `src/providers/table.rs` says what they become. `build/link.rs` says how the program is put together.

#![allow(clippy::expect_used, reason = "a sheet that cannot be compiled must stop the build, with its reason")]

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

#[path = "build/link.rs"]
mod link;
#[path = "build/store.rs"]
mod store;
use store::{Table, stored};

#[path = "build/version.rs"]
mod version;

#[path = "src/providers/catalog/record.rs"]
mod record;
use record::{Action, ErrorFact, Example, Field, Pagination, Param};

#[path = "src/providers/homes/aliyun.rs"]
mod aliyun;
#[path = "src/providers/homes/record.rs"]
mod home;
#[path = "src/providers/homes/tencent.rs"]
mod tencent;
#[path = "src/providers/homes/volcengine.rs"]
mod volcengine;

/// One Action's home as its row says it: its name, its command, and the options not called after their parameter.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const VENDORS: [(&str, &[Row]); 3] =
    [("tencent", tencent::ROWS), ("aliyun", aliyun::ROWS), ("volcengine", volcengine::ROWS)];

fn main() {
    println!("cargo:rerun-if-changed=src/cli/topics");
    for source in ["build", "src/providers/catalog/record.rs", "src/providers/homes"] {
        println!("cargo:rerun-if-changed={source}");
    }
    println!("cargo:rustc-env=LIVECTL_TOLD_VERSION={}", version::told());
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    link::arrange("build/order.txt", Path::new(&out));
    for (vendor, rows) in VENDORS {
        let source = format!("src/providers/{vendor}/facts.json");
        println!("cargo:rerun-if-changed={source}");
        let text = fs::read_to_string(&source).unwrap_or_else(|e| panic!("{source}: {e}"));
        let sheet: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{source}: {e}"));
        let tables: Vec<(&str, Table)> = facts(&sheet).into_iter().chain(homes(rows)).collect();
        store::write(&tables, Path::new(&out), vendor);
        store::write_seldom("examples", examples(&sheet), Path::new(&out), vendor);
    }
    store::write_texts(Path::new("src/cli/topics"), &Path::new(&out).join("topics.deflate"));
}

fn facts(sheet: &Value) -> [(&'static str, Table); 3] {
    let scalars = Scalars::collect(sheet);
    let mut actions = Table::default();
    for action in list(&sheet["actions"]) {
        actions.add(text(&action["name"]), &read_action(sheet, action, &scalars));
    }
    let mut types = Table::default();
    for (name, members) in sheet["types"].as_object().expect("types is an object") {
        let members: Vec<Param<'_>> = list(members).iter().map(|m| read_param(m, &scalars, false)).collect();
        types.add(name, &members);
    }
    let mut errors = Table::default();
    for (code, fact) in read_errors(sheet) {
        errors.add(code, &fact);
    }
    [("actions", actions), ("types", types), ("errors", errors)]
}

/// The reference's examples by Action.
fn examples(sheet: &Value) -> Table {
    let scalars = Scalars::collect(sheet);
    let mut examples = Table::default();
    for action in list(&sheet["actions"]) {
        let json = |key: &str| scalars.get(&action[key]);
        let example = Example { request: json("example_request"), response: json("example_response") };
        examples.add(text(&action["name"]), &example);
    }
    examples
}

/// The homes by Action, and the Actions by command.
fn homes(rows: &[Row]) -> [(&'static str, Table); 2] {
    let (mut homes, mut commands) = (Table::default(), Table::default());
    for &(action, command, options) in rows {
        homes.add(action, &home::Home { action, command, options: options.to_vec() });
        commands.add(command, &action);
    }
    [("homes", homes), ("commands", commands)]
}

/// Texts made from values that are no texts in the sheet (numbers in `enum`, examples), kept alive for borrowing.
struct Scalars(BTreeMap<String, String>);

impl Scalars {
    fn collect(sheet: &Value) -> Self {
        let mut texts = BTreeMap::new();
        visit(sheet, &mut |value| {
            texts.entry(value.to_string()).or_insert_with(|| match value {
                Value::String(text) => text.clone(),
                Value::Object(map) if map.is_empty() => String::new(),
                other => other.to_string(),
            });
        });
        Scalars(texts)
    }

    fn get(&self, value: &Value) -> &str {
        self.0.get(&value.to_string()).map_or("", String::as_str)
    }
}

fn visit(sheet: &Value, see: &mut impl FnMut(&Value)) {
    let params = |owner: &Value| -> Vec<Value> { list(owner).to_vec() };
    let mut all: Vec<Value> = Vec::new();
    for action in list(&sheet["actions"]) {
        see(&action["example_request"]);
        see(&action["example_response"]);
        all.extend(params(&action["params"]));
    }
    for members in sheet["types"].as_object().into_iter().flat_map(|t| t.values()) {
        all.extend(params(members));
    }
    for extra in sheet["sdk_extra_params"].as_object().into_iter().flat_map(|t| t.values()) {
        all.extend(params(extra));
    }
    for param in &all {
        list(&param["enum"]).iter().for_each(&mut *see);
        see(&param["default"]);
    }
}

fn read_action<'a>(sheet: &'a Value, action: &'a Value, scalars: &'a Scalars) -> Action<'a> {
    let name = text(&action["name"]);
    let mut params: Vec<Param<'a>> = list(&action["params"]).iter().map(|p| read_param(p, scalars, false)).collect();
    let extra = list(&sheet["sdk_extra_params"][name]);
    params.extend(extra.iter().map(|p| read_param(p, scalars, true)));
    Action {
        name,
        group: text(&action["group"]),
        documented: action["documented"] == Value::Bool(true),
        method: text(&action["method"]),
        params_in: text(&action["params_in"]),
        effect: text(&action["effect"]),
        rate_limit_per_second: action["rate_limit_per_second"].as_f64(),
        summary: text(&action["summary"]),
        params,
        pagination: action["pagination"].is_object().then(|| read_pagination(&action["pagination"])),
        response: list(&action["response"]).iter().map(read_field).collect(),
        errors: list(&action["errors"]).iter().map(|e| text(&e["code"])).collect(),
        regions: list(&sheet["region_required"][name]).iter().map(text).collect(),
    }
}

fn read_param<'a>(param: &'a Value, scalars: &'a Scalars, sdk_only: bool) -> Param<'a> {
    let length = |key: &str| param[key].as_u64().and_then(|n| u32::try_from(n).ok());
    Param {
        name: text(&param["name"]),
        kind: text(&param["type"]),
        required: param["required"] == Value::Bool(true),
        allowed: list(&param["enum"]).iter().map(|v| scalars.get(v)).collect(),
        meanings: param["enum_meaning"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(value, meaning)| (value.as_str(), text(meaning)))
            .collect(),
        min: param["min"].as_f64(),
        max: param["max"].as_f64(),
        min_length: length("min_length"),
        max_length: length("max_length"),
        default: (!param["default"].is_null()).then(|| scalars.get(&param["default"])),
        format: param["format"].as_str(),
        summary: text(&param["summary"]),
        sdk_only,
    }
}

fn read_pagination(page: &Value) -> Pagination<'_> {
    let size = |key: &str| page[key].as_u64().and_then(|n| u32::try_from(n).ok());
    Pagination {
        style: text(&page["style"]),
        page_param: text(&page["page_param"]),
        size_param: page["size_param"].as_str(),
        size_max: size("size_max"),
        size_default: size("size_default"),
        total_field: page["total_field"].as_str(),
        items_field: page["items_field"].as_str(),
    }
}

fn read_field(field: &Value) -> Field<'_> {
    Field { name: text(&field["name"]), kind: text(&field["type"]), summary: text(&field["summary"]) }
}

/// Every code of a sheet with its class, from wherever the sheet keeps it; the first entry wins.
fn read_errors(sheet: &Value) -> BTreeMap<&str, ErrorFact<'_>> {
    let mut errors = BTreeMap::new();
    for source in ["common_errors", "service_errors"] {
        for error in list(&sheet[source]) {
            let code = text(&error["code"]);
            errors.entry(code).or_insert(ErrorFact {
                code,
                class: text(&error["class"]),
                http: error["http"].as_u64().and_then(|n| u16::try_from(n).ok()),
                retryable: error["retryable"].as_bool(),
            });
        }
    }
    for (code, class) in sheet["error_classes"].as_object().into_iter().flatten() {
        errors.entry(code).or_insert(ErrorFact { code, class: text(class), http: None, retryable: None });
    }
    errors
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
