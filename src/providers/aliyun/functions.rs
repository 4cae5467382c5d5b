//! The functions of a domain that Alibaba Cloud documents, with their arguments.

/// A function of a domain.
pub(crate) struct Function {
    /// The vendor's name.
    pub(crate) name: &'static str,
    /// Our name for it.
    pub(crate) friendly: &'static str,
    /// Whether it is listed among those that can be set.
    pub(crate) sets: bool,
    /// Whether it is listed among those that can be deleted.
    pub(crate) deletes: bool,
    /// Whether a domain may have it several times, told apart by the config's id.
    pub(crate) many: bool,
    /// Its arguments, and what they take.
    pub(crate) arguments: &'static [(&'static str, Takes)],
}

/// What an argument takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Anything.
    Text,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A whole number from the first to the second.
    Number(u64, u64),
}
use Takes::{Number, OneOf, Text};

/// The function and its argument that may be given several times: the paths of a rate limit.
pub(crate) const REPEATED: (&str, &str) = ("tmd_signature", "path");

/// The function by the vendor's name or ours, with `-` for `_` where somebody prefers it.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    let same = |function: &&Function| function.name == name.replace('-', "_") || function.friendly == name;
    FUNCTIONS.iter().find(same)
}

#[rustfmt::skip]
pub(crate) const FUNCTIONS: &[Function] = &[
    Function { name: "referer_white_list_set", friendly: "hotlink", sets: true, deletes: true, many: false, arguments: &[("refer_domain_allow_list", Text), ("allow_empty", OneOf(&["on", "off"]))] },
    Function { name: "referer_black_list_set", friendly: "hotlink-block", sets: true, deletes: true, many: false, arguments: &[("refer_domain_deny_list", Text), ("allow_empty", OneOf(&["on", "off"]))] },
    Function { name: "filetype_based_ttl_set", friendly: "cache-by-type", sets: true, deletes: true, many: true, arguments: &[("ttl", Number(0, u64::MAX)), ("file_type", Text), ("weight", Number(1, 199))] },
    Function { name: "path_based_ttl_set", friendly: "cache-by-path", sets: true, deletes: true, many: true, arguments: &[("ttl", Number(0, u64::MAX)), ("path", Text), ("weight", Number(1, 99))] },
    Function { name: "oss_auth", friendly: "oss-origin", sets: true, deletes: true, many: false, arguments: &[("oss_bucket_id", Text)] },
    Function { name: "ip_black_list_set", friendly: "ip-block", sets: true, deletes: true, many: false, arguments: &[("ip_list", Text)] },
    Function { name: "ip_white_list_set", friendly: "ip-allow", sets: true, deletes: true, many: false, arguments: &[("ip_list", Text)] },
    Function { name: "error_page", friendly: "error-redirect", sets: true, deletes: true, many: false, arguments: &[("error_code", Text), ("rewrite_page", Text)] },
    Function { name: "set_req_host_header", friendly: "origin-host", sets: true, deletes: true, many: false, arguments: &[("domain_name", Text)] },
    Function { name: "set_hashkey_args", friendly: "cache-key", sets: true, deletes: true, many: false, arguments: &[("hashkey_args", Text), ("disable", OneOf(&["on", "off"]))] },
    Function { name: "aliauth", friendly: "url-auth", sets: true, deletes: true, many: false, arguments: &[("auth_type", OneOf(&["no_auth", "type_a", "type_b", "type_c"])), ("auth_key1", Text), ("auth_key2", Text), ("ali_auth_delta", Text)] },
    Function { name: "set_resp_header", friendly: "response-header", sets: true, deletes: true, many: false, arguments: &[("key", Text), ("value", Text)] },
    Function { name: "https_force", friendly: "force-https", sets: true, deletes: true, many: false, arguments: &[("enable", OneOf(&["on", "off"]))] },
    Function { name: "http_force", friendly: "force-http", sets: true, deletes: true, many: false, arguments: &[("enable", OneOf(&["on", "off"]))] },
    Function { name: "l2_oss_key", friendly: "private-oss", sets: true, deletes: false, many: false, arguments: &[("private_oss_auth", OneOf(&["on", "off"]))] },
    Function { name: "green_manager", friendly: "porn-detection", sets: true, deletes: false, many: false, arguments: &[("enable", OneOf(&["on", "off"]))] },
    Function { name: "tmd_signature", friendly: "rate-limit", sets: true, deletes: false, many: true, arguments: &[("name", Text), ("path", Text), ("pathType", OneOf(&["0", "1"])), ("interval", Number(10, u64::MAX)), ("count", Number(0, u64::MAX)), ("action", OneOf(&["0", "1"])), ("ttl", Number(0, u64::MAX))] },
    Function { name: "cc_defense", friendly: "flood-protection", sets: false, deletes: true, many: false, arguments: &[("enable", OneOf(&["on", "off"]))] },
    Function { name: "tesla", friendly: "page-speed", sets: false, deletes: true, many: false, arguments: &[("enable", OneOf(&["on", "off"]))] },
    Function { name: "video_seek", friendly: "seek", sets: false, deletes: true, many: false, arguments: &[("enable", OneOf(&["on", "off"]))] },
    Function { name: "range", friendly: "range-requests", sets: false, deletes: true, many: false, arguments: &[("enable", OneOf(&["on", "off"]))] },
    Function { name: "gzip", friendly: "compression", sets: false, deletes: true, many: false, arguments: &[("enable", OneOf(&["on", "off"]))] },
    Function { name: "alilive", friendly: "live", sets: false, deletes: true, many: false, arguments: &[("notify_url", Text), ("enable", OneOf(&["on", "off"]))] },
    Function { name: "forward_scheme", friendly: "origin-scheme", sets: false, deletes: true, many: false, arguments: &[("enable", OneOf(&["on", "off"])), ("scheme_origin", OneOf(&["http", "https", "follow"])), ("scheme_origin_port", OneOf(&["80", "443", "80:443"]))] },
];
