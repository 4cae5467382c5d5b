//! Callbacks whose body carries `sign` and `t`: `sign = MD5(key + t)`, where `t` is the second, in decimal, at which the
//! callback expires. Tencent (document 267/38080) and Volcengine (6469/1126932) sign so.
//!
//! Nothing else of a callback is signed: a body that somebody altered on its way passes as long as `t` holds.

use crate::model::Secret;
use crate::sign::digest;

/// Signs an expiry.
pub fn sign(key: &Secret, expires: &str) -> String {
    digest::md5_hex(format!("{}{expires}", key.expose()).as_bytes())
}

/// Whether the key made this signature, compared in constant time.
pub fn verify(key: &Secret, expires: &str, claimed: &str) -> bool {
    digest::same(&sign(key, expires), claimed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_md5_of_key_and_expiry() {
        // Computed by another implementation of MD5.
        for (key, expires, signature) in [
            ("testkey", "1757066192", "74f3243857643bb52260665130d481dc"),
            ("AuthKeyPrimary01", "1757066192", "65696dfd765cd1d7a390821227edff07"),
        ] {
            let key = Secret::new(key);
            assert_eq!(sign(&key, expires), signature);
            assert!(verify(&key, expires, signature));
            for (expires, claimed) in [
                ("1757066193", signature),
                (expires, ""),
                (expires, &signature[1..]),
                (expires, &*format!("{signature}0")),
                (expires, &*signature.to_uppercase()),
            ] {
                assert!(!verify(&key, expires, claimed), "{expires} {claimed}");
            }
            assert!(!verify(&Secret::new("another"), expires, signature));
        }
    }
}
