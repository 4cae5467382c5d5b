//! Hosts and regions of Alibaba Cloud ApsaraVideo Live.

/// The API version of every Action.
pub(super) const VERSION: &str = "2016-11-01";

/// Regions with a host of their own (fact sheet, `regional_endpoints`).
const REGIONAL: [&str; 2] = ["ap-southeast-1", "eu-central-1"];

/// None: the host decides.
pub(super) const DEFAULT_REGION: Option<&str> = None;

/// The region's own host where there is one, else the central one.
pub(super) fn host(region: Option<&str>) -> String {
    match region {
        Some(region) if REGIONAL.contains(&region) => format!("live.{region}.aliyuncs.com"),
        _ => "live.aliyuncs.com".to_owned(),
    }
}
