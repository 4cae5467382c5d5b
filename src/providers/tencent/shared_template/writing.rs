//! Making, changing and deleting rules with their templates.

use serde_json::{Value, json};

use super::{Found, Kind, MADE, Rule, VENDOR, bound, name, rules, templates};
use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Answer, Change, Params, Road};
use crate::providers::change;
use crate::providers::rows::{self, Place};

/// What a new rule binds.
pub(in crate::providers::tencent) enum Bound {
    /// A template that is there.
    Existing(String),
    /// A template to be made, with these parameters and its name among them.
    New(Params),
}

/// A rule to be made.
pub(in crate::providers::tencent) struct NewRule<'a> {
    /// What is done, for messages.
    pub(in crate::providers::tencent) doing: &'a str,
    /// Where it is to count.
    pub(in crate::providers::tencent) place: &'a Place,
    /// What it binds.
    pub(in crate::providers::tencent) binds: Bound,
    /// The settings of a new template.
    pub(in crate::providers::tencent) settings: Vec<Change>,
    /// The selector to be told, where it is another than the rule's own.
    pub(in crate::providers::tencent) id: Option<String>,
}

/// Refuses to add what is there.
///
/// # Errors
/// Conflict: the rule is there, or the name of its template is taken.
pub(in crate::providers::tencent) async fn refuse_existing(
    road: &dyn Road,
    kind: &Kind,
    new: &NewRule<'_>,
) -> Result<()> {
    let mut there = rules(road, kind, new.place.domain.as_deref()).await?;
    there.retain(|rule| rule.place == *new.place);
    let exists = |rule: &Rule| {
        let message = format!("{}: it exists already: `{}`", new.doing, rule.id());
        let error = Error::new(Class::Conflict, message).outcome(Outcome::NotSent);
        Err(error.with(|details| details.already_exists = true))
    };
    match &new.binds {
        _ if !kind.keyed_by_template => there.first().map_or(Ok(()), exists),
        Bound::Existing(id) => there.iter().find(|rule| rule.template() == *id).map_or(Ok(()), exists),
        Bound::New(params) => {
            let all = templates(road, kind, &[]).await?;
            let wanted = params.get("TemplateName").and_then(Value::as_str).unwrap_or_default();
            let Some(taken) = all.iter().find(|template| name(template) == wanted) else { return Ok(()) };
            let id = rows::text(taken, "TemplateId").unwrap_or_default();
            if let Some(rule) = there.iter().find(|rule| rule.template() == id) {
                return exists(rule);
            }
            let message = format!("{}: the {} {id} has the name `{wanted}` already", new.doing, kind.title);
            Err(Error::new(Class::Conflict, message)
                .outcome(Outcome::NotSent)
                .hint(format!("bind that one with `--template {id}`, or choose another name")))
        }
    }
}

/// Makes a rule, and before it the template that it binds. If the rule certainly failed, the template is deleted again.
///
/// # Errors
/// The road's own, with what was left.
pub(in crate::providers::tencent) async fn add(road: &dyn Road, kind: &Kind, new: NewRule<'_>) -> Result<Answer> {
    let (template, name) = match new.binds {
        Bound::Existing(id) => (id.parse::<u64>().map_or_else(|_| json!(id), Value::from), None),
        Bound::New(params) => {
            let name = params.get("TemplateName").and_then(Value::as_str).unwrap_or_default().to_owned();
            (make(road, kind, params, &new.settings, new.doing).await?, Some(name))
        }
    };
    let id = rows::text(&json!({ "Id": template }), "Id").unwrap_or_default();
    let mut row = rows::row(&json!({
        "domain": new.place.domain, "app": new.place.app, "stream": new.place.stream, "template": template,
    }));
    row.retain(|_, value| !value.is_null());
    let binding = rows::created(&row, &["domain", "app", "stream", "template"]);
    let call = kind.placed("Create", new.place, false).with("TemplateId", template.clone());
    let action = call.action.clone();
    let reply = match kind.change(road, call, &binding).await {
        Ok(reply) => reply,
        Err(error) if name.is_some() => return Err(undone(road, kind, &template, error).await),
        Err(error) if error.class() == Class::NotFound => {
            return Err(error.hint(format!("`livectl {} template list` shows the templates", kind.noun)));
        }
        Err(error) => return Err(error),
    };
    let changes = [binding, new.settings].concat();
    let told = new.id.unwrap_or_else(|| bound(new.place, id));
    Ok(change::told(VENDOR, action, Some(told), &name.unwrap_or_default(), changes, reply))
}

/// Makes a template and answers its id.
async fn make(road: &dyn Road, kind: &Kind, params: Params, settings: &[Change], doing: &str) -> Result<Value> {
    let mut call = kind.call("Create", "Template");
    call.params = params;
    let call = call.with("Description", MADE);
    let action = call.action.clone();
    let reply = kind.change(road, call, settings).await.map_err(|error| {
        // That a template has this name does not mean that the rule is there.
        error.with(|details| {
            if details.already_exists {
                details.already_exists = false;
                details.hints.push(format!("`livectl {} template list` shows the templates", kind.noun));
            }
        })
    })?;
    match reply.result.get("TemplateId") {
        Some(id) if !id.is_null() => Ok(id.clone()),
        _ => {
            let message = format!("{doing}: {action} answered no id of the template that it made");
            Err(Error::new(Class::Vendor, message)
                .hint(format!("`livectl {} template list` shows what was made", kind.noun))
                .with(|details| details.outcome = Some(Outcome::Applied)))
        }
    }
}

/// Takes back the first step of two, where the second certainly failed; else the error tells what is left.
async fn undone(road: &dyn Road, kind: &Kind, template: &Value, error: Error) -> Error {
    let id = rows::text(&json!({ "Id": template }), "Id").unwrap_or_default();
    let removal = kind.deletion(&id);
    let left = format!("the {} {id}, made for it, is left: `{removal}` removes it", kind.title);
    if error.details().outcome == Some(Outcome::Applied) {
        return error;
    }
    if !matches!(error.details().outcome, Some(Outcome::Refused | Outcome::NotSent)) {
        return error.hint(format!("{left} if no rule binds it (`livectl {} rule list`)", kind.noun));
    }
    let call = kind.call("Delete", "Template").with("TemplateId", template.clone());
    match kind.change(road, call, &[]).await {
        Ok(_) => error,
        Err(_) => error.hint(left),
    }
}

/// A change of a template that a rule binds.
pub(in crate::providers::tencent) struct Modification<'a> {
    /// What is done, for messages.
    pub(in crate::providers::tencent) doing: &'a str,
    /// The parameters, without the template's id.
    pub(in crate::providers::tencent) params: Params,
    /// The field-level difference.
    pub(in crate::providers::tencent) changes: Vec<Change>,
    /// What is asked first; where other rules bind the template, it is asked in any case.
    pub(in crate::providers::tencent) question: Option<String>,
    /// `--shared`.
    pub(in crate::providers::tencent) shared: bool,
    /// The selector to be told.
    pub(in crate::providers::tencent) id: String,
    /// The name to be told.
    pub(in crate::providers::tencent) name: String,
}

/// Changes the template of a rule. Where other rules bind it as well, only if the user said so, and asks first.
///
/// # Errors
/// Conflict where other rules bind the template; the road's own.
pub(in crate::providers::tencent) async fn modify(
    road: &dyn Road,
    kind: &Kind,
    found: &Found,
    wanted: Modification<'_>,
) -> Result<Answer> {
    let (id, others) = (found.rule.template(), found.others.join(", "));
    if !others.is_empty() && !wanted.shared {
        let message = format!("{}: its {} {id} is also that of {others}", wanted.doing, kind.title);
        let error = Error::new(Class::Conflict, message).outcome(Outcome::NotSent);
        return Err(error.hint("`--shared` changes it for all of them"));
    }
    match wanted.question {
        Some(question) if others.is_empty() => road.confirm(&question)?,
        None if others.is_empty() => {}
        question => {
            let change = || format!("change the {} {id} of {}", kind.title, found.rule.place.selector());
            road.confirm(&format!("{}, for {others} as well,", question.unwrap_or_else(change)))?;
        }
    }
    let mut call = kind.call("Modify", "Template");
    call.params = wanted.params;
    let call = call.with("TemplateId", found.rule.raw.get("TemplateId").cloned().unwrap_or_default());
    let action = call.action.clone();
    let reply = kind.change(road, call, &wanted.changes).await?;
    Ok(change::told(VENDOR, action, Some(wanted.id), &wanted.name, wanted.changes, reply))
}

/// Removes a rule, and its template if livectl made it and no other rule binds it. Asks first.
///
/// # Errors
/// Usage without consent; the road's own, with what was left.
pub(in crate::providers::tencent) async fn remove(
    road: &dyn Road,
    kind: &Kind,
    found: &Found,
    id: &str,
    mut changes: Vec<Change>,
) -> Result<Answer> {
    let template = found.rule.template();
    let ours = |known: &&Value| rows::text(known, "Description").as_deref() == Some(MADE) && found.others.is_empty();
    let goes = found.template.as_ref().filter(ours);
    let title = goes.map_or(String::new(), |_| format!(" and its {} {template}", kind.title));
    road.confirm(&format!("delete the {} {id}{title}", kind.thing))?;
    let number = found.rule.raw.get("TemplateId").cloned().unwrap_or_default();
    let mut call = kind.placed("Delete", &found.rule.place, true);
    if kind.keyed_by_template {
        call = call.with("TemplateId", number.clone());
    }
    let mut action = call.action.clone();
    let mut reply = kind.change(road, call, &changes).await?;
    let name = found.template.as_ref().map(name).unwrap_or_default();
    if goes.is_some() {
        let call = kind.call("Delete", "Template").with("TemplateId", number.clone());
        action = call.action.clone();
        let gone = Change::new("template", number, Value::Null);
        reply = kind.change(road, call, std::slice::from_ref(&gone)).await.map_err(|error| {
            let removal = kind.deletion(&template);
            error.hint(format!("the rule is deleted; `{removal}` deletes its {}, if that is left", kind.title))
        })?;
        changes.push(gone);
    }
    Ok(change::told(VENDOR, action, Some(id.to_owned()), &name, changes, reply))
}
