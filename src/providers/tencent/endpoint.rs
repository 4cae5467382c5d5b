//! Hosts and regions of Tencent Cloud CSS.

/// The API version of every Action.
pub(super) const VERSION: &str = "2018-08-01";

/// Used where an Action needs a region and none is chosen.
pub(super) const DEFAULT_REGION: Option<&str> = Some("ap-guangzhou");

/// One host serves every region: the region travels in the request.
pub(super) fn host(_region: Option<&str>) -> String {
    "live.tencentcloudapi.com".to_owned()
}
