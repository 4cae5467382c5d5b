//! A journal over real files.

use super::*;
use crate::error::Class;

fn identity() -> Identity {
    Identity {
        livectl_journal: FORM,
        command: "domain add".to_owned(),
        vendor: "tencent".to_owned(),
        account: "profile `a`".to_owned(),
        options: "00".to_owned(),
    }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.journal");
    (folder, path)
}

fn why(path: &Path, identity: &Identity) -> String {
    let error = Journal::open(path, identity).err().unwrap();
    assert_eq!(error.class(), Class::Usage);
    error.to_string().replace(&path.display().to_string(), "J")
}

#[tokio::test]
async fn what_began_and_did_not_end_is_known_later() {
    let (_folder, path) = folder();
    let (journal, past) = Journal::open(&path, &identity()).unwrap();
    assert_eq!(past, Past::default());
    for item in ["done", "applied", "refused", "unknown", "under way", "again"] {
        journal.begin(item, "AddLiveDomain").await.unwrap();
    }
    journal.end("done", End::Done).unwrap();
    journal.end("applied", End::Applied).unwrap();
    journal.end("refused", End::Refused).unwrap();
    journal.end("unknown", End::Unknown).unwrap();
    journal.end("again", End::Refused).unwrap();
    journal.begin("again", "EnableLiveDomain").await.unwrap();
    drop(journal);
    let (_journal, past) = Journal::open(&path, &identity()).unwrap();
    let mut done: Vec<&str> = past.done.iter().map(String::as_str).collect();
    done.sort_unstable();
    assert_eq!(done, ["done"]);
    let mut begun: Vec<(&str, &[String], bool)> =
        past.begun.iter().map(|(item, begun)| (item.as_str(), begun.actions.as_slice(), begun.applied)).collect();
    begun.sort_unstable();
    let (add, enable) = (["AddLiveDomain".to_owned()], ["EnableLiveDomain".to_owned()]);
    assert_eq!(
        begun,
        [
            ("again", enable.as_slice(), false),
            ("applied", add.as_slice(), true),
            ("under way", add.as_slice(), false),
            ("unknown", add.as_slice(), false)
        ]
    );
}

#[tokio::test]
async fn who_is_given_up_on_the_way_to_the_disk_holds_up_nobody() {
    let (_folder, path) = folder();
    let (journal, _) = Journal::open(&path, &identity()).unwrap();
    let mut given_up = Box::pin(journal.begin("first", "AddLiveDomain"));
    assert!(futures_util::poll!(&mut given_up).is_pending());
    let second = journal.begin("second", "AddLiveDomain");
    drop(given_up);
    tokio::time::timeout(std::time::Duration::from_secs(60), second).await.unwrap().unwrap();
}

#[test]
fn a_line_that_was_cut_off_is_forgotten() {
    let (_folder, path) = folder();
    drop(Journal::open(&path, &identity()).unwrap());
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{whole}{{\"ended\":{{\"item\":\"a\",\"sta")).unwrap();
    assert_eq!(Journal::open(&path, &identity()).unwrap().1, Past::default());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
    // The very first line as well.
    std::fs::write(&path, &whole[..30]).unwrap();
    drop(Journal::open(&path, &identity()).unwrap());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
}

#[test]
fn what_is_of_something_else_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    let journal = Journal::open(&path, &identity()).unwrap();
    assert_eq!(why(&path, &identity()), "open the journal `J`: another run is writing it");
    drop(journal);
    for (other, told) in [
        (
            Identity { command: "domain delete".to_owned(), ..identity() },
            "open the journal `J`: it records `domain add`, and this is `domain delete`",
        ),
        (
            Identity { account: "profile `b`".to_owned(), ..identity() },
            "open the journal `J`: it is of profile `a` of tencent, and this is for profile `b` of tencent",
        ),
        (
            Identity { options: "01".to_owned(), ..identity() },
            "open the journal `J`: it records `domain add` with other options than these",
        ),
    ] {
        assert_eq!(why(&path, &other), told);
    }
    for (text, told) in [
        ("a.example.com\n", "open the journal `J`: it is no journal of livectl"),
        ("a.example.com", "open the journal `J`: it is no journal of livectl"),
    ] {
        std::fs::write(&path, text).unwrap();
        assert_eq!(why(&path, &identity()), told);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    std::fs::remove_file(&path).unwrap();
    drop(Journal::open(&path, &identity()).unwrap());
    let damaged = std::fs::read_to_string(&path).unwrap() + "nothing\n";
    std::fs::write(&path, damaged).unwrap();
    assert_eq!(why(&path, &identity()), "open the journal `J`: line 2 is damaged");
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = folder();
    drop(Journal::open(&path, &identity()).unwrap());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
