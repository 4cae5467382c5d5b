//! What signs a request.

use crate::model::Secret;

/// One key pair, with the token that temporary credentials carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Tencent `SecretId`, Aliyun `AccessKeyId`, Volcengine `AccessKey`.
    pub access_key_id: String,
    /// Tencent `SecretKey`, Aliyun `AccessKeySecret`, Volcengine `SecretKey`.
    pub access_key_secret: Secret,
    /// The session token of temporary credentials.
    pub session_token: Option<Secret>,
}
