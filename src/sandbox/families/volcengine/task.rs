//! Volcengine's tasks that make a stream of others: cloud mixes and carousels. They work alike, so each is one row.

use serde_json::{Value, json};

use crate::model::Params;
use crate::sandbox::answer::{Performed, Refusal};
use crate::sandbox::asked::{Asked, members};
use crate::sandbox::families::Handler::{self, Changes, Reads};
use crate::sandbox::families::beijing_offset;
use crate::sandbox::families::volcengine::shape;
use crate::sandbox::house::House;

/// One family of tasks.
struct Task {
    /// Where its rows are kept, and the first part of the ids that are made.
    table: &'static str,
    /// The parameter with the rule.
    rule: &'static str,
    /// The vendor's word for a task that runs.
    running: &'static str,
    /// Whether the result has a code and a message of its own.
    coded: bool,
}

/// `runing` is the vendor's own spelling.
const MIX: Task = Task { table: "mix", rule: "MixedRules", running: "runing", coded: true };
const CAROUSEL: Task = Task { table: "carousel", rule: "Rule", running: "running", coded: false };

const ID: [(&str, &str); 1] = [("TaskID", "TaskID")];

pub(in crate::sandbox::families) const TABLE: &[(&str, Handler)] = &[
    ("CreateCloudMixTask", Changes(|asked, house| MIX.create(asked, house))),
    ("UpdateCloudMixTask", Changes(|asked, house| MIX.update(asked, house))),
    ("GetCloudMixTaskDetail", Reads(|asked, house| MIX.show(asked, house))),
    ("ListCloudMixTask", Reads(|asked, house| MIX.list(asked, house))),
    ("DeleteCloudMixTask", Changes(|asked, house| MIX.end(asked, house))),
    ("CreateCarouselTask", Changes(|asked, house| CAROUSEL.create(asked, house))),
    ("UpdateCarouselTask", Changes(|asked, house| CAROUSEL.update(asked, house))),
    ("GetCarouselDetail", Reads(|asked, house| CAROUSEL.show(asked, house))),
    ("ListCarouselTask", Reads(|asked, house| CAROUSEL.list(asked, house))),
    ("DeleteCarouselTask", Changes(|asked, house| CAROUSEL.end(asked, house))),
];

impl Task {
    fn create(&self, asked: &Asked<'_>, house: &mut House) -> Performed {
        let rule = self.rule(asked)?;
        let id = format!("{}-{:08}", self.table, house.next_id());
        let now = json!({ "Time": beijing_offset(asked.now) });
        let row = json!({
            "TaskID": id, "Name": asked.text("Name"), "CreatedAt": now, "UpdatedAt": now, "StoppedAt": {"Time": ""},
            "_rule": rule, "_operations": 0,
        });
        house.add(self.table, members(row));
        Ok(self.answer(json!({ "TaskID": id })))
    }

    /// Puts in what the change names; the output of a mix that runs stays as it is.
    fn update(&self, asked: &Asked<'_>, house: &mut House) -> Performed {
        let change = self.rule(asked)?;
        let row = self.running(asked, house)?;
        let mut rule = row.get("_rule").and_then(Value::as_object).cloned().unwrap_or_default();
        let kept =
            |member: &str| rule.get("Output").and_then(|output| output.get(member)) != change["Output"].get(member);
        if self.coded && ["Url", "Audio", "Video"].into_iter().any(kept) {
            return Err(asked.refuse("InvalidParam", "Output has to repeat the settings of the running task"));
        }
        for (member, value) in members(change).into_iter().filter(|(member, _)| member != "Output") {
            rule.insert(member, value);
        }
        let operation = row.get("_operations").and_then(Value::as_i64).unwrap_or(0) + 1;
        row.insert("_rule".to_owned(), Value::Object(rule));
        row.insert("_operations".to_owned(), json!(operation));
        row.insert("UpdatedAt".to_owned(), json!({ "Time": beijing_offset(asked.now) }));
        Ok(self.answer(json!({ "OptID": operation })))
    }

    /// The rule of a request: it has sources, and no two of one id.
    fn rule(&self, asked: &Asked<'_>) -> Result<Value, Refusal> {
        let rule = asked.or(self.rule, json!({}));
        let sources = rule.get("InputSource").or_else(|| rule.get("Source")).and_then(Value::as_array);
        let ids: Vec<&Value> = sources.into_iter().flatten().filter_map(|source| source.get("ID")).collect();
        let twice = ids.iter().enumerate().any(|(at, id)| ids.iter().take(at).any(|earlier| earlier == id));
        if ids.is_empty() || twice {
            return Err(asked.refuse("InvalidParam", format!("{} has sources, each with an ID of its own", self.rule)));
        }
        Ok(rule)
    }

    fn show(&self, asked: &Asked<'_>, house: &House) -> Performed {
        let row = house.find(self.table, &asked.key(&ID)).ok_or_else(|| self.missing(asked))?;
        let mut kept = self.whole(asked, row);
        let rule = row.get("_rule").cloned().unwrap_or_default();
        let playing = rule.pointer("/Source/0/ID").cloned().unwrap_or_default();
        let operations = row.get("_operations").cloned().unwrap_or_default();
        kept.insert("Rule".to_owned(), json!(rule.to_string()));
        kept.insert("PlayInfo".to_owned(), json!(json!({ "SourceID": playing }).to_string()));
        kept.insert("LastOperationIndex".to_owned(), operations.clone());
        kept.insert("LastSuccessOperationIndex".to_owned(), operations);
        Ok(self.answer(shape::item(asked, "Data", &kept)))
    }

    fn list(&self, asked: &Asked<'_>, house: &House) -> Performed {
        let rows: Vec<Params> = house.rows(self.table).iter().rev().map(|row| self.whole(asked, row)).collect();
        let page = asked.page(rows.iter(), |row| Value::Object(row.clone()));
        let kept = members(json!({ "Count": page.total, "Result": page.items }));
        Ok(self.answer(shape::item(asked, "Data", &kept)))
    }

    /// The task with its state of this moment.
    fn whole(&self, asked: &Asked<'_>, row: &Params) -> Params {
        let time = |member: &str| row.get("_rule").and_then(|rule| rule.get(member)).and_then(Value::as_i64);
        let now = asked.now.as_second();
        let over = time("StopTime").is_some_and(|stop| stop > 0 && stop <= now);
        let status = if over || row.contains_key("_ended") {
            "done"
        } else if time("PlayTime").is_some_and(|play| play > now) {
            "pending"
        } else {
            self.running
        };
        let mut whole = row.clone();
        whole.insert("Status".to_owned(), json!(status));
        whole
    }

    /// Ends a task; it stays in the list.
    fn end(&self, asked: &Asked<'_>, house: &mut House) -> Performed {
        let row = self.running(asked, house)?;
        row.insert("_ended".to_owned(), json!(true));
        row.insert("StoppedAt".to_owned(), json!({ "Time": beijing_offset(asked.now) }));
        Ok(self.answer(json!("")))
    }

    fn running<'h>(&self, asked: &Asked<'_>, house: &'h mut House) -> Result<&'h mut Params, Refusal> {
        let row = house.find_mut(self.table, &asked.key(&ID)).filter(|row| !row.contains_key("_ended"));
        row.ok_or_else(|| self.missing(asked))
    }

    fn answer(&self, data: Value) -> Params {
        let answer =
            if self.coded { json!({"Code": 0, "Data": data, "Message": "success"}) } else { json!({ "Data": data }) };
        members(answer)
    }

    fn missing(&self, asked: &Asked<'_>) -> Refusal {
        asked.refuse("ResourceNotFound", format!("no {} task {} runs", self.table, asked.text("TaskID")))
    }
}
