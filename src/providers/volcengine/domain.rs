//! `domain` on Volcengine Live: domains live in domain spaces (vhosts), one call each, no templates.

use serde_json::{Value, json};

use crate::error::{Class, Error, Outcome};
use crate::model::time::BEIJING;
use crate::model::{
    Answer, Area, Call, Change, DomainArgs, DomainConfigArgs, DomainConfigVerb, DomainKind, DomainRow, DomainStatus,
    DomainVerb, Item, Road, Support, Vendor,
};
use crate::providers::catalog;
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::{change, rows, walk};

const VENDOR: Vendor = Vendor::Volcengine;

/// The state of a domain that `ListDomainDetail` still lists after its deletion.
const DELETED: u64 = 3;

/// The fields that appear when a domain is made and vanish with it.
const FIELDS: &[&str] = &["name", "type", "area"];

pub(super) fn support(verb: DomainVerb) -> Support<DomainArgs> {
    match verb {
        DomainVerb::List => Support::Does(|road, args| Box::pin(list(road, args))),
        DomainVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        DomainVerb::Add => Support::Does(|road, args| Box::pin(add(road, args))),
        DomainVerb::Enable => Support::Does(|road, args| Box::pin(turn(road, args, DomainStatus::Enabled))),
        DomainVerb::Disable => Support::Does(|road, args| Box::pin(turn(road, args, DomainStatus::Disabled))),
        DomainVerb::Delete => Support::Does(|road, args| Box::pin(delete(road, args))),
        DomainVerb::Map | DomainVerb::Unmap => Support::Cannot {
            why: "Volcengine joins push and play domains by their domain space (vhost), chosen when a domain is added",
            instead: Some("livectl domain add NAME --type play --area AREA --vhost VHOST"),
        },
    }
}

pub(super) fn config(verb: DomainConfigVerb) -> Support<DomainConfigArgs> {
    match verb {
        DomainConfigVerb::Show | DomainConfigVerb::Set | DomainConfigVerb::Delete => Support::Cannot {
            why: "Volcengine has an Action for each setting of a domain, and no list of functions",
            instead: Some("livectl domain header set"),
        },
    }
}

async fn list(road: &dyn Road, args: &DomainArgs) -> Result<Answer, Error> {
    let mut call = Call::new(VENDOR, "ListDomainDetail")
        .with_some("DomainTypeList", args.kind.map(|kind| json!([kind_word(kind)])))
        .with_some("DomainRegionList", args.area.map(|area| json!([area_word(area)])))
        .with_some("VhostList", args.vhost.as_ref().map(|vhost| json!([vhost])));
    if let Some(status) = args.status {
        let states = states_of(status);
        if states.is_empty() {
            road.note("Volcengine has no such state of a domain, so none is listed");
            return Ok(Answer::Listed);
        }
        call = call.with("DomainStatusList", states);
    }
    walk::emit_listing(road, call, |raw| Some(item(raw))).await
}

async fn show(road: &dyn Road, args: &DomainArgs) -> Result<Answer, Error> {
    Ok(Answer::One(item(find(road, &args.name).await?)))
}

async fn add(road: &dyn Road, args: &DomainArgs) -> Result<Answer, Error> {
    let doing = format!("adding the domain `{}`", args.name);
    Complaints::none()
        .need("NAME", !args.name.is_empty())
        .need("--type", args.kind.is_some())
        .need_unless("--area", args.area.is_some() || args.vhost.is_none(), "required beside --vhost")
        .foreign("--domain-region", args.domain_region.as_ref(), "Aliyun")
        .foreign("--verify-owner", args.verify_owner.as_ref(), "Tencent")
        .refuse(&doing, None)?;
    let kind = args.kind.map(kind_word);
    let region = args.area.map(area_word);
    let call = match &args.vhost {
        None => Call::new(VENDOR, "CreateDomain")
            .with("Domain", args.name.as_str())
            .with_some("Type", kind)
            .with_some("Region", region),
        Some(vhost) => Call::new(VENDOR, "CreateDomainV2")
            .with("Vhost", vhost.as_str())
            .with("Domains", json!([{"DomainName": args.name, "Type": kind, "Region": region}])),
    };
    let mut changes = vec![Change::new("name", Value::Null, args.name.as_str())];
    changes.extend(args.kind.map(|kind| Change::new("type", Value::Null, json!(kind))));
    changes.extend(args.area.map(|area| Change::new("area", Value::Null, json!(area))));
    match change::send(road, call, &args.name, &args.name, changes).await {
        Err(error) if is_refusal(&error) && find(road, &args.name).await.is_ok() => {
            Err(as_existing(error, &format!("{doing}: it exists already")))
        }
        other => other,
    }
}

async fn turn(road: &dyn Road, args: &DomainArgs, wanted: DomainStatus) -> Result<Answer, Error> {
    let row = typed(&find(road, &args.name).await?);
    let action = if wanted == DomainStatus::Enabled { "EnableDomain" } else { "DisableDomain" };
    change::turn(road, &row, wanted, Call::new(VENDOR, action).with("Domain", row.name.as_str())).await
}

async fn delete(road: &dyn Road, args: &DomainArgs) -> Result<Answer, Error> {
    let row = typed(&find(road, &args.name).await?);
    road.confirm(&format!("delete the {}", rows::domain_title(&row)))?;
    let changes = rows::removed(&rows::row(&row), FIELDS);
    let call = Call::new(VENDOR, "DeleteDomain").with("Domain", row.name.as_str());
    change::send(road, call, &row.name, &row.name, changes).await
}

/// The vendor's item of one domain.
///
/// # Errors
/// The road's own, and not-found.
pub(super) async fn find(road: &dyn Road, name: &str) -> Result<Value, Error> {
    Complaints::none().need("NAME", !name.is_empty()).refuse("looking up the domain", None)?;
    let call = Call::new(VENDOR, "ListDomainDetail").with("DomainNameList", json!([name]));
    let found = Pages::all(call, road).await?;
    let same = |item: &Value| rows::text(item, "Domain").is_some_and(|domain| domain.eq_ignore_ascii_case(name));
    found.into_iter().find(same).ok_or_else(|| rows::no_domain(VENDOR, "ListDomainDetail", name))
}

/// The vendor's items of every domain of the account that is still there.
///
/// # Errors
/// The road's own.
pub(super) async fn living(road: &dyn Road) -> Result<Vec<Value>, Error> {
    let items = Pages::all(Call::new(VENDOR, "ListDomainDetail"), road).await?;
    Ok(items.into_iter().filter(|item| rows::number(item, "Status") != Some(DELETED)).collect())
}

/// Whether the vendor certainly refused, so that a look at what is there can tell why.
pub(super) fn is_refusal(error: &Error) -> bool {
    let telling = matches!(error.class(), Class::Usage | Class::Conflict | Class::Vendor | Class::NotFound);
    telling && error.details().outcome == Some(Outcome::Refused)
}

/// The refusal of something that is there already: Volcengine has no error code of its own for it.
pub(super) fn as_existing(error: Error, message: &str) -> Error {
    error.with(|details| {
        details.hints = vec![format!("Volcengine said: {}", details.message)];
        details.class = Class::Conflict;
        message.clone_into(&mut details.message);
        details.already_exists = true;
        details.retryable = Some(false);
    })
}

fn item(raw: Value) -> Item {
    Item { row: rows::row(&typed(&raw)), raw }
}

fn typed(raw: &Value) -> DomainRow {
    let state = rows::text(raw, "Status");
    DomainRow {
        kind: match rows::text(raw, "Type").as_deref() {
            Some("push") => Some(DomainKind::Push),
            Some(word) if word.starts_with("pull") => Some(DomainKind::Play),
            _ => None,
        },
        status: state.as_deref().and_then(status_of),
        status_detail: state.map(|state| state_meaning(&state).map_or(state.clone(), str::to_owned)),
        cname: rows::text(raw, "CNAME"),
        cname_ok: rows::flag(raw, "CnameCheck"),
        area: match rows::text(raw, "Region").as_deref() {
            Some("cn") => Some(Area::Mainland),
            Some("cn-oversea") => Some(Area::Overseas),
            Some("cn-global") => Some(Area::Global),
            _ => None,
        },
        created_at: rows::time(raw, "CreateTime", BEIJING),
        ..rows::named_domain(VENDOR, &rows::text(raw, "Domain").unwrap_or_default())
    }
}

const fn kind_word(kind: DomainKind) -> &'static str {
    match kind {
        DomainKind::Push => "push",
        DomainKind::Play => "pull-flv",
    }
}

const fn area_word(area: Area) -> &'static str {
    match area {
        Area::Mainland => "cn",
        Area::Overseas => "cn-oversea",
        Area::Global => "cn-global",
    }
}

/// The states of `ListDomainDetail` and what they are in our words.
const STATES: [(u64, DomainStatus); 7] = [
    (0, DomainStatus::Enabled),
    (1, DomainStatus::Checking),
    (2, DomainStatus::Disabled),
    (3, DomainStatus::Blocked),
    (4, DomainStatus::Failed),
    (5, DomainStatus::Blocked),
    (6, DomainStatus::Blocked),
];

fn status_of(state: &str) -> Option<DomainStatus> {
    let state: u64 = state.parse().ok()?;
    STATES.iter().find(|(number, _)| *number == state).map(|(_, status)| *status)
}

fn states_of(status: DomainStatus) -> Vec<u64> {
    STATES.iter().filter(|(_, ours)| *ours == status).map(|(number, _)| *number).collect()
}

/// What the facts say a state's number means.
fn state_meaning(state: &str) -> Option<&'static str> {
    let members = catalog::type_members(VENDOR, "ListDomainDetailDomainList")?;
    let status = members.into_iter().find(|member| member.name == "Status")?;
    status.meanings.into_iter().find(|(number, _)| *number == state).map(|(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::script::Script;

    fn push(state: u64) -> Value {
        json!({"Domain": "push.example.com", "Type": "push", "Status": state, "CNAME": "push.example.com.volclive.com",
               "CnameCheck": 1, "Region": "cn", "CreateTime": "2023-05-08T11:54:18+08:00", "Vhost": "example"})
    }

    fn script() -> Script {
        Script::new(VENDOR)
    }

    fn looked_up(script: Script, found: &[Value]) -> Script {
        let params = json!({"PageNum": 1, "PageSize": 1000, "DomainNameList": ["push.example.com"]});
        script.answers("ListDomainDetail", params, json!({"Total": found.len(), "DomainList": found}))
    }

    fn named() -> DomainArgs {
        DomainArgs { name: "push.example.com".into(), ..DomainArgs::default() }
    }

    #[test]
    fn a_list_is_filtered_by_the_vendor_and_told_in_our_words() {
        let pull = json!({"Domain": "play.example.com", "Type": "pull-flv", "Status": 6, "CNAME": "", "CnameCheck": 0,
                          "Region": "cn-global", "CreateTime": ""});
        let asked = json!({"PageNum": 1, "PageSize": 1000, "DomainRegionList": ["cn-global"],
                           "DomainStatusList": [3, 5, 6], "DomainTypeList": ["pull-flv"]});
        let script = script().answers("ListDomainDetail", asked, json!({"Total": 1, "DomainList": [pull]}));
        let args = DomainArgs {
            kind: Some(DomainKind::Play),
            area: Some(Area::Global),
            status: Some(DomainStatus::Blocked),
            ..DomainArgs::default()
        };
        let expected = json!([{"vendor": "volcengine", "profile": null, "name": "play.example.com", "type": "play",
            "status": "blocked", "status_detail": "blocked, no ICP filing", "cname": null, "cname_ok": false,
            "area": "global", "created_at": null}]);
        assert_eq!(script.rows(list(&script, &args)), expected);
    }

    #[test]
    fn a_state_that_the_vendor_does_not_know_lists_nothing_and_says_so() {
        let script = script();
        let args = DomainArgs { status: Some(DomainStatus::Configuring), ..DomainArgs::default() };
        assert_eq!(script.rows(list(&script, &args)), json!([]));
        assert_eq!(script.notes.borrow().len(), 1);
    }

    #[test]
    fn one_domain_is_shown_or_not_found() {
        let script = looked_up(self::script(), &[push(0)]);
        let rows = script.rows(show(&script, &named()));
        assert_eq!(
            rows[0],
            json!({"vendor": "volcengine", "profile": null, "name": "push.example.com", "type": "push",
                   "status": "enabled", "status_detail": "normal", "cname": "push.example.com.volclive.com",
                   "cname_ok": true, "area": "mainland", "created_at": "2023-05-08T03:54:18Z"})
        );
        let script = looked_up(self::script(), &[]);
        assert_eq!(script.run(show(&script, &named())).unwrap_err().class(), Class::NotFound);
    }

    #[test]
    fn adding_is_one_call_with_or_without_a_vhost() {
        let script = self::script().answers(
            "CreateDomain",
            json!({"Domain": "push.example.com", "Type": "push", "Region": "cn"}),
            Value::Null,
        );
        let args = DomainArgs { kind: Some(DomainKind::Push), area: Some(Area::Mainland), ..named() };
        let changed = script.changed(add(&script, &args));
        assert_eq!(changed.action.as_deref(), Some("CreateDomain"));
        assert_eq!(
            changed.changes,
            [
                Change::new("name", Value::Null, "push.example.com"),
                Change::new("type", Value::Null, "push"),
                Change::new("area", Value::Null, "mainland")
            ]
        );

        let domains = json!([{"DomainName": "push.example.com", "Type": "push", "Region": "cn"}]);
        let script =
            self::script().answers("CreateDomainV2", json!({"Vhost": "example", "Domains": domains}), Value::Null);
        let args = DomainArgs { vhost: Some("example".into()), ..args };
        assert_eq!(script.changed(add(&script, &args)).request_id.as_deref(), Some("request-1"));

        let args = DomainArgs { vhost: Some("example".into()), ..named() };
        let error = self::script().run(add(&script, &args)).unwrap_err();
        let options: Vec<_> = error.details().faults.iter().map(|fault| fault.option.as_str()).collect();
        assert_eq!(options, ["--type", "--area"]);
    }

    #[test]
    fn a_refused_domain_that_is_there_is_a_conflict() {
        let refusal = Error::new(Class::Usage, "CreateDomain: no").outcome(Outcome::Refused);
        let params = json!({"Domain": "push.example.com", "Type": "push"});
        let args = DomainArgs { kind: Some(DomainKind::Push), ..named() };
        for (found, class) in [(vec![push(0)], Class::Conflict), (Vec::new(), Class::Usage)] {
            let script = looked_up(self::script().fails("CreateDomain", params.clone(), refusal.clone()), &found);
            let error = script.run(add(&script, &args)).unwrap_err();
            assert_eq!((error.class(), error.details().already_exists), (class, class == Class::Conflict));
        }
    }

    #[test]
    fn switching_reads_first_and_changes_only_what_differs() {
        let script = looked_up(self::script(), &[push(0)]);
        assert!(!script.changed(turn(&script, &named(), DomainStatus::Enabled)).changed);

        let script = looked_up(self::script(), &[push(2)]);
        let script = script.answers("EnableDomain", json!({"Domain": "push.example.com"}), Value::Null);
        let changed = script.changed(turn(&script, &named(), DomainStatus::Enabled));
        assert_eq!(changed.changes, [Change::new("status", "disabled", "enabled")]);
        assert!(script.questions.borrow().is_empty());

        let script = looked_up(self::script(), &[push(0)]);
        let script = script.answers("DisableDomain", json!({"Domain": "push.example.com"}), Value::Null);
        assert!(script.changed(turn(&script, &named(), DomainStatus::Disabled)).changed);
        assert_eq!(*script.questions.borrow(), ["disable the push domain push.example.com"]);
    }

    #[test]
    fn deleting_asks_and_without_consent_nothing_is_sent() {
        let script = looked_up(self::script(), &[push(2)]);
        let script = script.answers("DeleteDomain", json!({"Domain": "push.example.com"}), Value::Null);
        assert_eq!(script.changed(delete(&script, &named())).changes.len(), 3);

        let script = looked_up(self::script().unwilling(), &[push(2)]);
        assert_eq!(script.run(delete(&script, &named())).unwrap_err().class(), Class::Usage);
        assert_eq!(script.actions(), ["ListDomainDetail"]);
    }
}
