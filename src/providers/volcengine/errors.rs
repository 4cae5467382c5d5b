//! Volcengine's error codes, where the fact sheet's class is not the whole story.

use crate::providers::codes::Lists;

pub(in crate::providers) static LISTS: Lists = Lists {
    overrides: &[],
    // No page names a code for `exists already`.
    exists: &[],
    // The sheet marks them itself.
    transient: &[],
    permanent: &[],
    clock: &["InvalidTimestamp"],
    token: &["InvalidSecretToken"],
    hints: &[
        ("RequestForbidden", "the account owns no such domain, app, preset or certificate: check `--profile`"),
        (
            "RequestForbidden.AccountIDNotAllow",
            "the account owns no such domain, app, preset or certificate: check `--profile`",
        ),
        ("InvalidSecretToken", "the session token is wrong or has run out: get a new one"),
    ],
    remedies: &[],
};
