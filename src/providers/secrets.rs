//! Which parameters, members and headers hold a secret: one table for what is masked, what may stand in a file or on
//! stdin, and what no message repeats.

/// Their names, in lower case without `_` and `-`: keys, certificates' private parts, callback keys and tokens, as the
/// vendors' answers and parameters name them.
const SECRET_NAMES: &[&str] = &[
    "accesskeysecret",
    "accesstoken",
    "alilivesignature",
    "apikey",
    "appkey",
    "applicationsecretkey",
    "appsecret",
    "appsign",
    "authbackkey",
    "authkey",
    "authkey1",
    "authkey2",
    "authkeyprimary",
    "authkeysecondary",
    "authorization",
    "backupauthkey",
    "backupkey",
    "callbackauthkey",
    "callbackkey",
    "certificateprivatekey",
    "clientsecret",
    "cookie",
    "cossecretkey",
    "datakey",
    "masterauthkey",
    "notifyauthkey",
    "notifyreqauthkey",
    "passphrase",
    "passwd",
    "password",
    "prikey",
    "privatekey",
    "privatekeyfile",
    "proxyauthorization",
    "pwd",
    "refreshtoken",
    "secret",
    "secretaccesskey",
    "secretkey",
    "securitytoken",
    "sessiontoken",
    "setcookie",
    "sign",
    "signature",
    "sslpri",
    "streamsign",
    "tmpsecretkey",
    "token",
    "txsecret",
    "usertoken",
    "volcsecret",
    "wssecret",
    "xacssecuritytoken",
    "xsecuritytoken",
    "xtctoken",
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
        return SECRET_NAMES.binary_search(&plain.as_str()).is_ok();
    }
    // Every member of every row is asked about: what is as short as the names is compared without a copy on the heap.
    let mut plain = [0; LONGEST];
    let mut length = 0;
    for letter in last.bytes().filter(|byte| !matches!(byte, b'_' | b'-')) {
        let Some(place) = plain.get_mut(length) else { return false };
        *place = letter.to_ascii_lowercase();
        length += 1;
    }
    SECRET_NAMES.binary_search_by(|known| known.as_bytes().cmp(&plain[..length])).is_ok()
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
        assert!(SECRET_NAMES.is_sorted());
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
