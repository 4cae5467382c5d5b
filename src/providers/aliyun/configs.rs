//! The domain configs of Alibaba Cloud: functions of a domain with their arguments, read and written.

use serde_json::{Value, json};

use crate::error::Result;
use crate::model::{Call, Road, Vendor};
use crate::providers::rows;

const VENDOR: Vendor = Vendor::Aliyun;

pub(super) const SET: &str = "BatchSetLiveDomainConfigs";
pub(super) const DELETE: &str = "BatchDeleteLiveDomainConfigs";

/// The arguments of a function, in their order.
pub(super) type Arguments = Vec<(String, String)>;

/// One config of a domain.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Config {
    pub(super) function: String,
    pub(super) id: Option<String>,
    pub(super) status: Option<String>,
    pub(super) arguments: Arguments,
    pub(super) raw: Value,
}

impl Config {
    /// A config as an answer has it.
    pub(super) fn of(raw: &Value) -> Config {
        let list = raw.pointer("/FunctionArgs/FunctionArg").and_then(Value::as_array);
        let argument =
            |item: &Value| Some((rows::text(item, "ArgName")?, rows::text(item, "ArgValue").unwrap_or_default()));
        Config {
            function: rows::text(raw, "FunctionName").unwrap_or_default(),
            id: rows::text(raw, "ConfigId"),
            status: rows::text(raw, "Status"),
            arguments: list.into_iter().flatten().filter_map(argument).collect(),
            raw: raw.clone(),
        }
    }

    /// The value of an argument, where it has one.
    pub(super) fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The call that reads the configs of a domain; no functions: all.
pub(super) fn listing(domain: &str, functions: &[&str]) -> Call {
    let named = (!functions.is_empty()).then(|| functions.join(","));
    Call::new(VENDOR, "DescribeLiveDomainConfigs").with("DomainName", domain).with_some("FunctionNames", named)
}

/// The configs in an answer.
pub(super) fn configs(result: &Value) -> Vec<Config> {
    let list = result.pointer("/DomainConfigs/DomainConfig").and_then(Value::as_array);
    list.into_iter().flatten().map(Config::of).collect()
}

/// Reads the configs of a domain; no functions: all.
///
/// # Errors
/// The road's own.
pub(super) async fn read(road: &dyn Road, domain: &str, functions: &[&str]) -> Result<Vec<Config>> {
    let reply = road.read(listing(domain, functions)).await?;
    let wanted = |config: &Config| functions.is_empty() || functions.contains(&config.function.as_str());
    Ok(configs(&reply.result).into_iter().filter(wanted).collect())
}

/// The call that sets one function.
pub(super) fn set(domains: &str, function: &str, arguments: &[(String, String)], id: Option<u64>) -> Call {
    let arguments: Vec<Value> =
        arguments.iter().map(|(name, value)| json!({"argName": name, "argValue": value})).collect();
    let mut one = json!({"functionName": function, "functionArgs": arguments});
    if let Some(id) = id {
        one["configId"] = json!(id);
    }
    Call::new(VENDOR, SET).with("DomainNames", domains).with("Functions", json!([one]))
}

/// The call that deletes functions.
pub(super) fn delete(domains: &str, functions: &str) -> Call {
    Call::new(VENDOR, DELETE).with("DomainNames", domains).with("FunctionNames", functions)
}

/// The arguments with one more, or with another value of it.
pub(super) fn put(arguments: &mut Arguments, name: &str, value: impl Into<String>) {
    match arguments.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) => *known = value.into(),
        None => arguments.push((name.to_owned(), value.into())),
    }
}
