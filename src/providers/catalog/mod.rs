//! The facts of all Actions: looked up one at a time, never parsed whole.

use std::cell::RefCell;
use std::collections::HashMap;

mod examples;
mod record;

pub use record::{Action, ErrorFact, Example, Field, Pagination, Param};

use crate::model::{Effect, Method, ParamsIn, Vendor};
use crate::providers::table::{Table, stored};
use crate::providers::words;

struct Tables {
    actions: Table,
    types: Table,
    errors: Table,
}

macro_rules! tables {
    ($vendor:literal: $($table:ident),+) => {
        Tables {
            $($table: Table {
                bytes: include_bytes!(concat!(env!("OUT_DIR"), "/", $vendor, "-", stringify!($table), ".bin")),
                pool: include_str!(concat!(env!("OUT_DIR"), "/", $vendor, "-texts.txt")),
            }),+
        }
    };
}

static TENCENT: Tables = tables!("tencent": actions, types, errors);
static ALIYUN: Tables = tables!("aliyun": actions, types, errors);
static VOLCENGINE: Tables = tables!("volcengine": actions, types, errors);

fn tables(vendor: Vendor) -> &'static Tables {
    match vendor {
        Vendor::Tencent => &TENCENT,
        Vendor::Aliyun => &ALIYUN,
        Vendor::Volcengine => &VOLCENGINE,
    }
}

/// Finds one Action by its exact name.
pub fn find(vendor: Vendor, name: &str) -> Option<Action<'static>> {
    tables(vendor).actions.find(name)
}

/// The same for those who ask often, such as each of many items: decoded once, and kept for the rest of the run.
pub fn known(vendor: Vendor, name: &str) -> Option<&'static Action<'static>> {
    thread_local! {
        static KNOWN: RefCell<HashMap<(Vendor, &'static str), &'static Action<'static>>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        // Found by a name that lives as long as the asker only.
        let shorter: &HashMap<(Vendor, &str), &'static Action<'static>> = known;
        if let Some(action) = shorter.get(&(vendor, name)) {
            return Some(*action);
        }
        let action: &'static Action<'static> = Box::leak(Box::new(find(vendor, name)?));
        known.insert((vendor, action.name), action);
        Some(action)
    })
}

/// Every Action of a vendor, by name.
pub fn actions(vendor: Vendor) -> impl Iterator<Item = Action<'static>> {
    tables(vendor).actions.records()
}

/// Every Action name of a vendor, sorted; no record is decoded.
pub fn action_names(vendor: Vendor) -> impl Iterator<Item = &'static str> {
    tables(vendor).actions.keys()
}

/// The members of a type that an Action's parameter or answer names.
pub fn type_members(vendor: Vendor, name: &str) -> Option<Vec<Param<'static>>> {
    tables(vendor).types.find(name)
}

/// What the sheets say of an error code.
pub fn error_fact(vendor: Vendor, code: &str) -> Option<ErrorFact<'static>> {
    tables(vendor).errors.find(code)
}

/// Every error code that the sheets know.
pub fn error_facts(vendor: Vendor) -> impl Iterator<Item = ErrorFact<'static>> {
    tables(vendor).errors.records()
}

/// The reference's own example of an Action.
pub fn example(vendor: Vendor, name: &str) -> Option<Example<'static>> {
    examples::of(vendor).find(name)
}

/// The Action names that look most like `name`, best first, at most three.
pub fn similar_actions(vendor: Vendor, name: &str) -> Vec<&'static str> {
    words::similar(name, action_names(vendor))
}

impl Action<'_> {
    /// What the Action does to the account.
    pub fn effect_kind(&self) -> Effect {
        match self.effect {
            "read" => Effect::Read,
            "create" => Effect::Create,
            "update" => Effect::Update,
            "delete" => Effect::Delete,
            _ => Effect::Control,
        }
    }

    /// The HTTP method the vendor expects.
    pub fn http_method(&self) -> Method {
        if self.method == "GET" { Method::Get } else { Method::Post }
    }

    /// Where the parameters travel.
    pub fn placement(&self) -> ParamsIn {
        match self.params_in {
            "query" => ParamsIn::Query,
            "form" => ParamsIn::Form,
            _ => ParamsIn::Json,
        }
    }

    /// The parameter of that exact name.
    pub fn param(&self, name: &str) -> Option<&Param<'_>> {
        self.params.iter().find(|param| param.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_sheets_is_found_by_name() {
        for (vendor, all, documented) in
            [(Vendor::Tencent, 262, 119), (Vendor::Aliyun, 452, 127), (Vendor::Volcengine, 185, 3)]
        {
            assert_eq!(actions(vendor).count(), all, "{vendor}");
            assert_eq!(actions(vendor).filter(|a| a.documented).count(), documented, "{vendor}");
            for name in action_names(vendor) {
                assert_eq!(find(vendor, name).map(|a| a.name), Some(name));
            }
        }
    }

    #[test]
    fn a_record_holds_what_its_sheet_says() {
        let action = find(Vendor::Volcengine, "UpdateEncryptHLS").unwrap();
        assert_eq!(action.rate_limit_per_second, Some(1.0));
        let cycle = action.param("CycleTime").unwrap();
        assert_eq!((cycle.kind, cycle.min, cycle.max), ("string", Some(60.0), Some(604_800.0)));
        assert!(find(Vendor::Aliyun, "AddLiveDomain").unwrap().params.iter().any(|p| p.name == "Tag" && p.sdk_only));
        assert!(find(Vendor::Tencent, "Nonsense").is_none());
        assert_eq!(error_fact(Vendor::Tencent, "AuthFailure.SecretIdNotFound").unwrap().class, "auth");
    }

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(similar_actions(Vendor::Volcengine, "UpdateEncryptHSL").first(), Some(&"UpdateEncryptHLS"));
    }
}
