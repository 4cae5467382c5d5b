//! The keys of a profile: names, other spellings, and what each may hold.

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A text that may be shown.
    Text,
    /// The id of a key pair: its end may be shown.
    Id,
    /// A text that is never shown.
    Secret,
    /// `true` or `false`.
    Flag,
    /// A time such as `1h`, or seconds as a number.
    Duration,
    /// Texts.
    List,
    /// The command of `credential_process`: never shown beyond its program.
    Command,
}

/// One key of a profile.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Its name in our file; `rules.allow` is the key `allow` of the table `rules`.
    pub name: &'static str,
    /// What it holds.
    pub form: Form,
    /// The vendors' own names for it, in any case and with `-`, `_` or nothing between the words.
    pub other_names: &'static [&'static str],
}

const fn key(name: &'static str, form: Form, other_names: &'static [&'static str]) -> Key {
    Key { name, form, other_names }
}

/// Every key, in the order of all tables.
pub(super) const KEYS: &[Key] = &[
    key("vendor", Form::Text, &[]),
    key("access_key_id", Form::Id, &["secret_id", "access_key", "ak"]),
    key("access_key_secret", Form::Secret, &["secret_key", "secret_access_key", "sk"]),
    key("session_token", Form::Secret, &["token", "security_token", "sts_token"]),
    key("keyring", Form::Flag, &[]),
    key("credential_process", Form::Command, &[]),
    key("env_prefix", Form::Text, &[]),
    key("role_arn", Form::Text, &["ram_role_arn", "role_trn"]),
    key("role_session_name", Form::Text, &["ram_session_name", "session_name"]),
    key("role_duration", Form::Duration, &["duration", "duration_seconds", "expired_seconds"]),
    key("role_policy", Form::Text, &["policy"]),
    key("external_id", Form::Text, &[]),
    key("source_profile", Form::Text, &[]),
    key("oidc_provider", Form::Text, &["oidc_provider_arn", "oidc_provider_id"]),
    key("oidc_token_file", Form::Text, &[]),
    key("sts_endpoint", Form::Text, &[]),
    key("region", Form::Text, &["region_id"]),
    key("endpoint", Form::Text, &[]),
    key("signature", Form::Text, &[]),
    key("ca_bundle", Form::Text, &[]),
    key("trust", Form::Text, &[]),
    key("read_only", Form::Flag, &[]),
    key("rules.allow", Form::List, &[]),
    key("rules.confirm", Form::List, &[]),
    key("rules.deny", Form::List, &[]),
];

/// Keys of the official tools that ask for credentials in a way that livectl does not go.
pub(super) const NETWORK_KEYS: &[&str] =
    &["ram_role_name", "role_name", "credentials_uri", "sso_session", "cloud_sso_sign_in_url"];

/// The key of a name, in whichever accepted spelling.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| is_same(key.name, name) || key.other_names.iter().any(|other| is_same(other, name)))
}

/// Whether the name is one of [`NETWORK_KEYS`], in whichever spelling.
pub(super) fn needs_network(name: &str) -> bool {
    NETWORK_KEYS.iter().any(|key| is_same(key, name))
}

/// `did you mean …?` for a wrong word, where one of the right ones is near.
pub(super) fn did_you_mean<'a>(word: &str, right: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = |candidate: &&str| {
        let distance = strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
        (distance <= (candidate.chars().count() / 3).max(1)).then_some(distance)
    };
    let best = right.into_iter().filter_map(|candidate| near(&candidate).map(|distance| (distance, candidate)));
    best.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

/// Whether two names are spellings of one.
fn is_same(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase())
}
