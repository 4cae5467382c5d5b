//! Which thing a command means: by the vendor's id, or by where it is.

/// One thing, or several: by id, or by domain, app and stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selector {
    /// The vendor's id, or `domain/app/stream[#template-or-preset]`, as typed.
    pub id: Option<String>,
    /// `--domain`.
    pub domain: Option<String>,
    /// `--app`.
    pub app: Option<String>,
    /// `--stream`.
    pub stream: Option<String>,
}
