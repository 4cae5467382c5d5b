//! Callbacks whose headers carry a time and a signature: `MD5(host|time|key)`. Aliyun signs so ("Callback
//! authentication", document 417349): the host is that of the callback's address, and for callbacks about pushes the
//! push domain; the time is the second of sending.
//!
//! Nothing else of a callback is signed.

use crate::model::Secret;
use crate::sign::digest;

/// The header with the second of sending.
pub const TIME_HEADER: &str = "ALI-LIVE-TIMESTAMP";

/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "ALI-LIVE-SIGNATURE";

/// Signs a time of sending.
pub fn sign(key: &Secret, host: &str, sent: &str) -> String {
    digest::md5_hex(format!("{host}|{sent}|{}", key.expose()).as_bytes())
}

/// Whether the key made this signature, compared in constant time.
pub fn verify(key: &Secret, host: &str, sent: &str, claimed: &str) -> bool {
    digest::same(&sign(key, host, sent), claimed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_md5_of_host_time_and_key() {
        // The text is the document's; its MD5 was computed by another implementation.
        let (key, host, sent) = (Secret::new("yourkey"), "learn.aliyundoc.com", "1519375990");
        let signature = "9e226fc2c250be266e3657e156f68c12";
        assert_eq!(sign(&key, host, sent), signature);
        assert!(verify(&key, host, sent, signature));
        assert!(!verify(&key, "learn.aliyundoc.org", sent, signature));
        assert!(!verify(&key, host, "1519375991", signature));
        assert!(!verify(&Secret::new("yourkez"), host, sent, signature));
        assert!(!verify(&key, host, sent, "9e226fc2c250be266e3657e156f68c13"));
        assert!(!verify(&key, host, sent, ""));
    }
}
