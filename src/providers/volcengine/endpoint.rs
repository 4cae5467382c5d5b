//! Hosts and regions of Volcengine Live.

/// The API version of every Action.
pub(super) const VERSION: &str = "2023-01-01";

/// The one region of the API; it stands in the credential scope of the signature.
pub(super) const DEFAULT_REGION: Option<&str> = Some("cn-north-1");

/// One host.
pub(super) fn host(_region: Option<&str>) -> String {
    "live.volcengineapi.com".to_owned()
}
