//! Names that a vendor told lately: one file an account and question, readable by its owner only.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use std::ffi::OsString;

use sha2::{Digest, Sha256};

use crate::config::{Account, Environment};

/// How long names are good for.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// How long nobody is asked again who told none.
const LIFE_OF_NOTHING: Duration = Duration::from_secs(30);

/// No names that were kept are longer, in bytes.
const LARGEST: u64 = 1 << 20;

/// What a vendor told one account to one question.
pub(super) struct Cache {
    file: PathBuf,
    now: SystemTime,
}

impl Cache {
    /// The cache of a question by an account; `None` where the platform has no folder for it.
    pub(super) fn of(environment: &Environment, account: &Account, question: &[OsString]) -> Option<Self> {
        let mut digest = Sha256::new();
        let mut add = |part: &[u8]| {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        };
        // The account itself, not only its profile: the keys of a profile may be others tomorrow.
        let role = account.role.as_ref();
        let keys = account.credentials.as_ref().or_else(|| role?.keys());
        let key_id = keys.map(|credentials| credentials.access_key_id.as_str());
        for part in [
            Some(account.vendor.name()),
            account.profile.as_deref(),
            key_id,
            role.map(|role| role.name.as_str()),
            account.region.as_deref(),
            account.endpoint.as_deref(),
            environment.var("LIVECTL_SANDBOX_STATE"),
        ] {
            add(part.unwrap_or_default().as_bytes());
            add(if part.is_some() { b"1" } else { b"0" });
        }
        question.iter().for_each(|word| add(word.as_encoded_bytes()));
        let name: String = digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let file = environment.cache_dir()?.join("names").join(name);
        Some(Cache { file, now: environment.now().into() })
    }

    /// What was told, if it was told lately.
    pub(super) fn read(&self) -> Option<String> {
        // A Tab must not wait for what somebody put there: a pipe, a link to a device.
        let meta = fs::symlink_metadata(&self.file).ok().filter(|meta| meta.is_file() && meta.len() <= LARGEST)?;
        let text = fs::read_to_string(&self.file).ok()?;
        let age = self.now.duration_since(meta.modified().ok()?).unwrap_or_default();
        let life = if text.is_empty() { LIFE_OF_NOTHING } else { LIFE };
        (age < life).then_some(text)
    }

    /// Keeps what was told, where that is possible; what is too old to be of use goes.
    pub(super) fn write(&self, text: &str) {
        let Some(folder) = self.file.parent() else { return };
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        if builder.create(folder).is_err() {
            return;
        }
        self.sweep();
        // Made with mode 0600 from the start, and put in place in one step: two Tabs at once do not mix.
        let kept = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            Ok(file.persist(&self.file)?)
        });
        // A Tab that cannot keep what it was told asks again the next time.
        drop(kept);
    }

    fn sweep(&self) {
        let Some(entries) = self.file.parent().and_then(|folder| fs::read_dir(folder).ok()) else { return };
        for entry in entries.flatten() {
            let told = entry.metadata().and_then(|meta| meta.modified()).ok();
            if told.and_then(|told| self.now.duration_since(told).ok()).is_some_and(|age| age >= LIFE) {
                // Another Tab may have been quicker.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use tempfile::TempDir;

    use super::*;
    use crate::model::{Credentials, Secret, Vendor};

    fn account(vendor: Vendor, key_id: &str, profile: Option<&str>) -> Account {
        let credentials = Credentials {
            access_key_id: key_id.to_owned(),
            access_key_secret: Secret::new("s".to_owned()),
            session_token: None,
        };
        Account {
            vendor,
            profile: profile.map(str::to_owned),
            credentials: Some(credentials),
            program: None,
            role: None,
            region: None,
            endpoint: None,
            signature: None,
            ca_bundle: None,
            system_trust: false,
            read_only: false,
            rules: crate::config::Rules::default(),
            sources: Vec::new(),
        }
    }

    fn cache(home: &TempDir, now: Timestamp, account: &Account, question: &str) -> Cache {
        let environment = Environment::new([("A", "b")], Some(home.path().to_owned())).at(now);
        Cache::of(&environment, account, &[question.into()]).unwrap()
    }

    #[test]
    fn names_are_good_for_minutes_and_none_for_seconds() {
        let home = TempDir::new().unwrap();
        let now = Timestamp::now();
        let mine = account(Vendor::Tencent, "AKID", None);
        let after = |seconds| cache(&home, now + SignedDuration::from_secs(seconds), &mine, "domain list");
        assert_eq!(after(0).read(), None);
        after(0).write("a.example.com\n");
        assert_eq!(after(290).read().as_deref(), Some("a.example.com\n"));
        assert_eq!(after(310).read(), None);
        after(0).write("");
        assert_eq!(after(20).read().as_deref(), Some(""));
        assert_eq!(after(40).read(), None);
    }

    #[test]
    fn each_account_and_question_has_names_of_its_own() {
        let home = TempDir::new().unwrap();
        let now = Timestamp::now();
        let one = cache(&home, now, &account(Vendor::Tencent, "AKID", None), "domain list");
        one.write("a\n");
        for (vendor, key_id, profile, question) in [
            (Vendor::Aliyun, "AKID", None, "domain list"),
            (Vendor::Tencent, "AKID2", None, "domain list"),
            (Vendor::Tencent, "AKID", Some("prod"), "domain list"),
            (Vendor::Tencent, "AKID", None, "cert list"),
        ] {
            assert_eq!(cache(&home, now, &account(vendor, key_id, profile), question).read(), None, "{question}");
        }
        assert!(one.read().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_of_names_is_not_read() {
        let home = TempDir::new().unwrap();
        let one = cache(&home, Timestamp::now(), &account(Vendor::Tencent, "AKID", None), "domain list");
        one.write("a\n");
        let kept = home.path().join("kept");
        fs::rename(&one.file, &kept).unwrap();
        std::os::unix::fs::symlink(&kept, &one.file).unwrap();
        assert_eq!(one.read(), None);
        fs::remove_file(&one.file).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&one.file).status().unwrap().success());
        assert_eq!(one.read(), None);
        fs::remove_file(&one.file).unwrap();
        one.write(&"a\n".repeat(1 << 20));
        assert_eq!(one.read(), None);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_them_and_the_old_ones_go() {
        use std::os::unix::fs::PermissionsExt;
        let home = TempDir::new().unwrap();
        let now = Timestamp::now();
        let mine = account(Vendor::Tencent, "AKID", None);
        let one = cache(&home, now, &mine, "domain list");
        one.write("a\n");
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&one.file), mode(one.file.parent().unwrap())), (0o600, 0o700));
        let later = cache(&home, now + SignedDuration::from_secs(600), &mine, "cert list");
        later.write("b\n");
        assert!(!one.file.exists() && later.file.exists());
    }
}
