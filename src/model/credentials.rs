//! What signs a request.

use std::fmt;

use crate::model::Secret;

/// One key pair, with the token that temporary credentials carry.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Tencent `SecretId`, Aliyun `AccessKeyId`, Volcengine `AccessKey`.
    pub access_key_id: String,
    /// Tencent `SecretKey`, Aliyun `AccessKeySecret`, Volcengine `SecretKey`.
    pub access_key_secret: Secret,
    /// The session token of temporary credentials.
    pub session_token: Option<Secret>,
}

impl fmt::Debug for Credentials {
    /// The end of the key id, and whether there is a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &masked_id(&self.access_key_id))
            .field("session_token", &self.session_token)
            .finish_non_exhaustive()
    }
}

/// A key id for a person's eyes: its last four characters at most.
pub fn masked_id(id: &str) -> String {
    let length = id.chars().count();
    match length {
        0..12 => "***".to_owned(),
        _ => format!("***{}", id.chars().skip(length - 4).collect::<String>()),
    }
}

/// What is wrong with a part of credentials; `None`: it can be one. No key of any vendor has anything but plain ASCII in
/// it, and a request could not carry it.
pub fn wrong_characters(text: &str) -> Option<&'static str> {
    match text {
        "" => Some("is empty"),
        _ if text.chars().any(|c| c.is_whitespace() || c.is_control()) => Some("has a space or a line break in it"),
        _ if !text.is_ascii() => Some("has a character in it that is not ASCII"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_end_of_the_key_id_only() {
        let credentials = Credentials {
            access_key_id: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE".to_owned(),
            access_key_secret: Secret::new("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"),
            session_token: Some(Secret::new("a+token/with=signs%")),
        };
        let shown = format!("{credentials:?} {credentials:#?}");
        assert!(
            shown.starts_with(r#"Credentials { access_key_id: "***MPLE", session_token: Some(Secret(***)), .. }"#),
            "{shown}"
        );
        for secret in ["AKIDz8", "Gu5t9x", "a+token"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert_eq!(masked_id("short"), "***");
    }
}
