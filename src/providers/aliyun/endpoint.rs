//! Hosts and regions of Alibaba Cloud ApsaraVideo Live.

pub(super) const DEFAULT_REGION: Option<&str> = None;

pub(super) fn host(_region: Option<&str>) -> String {
    String::new()
}
