//! Hashes and keyed hashes, and the draft of a signature that is either finished or compared.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::Digest;
use hmac::digest::common::Key;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::sign::{Distrust, Forms};

/// How a scheme turns key and text into a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seal {
    /// HMAC-SHA1 in Base64.
    Sha1Base64,
    /// HMAC-SHA256 in Base64.
    Sha256Base64,
    /// HMAC-SHA256 in lower-case hex.
    Sha256Hex,
}

/// A signature all but made: what would be signed, and the key it would be signed with. Never printed.
pub struct Draft {
    pub(super) canonical: String,
    pub(super) string_to_sign: String,
    pub(super) seal: Seal,
    pub(super) key: Zeroizing<Vec<u8>>,
}

impl Draft {
    /// Signs: the forms with the signature.
    pub fn forms(self) -> Forms {
        let text = self.string_to_sign.as_bytes();
        let signature = match self.seal {
            Seal::Sha1Base64 => STANDARD.encode(keyed::<Hmac<Sha1>, Sha1>(&self.key, text).finalize().into_bytes()),
            Seal::Sha256Base64 => STANDARD.encode(keyed_sha256(&self.key, text).finalize().into_bytes()),
            Seal::Sha256Hex => hex(&keyed_sha256(&self.key, text).finalize().into_bytes()),
        };
        Forms { canonical: self.canonical, string_to_sign: self.string_to_sign, signature }
    }

    /// Compares a claimed signature in constant time. One that is not even hex or Base64 is a mismatch too.
    pub(super) fn check(self, claimed: &str) -> Result<(), Distrust> {
        let text = self.string_to_sign.as_bytes();
        let tag = match self.seal {
            Seal::Sha1Base64 | Seal::Sha256Base64 => STANDARD.decode(claimed).ok(),
            Seal::Sha256Hex => unhex(claimed),
        };
        let agrees = tag.is_some_and(|tag| match self.seal {
            Seal::Sha1Base64 => keyed::<Hmac<Sha1>, Sha1>(&self.key, text).verify_slice(&tag).is_ok(),
            Seal::Sha256Base64 | Seal::Sha256Hex => keyed_sha256(&self.key, text).verify_slice(&tag).is_ok(),
        });
        if agrees { Ok(()) } else { Err(Distrust::Mismatch(self.string_to_sign)) }
    }
}

/// The key that a scope derives: HMAC-SHA256 of each part under the result before it, `secret` first.
///
/// Tencent's TC3 begins with `TC3` + secret and goes through date, service, `tc3_request`;
/// Volcengine begins with the secret and goes through date, region, service, `request`.
pub fn derived_key(secret: &str, parts: &[&str]) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(secret.as_bytes().to_vec());
    for part in parts {
        key = Zeroizing::new(keyed_sha256(&key, part.as_bytes()).finalize().into_bytes().to_vec());
    }
    key
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// MD5 in lower-case hex: for signatures of addresses that vendors define so, and for nothing else.
pub fn md5_hex(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// Whether two signatures are the same, in a time that does not tell where they differ.
pub fn same(ours: &str, claimed: &str) -> bool {
    ours.as_bytes().ct_eq(claimed.as_bytes()).into()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// Reads lower-case hex, and no other: it is what all vendors send.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|&[high, low]| Some(digit(high)? * 16 + digit(low)?)).collect()
}

fn keyed_sha256(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    keyed::<Hmac<Sha256>, Sha256>(key, text)
}

/// HMAC of a key of any length. The block is filled here, as RFC 2104 says, since the constructor that takes
/// a slice has an error that never comes and that nobody could handle.
fn keyed<M: Mac + KeyInit, D: Digest>(key: &[u8], text: &[u8]) -> M {
    let mut block = Key::<M>::default();
    let hashed;
    let key = if key.len() > block.len() {
        hashed = D::digest(key);
        hashed.as_slice()
    } else {
        key
    };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let mac = <M as KeyInit>::new(&block).chain_update(text);
    block.as_mut_slice().zeroize();
    mac
}
