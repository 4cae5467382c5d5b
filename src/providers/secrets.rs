//! Which parameters, members and headers hold a secret: one table for what is masked, what may stand in a file or on
//! stdin, and what no message repeats.

use std::cmp::Ordering;

/// Their names, in lower case without `_` and `-`: keys, certificates' private parts, callback keys and tokens, as the
/// vendors' answers and parameters name them. In the order of [`order`].
const SECRET_NAMES: &[&str] = &[
    "pwd",
    "sign",
    "token",
    "apikey",
    "appkey",
    "cookie",
    "passwd",
    "prikey",
    "secret",
    "sslpri",
    "appsign",
    "authkey",
    "datakey",
    "authkey1",
    "authkey2",
    "password",
    "txsecret",
    "wssecret",
    "xtctoken",
    "appsecret",
    "backupkey",
    "secretkey",
    "setcookie",
    "signature",
    "usertoken",
    "passphrase",
    "privatekey",
    "streamsign",
    "volcsecret",
    "accesstoken",
    "authbackkey",
    "callbackkey",
    "clientsecret",
    "cossecretkey",
    "refreshtoken",
    "sessiontoken",
    "tmpsecretkey",
    "authorization",
    "backupauthkey",
    "masterauthkey",
    "notifyauthkey",
    "securitytoken",
    "authkeyprimary",
    "privatekeyfile",
    "xsecuritytoken",
    "accesskeysecret",
    "callbackauthkey",
    "secretaccesskey",
    "alilivesignature",
    "authkeysecondary",
    "notifyreqauthkey",
    "xacssecuritytoken",
    "proxyauthorization",
    "applicationsecretkey",
    "certificateprivatekey",
];

/// Whether a parameter or member of that name, also at the end of a path (`Rsa.Prikey`, `AuthDetailList[0].SecretKey`),
/// holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    let last = match memchr::memchr2(b'.', b'[', name.as_bytes()) {
        Some(_) => last_part(name),
        None => name,
    };
    if !last.is_ascii() {
        let plain: String = last.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect();
        return is_known(plain.as_bytes());
    }
    // Every member of every row is asked about: what is as short as the names is compared without a copy on the heap.
    let mut plain = [0; LONGEST];
    let mut length = 0;
    for letter in last.bytes().filter(|byte| !matches!(byte, b'_' | b'-')) {
        let Some(place) = plain.get_mut(length) else { return false };
        *place = letter.to_ascii_lowercase();
        length += 1;
    }
    is_known(&plain[..length])
}

fn is_known(plain: &[u8]) -> bool {
    SECRET_NAMES.binary_search_by(|known| order(known.as_bytes(), plain)).is_ok()
}

/// By length, then by letters: few names are as long as another, and lengths are compared at once.
fn order(one: &[u8], other: &[u8]) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// The last name of a path, without a place in a list.
fn last_part(path: &str) -> &str {
    let last = path.rsplit('.').find(|part| !part.bytes().all(|b| b.is_ascii_digit())).unwrap_or(path);
    last.split('[').next().unwrap_or(last)
}

/// No name is longer, in bytes.
const LONGEST: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_its_search() {
        assert!(SECRET_NAMES.is_sorted_by(|one, other| order(one.as_bytes(), other.as_bytes()) == Ordering::Less));
        assert!(SECRET_NAMES.iter().all(|name| name.len() <= LONGEST && name.is_ascii()));
    }

    #[test]
    fn names_are_known_however_they_are_spelled() {
        for name in [
            "SSLPri",
            "auth_key1",
            "AuthKeyPrimary",
            "X-TC-Token",
            "To\u{212a}en",
            "Rsa.Prikey",
            "OutputParams.1.UserToken",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        assert!(is_secret_name("AuthDetailList[0].SecretKey"));
        for name in ["Keyword", "NextPageToken", "KeyID", "TagKey", "ClientToken", "AuthDelta", "SecretId", "", "."] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
