//! The shape that `record`, `transcode` and `callback` have on Tencent: a template, and rules that bind it to places.
//!
//! A row is a rule. Several rules may bind one template, so a template is changed and deleted with care.

use serde_json::{Value, json};

use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Answer, Call, Change, Item, Reply, Road, Selector, Vendor};
use crate::providers::catalog;
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::rows::{self, Place};

mod writing;

pub(super) use writing::{Bound, Modification, NewRule, add, modify, refuse_existing, remove};

const VENDOR: Vendor = Vendor::Tencent;

/// The description of every template that livectl makes: only those are deleted with their last rule.
pub(super) const MADE: &str = "made-by-livectl";

/// One kind of template with its rules.
pub(super) struct Kind {
    /// The word in the names of its Actions: `Record` of `CreateLiveRecordRule`.
    pub(super) word: &'static str,
    /// The command's noun.
    pub(super) noun: &'static str,
    /// What a rule and its template make: `recording`.
    pub(super) thing: &'static str,
    /// What a template is called: `recording template`.
    pub(super) title: &'static str,
    /// The parameter that narrows the list of templates: with 0 and with 1 it is whole.
    pub(super) narrowed: Option<&'static str>,
    /// Whether the template is a part of what names a rule.
    pub(super) keyed_by_template: bool,
    /// Whether the part of a selector behind `#` is the template.
    pub(super) names_templates: bool,
    /// Which kind of domain it wants.
    pub(super) hint: &'static str,
    /// Options of the templates' own commands that are called otherwise here: (there, here).
    pub(super) options: &'static [(&'static str, &'static str)],
}

impl Kind {
    fn call(&self, verb: &str, what: &str) -> Call {
        Call::new(VENDOR, format!("{verb}Live{}{what}", self.word))
    }

    /// A rule's place as the parameters of an Action; empty parts are sent where the Action requires them or `whole`.
    fn placed(&self, verb: &str, place: &Place, whole: bool) -> Call {
        let mut call = self.call(verb, "Rule");
        let Some(action) = catalog::find(VENDOR, &call.action) else { return call };
        for (name, part) in [("DomainName", &place.domain), ("AppName", &place.app), ("StreamName", &place.stream)] {
            let Some(param) = action.param(name) else { continue };
            if part.is_some() || param.required || whole {
                call = call.with(name, part.clone().unwrap_or_default());
            }
        }
        call
    }

    /// Sends a change; what is wrong with its values is told in the options of this command.
    async fn change(&self, road: &dyn Road, call: Call, changes: &[Change]) -> Result<Reply> {
        road.change(call, changes).await.map_err(|error| {
            error.with(|details| {
                for fault in &mut details.faults {
                    let here = self.options.iter().find(|(there, _)| fault.option.ends_with(there));
                    if let Some((_, here)) = here {
                        (*here).clone_into(&mut fault.option);
                    }
                }
                details.faults.dedup();
                if details.class == Class::Usage && details.outcome == Some(Outcome::Refused) {
                    details.hints.push(self.hint.to_owned());
                }
            })
        })
    }

    /// The command that deletes a template.
    fn deletion(&self, template: &str) -> String {
        format!("livectl {} template delete --template-id {template}", self.noun)
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    /// Where it counts.
    pub(super) place: Place,
    /// The vendor's own item.
    pub(super) raw: Value,
}

impl Rule {
    /// The id of its template.
    pub(super) fn template(&self) -> String {
        rows::text(&self.raw, "TemplateId").unwrap_or_default()
    }

    /// The selector, its template behind `#`.
    pub(super) fn id(&self) -> String {
        bound(&self.place, self.template())
    }
}

/// The selector of a rule that binds a template.
fn bound(place: &Place, template: String) -> String {
    Place { tail: Some(template), ..place.clone() }.selector()
}

/// Which rules a selector or its options mean.
pub(super) struct Wanted {
    /// The parts that are named.
    pub(super) place: Place,
    /// A selector with all its parts: an empty one means a rule without it, not any.
    pub(super) exact: bool,
    /// As it was named, for messages.
    pub(super) typed: String,
}

impl Wanted {
    /// Reads a target.
    ///
    /// # Errors
    /// Those of [`Place::of`].
    pub(super) fn of(target: &Selector) -> Result<Self> {
        let place = Place::of(target)?;
        let typed = target.id.clone().unwrap_or_else(|| place.selector());
        Ok(Wanted { place, exact: rows::is_whole(target), typed })
    }

    fn matches(&self, rule: &Rule) -> bool {
        let wanted = Place { tail: None, ..self.place.clone() };
        if self.exact { wanted == rule.place } else { wanted.matches(&rule.place) }
    }
}

/// One rule with what is around it.
pub(super) struct Found {
    /// The rule.
    pub(super) rule: Rule,
    template: Option<Value>,
    /// The places where other rules bind the same template.
    others: Vec<String>,
}

impl Found {
    /// Its template.
    ///
    /// # Errors
    /// Not-found where the rule binds a template that is gone.
    pub(super) fn template(&self, kind: &Kind, doing: &str) -> Result<&Value> {
        self.template.as_ref().ok_or_else(|| {
            let message = format!("{doing}: its {} {} is gone", kind.title, self.rule.template());
            Error::new(Class::NotFound, message).hint(format!(
                "remove the rule that is left: `livectl {} delete '{}'`",
                kind.noun,
                self.rule.place.selector()
            ))
        })
    }

    /// Its item for the output.
    pub(super) fn raw(&self) -> Value {
        raw(&self.rule, self.template.as_ref())
    }

    /// Its template, where it is still there.
    pub(super) fn known(&self) -> Option<&Value> {
        self.template.as_ref()
    }
}

/// A rule and its template as one item.
pub(super) fn raw(rule: &Rule, template: Option<&Value>) -> Value {
    json!({ "Rule": rule.raw, "Template": template })
}

/// The name of a template.
pub(super) fn name(template: &Value) -> String {
    rows::text(template, "TemplateName").unwrap_or_default()
}

/// A name for a template that nobody named, after the place it is made for: letters, digits, `-` and `_`.
pub(super) fn name_for(place: &Place) -> String {
    let parts: Vec<&str> =
        [&place.domain, &place.app, &place.stream].into_iter().flatten().map(String::as_str).collect();
    let plain = |sign: char| if sign.is_ascii_alphanumeric() || sign == '_' { sign } else { '-' };
    parts.join("_").chars().map(plain).collect()
}

/// All rules, or where the vendor can tell them apart those of one domain.
///
/// # Errors
/// The road's own.
pub(super) async fn rules(road: &dyn Road, kind: &Kind, domain: Option<&str>) -> Result<Vec<Rule>> {
    let call = kind.call("Describe", "Rules");
    let narrows = catalog::find(VENDOR, &call.action).is_some_and(|action| action.param("DomainNames").is_some());
    let call = call.with_some("DomainNames", domain.filter(|_| narrows).map(|domain| json!([domain])));
    let one = |raw: Value| {
        let part = |name| rows::text(&raw, name);
        let (domain, app, stream) = (part("DomainName"), part("AppName"), part("StreamName"));
        Rule { place: Place { domain, app, stream, tail: None }, raw }
    };
    Ok(Pages::all(call, road).await?.into_iter().map(one).collect())
}

/// The templates; where `needed` names some, it is enough that these are among them.
async fn templates(road: &dyn Road, kind: &Kind, needed: &[String]) -> Result<Vec<Value>> {
    let mut all: Vec<Value> = Vec::new();
    let narrowings: &[Option<u8>] = if kind.narrowed.is_some() { &[Some(0), Some(1)] } else { &[None] };
    for narrowing in narrowings {
        let mut call = kind.call("Describe", "Templates");
        if let (Some(param), Some(value)) = (kind.narrowed, narrowing) {
            call = call.with(param, *value);
        }
        all.extend(Pages::all(call, road).await?);
        if !needed.is_empty() && needed.iter().all(|id| by_id(&all, id).is_some()) {
            break;
        }
    }
    Ok(all)
}

fn by_id<'a>(templates: &'a [Value], id: &str) -> Option<&'a Value> {
    templates.iter().find(|template| rows::text(template, "TemplateId").as_deref() == Some(id))
}

/// Emits what `items` makes of every rule that is wanted and its template.
///
/// # Errors
/// The road's and the output's own.
pub(super) async fn list(
    road: &dyn Road,
    kind: &Kind,
    wanted: &Wanted,
    items: impl Fn(&Rule, Option<&Value>) -> Vec<Item>,
) -> Result<Answer> {
    let mut rules = rules(road, kind, wanted.place.domain.as_deref()).await?;
    rules.retain(|rule| wanted.matches(rule));
    let needed: Vec<String> = rules.iter().map(Rule::template).collect();
    let templates = if needed.is_empty() { Vec::new() } else { templates(road, kind, &needed).await? };
    for rule in &rules {
        for item in items(rule, by_id(&templates, &rule.template())) {
            if !road.emit(item)? {
                return Ok(Answer::Listed);
            }
        }
    }
    Ok(Answer::Listed)
}

/// Finds the only rule that is meant, its template and the other rules of that. The part behind `#` is the
/// template's id or name.
///
/// # Errors
/// Usage where no domain or several rules are named, not-found, and the road's own.
pub(super) async fn find(road: &dyn Road, kind: &Kind, wanted: &Wanted, doing: &str) -> Result<Found> {
    Complaints::none().need("ID, or --domain", wanted.place.domain.is_some()).refuse(doing, Some(kind.hint))?;
    let all = rules(road, kind, None).await?;
    let mut found: Vec<Rule> = all.iter().filter(|rule| wanted.matches(rule)).cloned().collect();
    if let Some(tail) = wanted.place.tail.as_ref().filter(|_| !found.is_empty()) {
        let by_number = found.iter().any(|rule| rule.template() == *tail);
        let named = if by_number { Vec::new() } else { templates(road, kind, &[]).await? };
        let called = |rule: &Rule| by_id(&named, &rule.template()).is_some_and(|template| name(template) == *tail);
        found.retain(|rule| rule.template() == *tail || called(rule));
    }
    let id = |rule: &Rule| if kind.names_templates { rule.id() } else { rule.place.selector() };
    let rule = rows::only_one(&format!("{doing} `{}`", wanted.typed), found, id)?;
    with_template(road, kind, rule, &all).await
}

/// A rule among all, with its template and the other rules of that.
///
/// # Errors
/// The road's own.
pub(super) async fn with_template(road: &dyn Road, kind: &Kind, rule: Rule, all: &[Rule]) -> Result<Found> {
    let id = rule.raw.get("TemplateId").cloned().unwrap_or_default();
    let template = match road.read(kind.call("Describe", "Template").with("TemplateId", id)).await {
        Ok(reply) => reply.result.get("Template").filter(|template| template.is_object()).cloned(),
        Err(error) if error.class() == Class::NotFound => None,
        Err(error) => return Err(error),
    };
    let others = all.iter().filter(|other| **other != rule && other.template() == rule.template());
    let others = others.map(|other| other.place.selector()).collect();
    Ok(Found { rule, template, others })
}
