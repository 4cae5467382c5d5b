//! The jobs of `docs/ci` that people copy: what they call works, with the profile that they write.

use std::collections::BTreeMap;
use std::path::Path;

use crate::harness::World;

/// A job: its variables, and the blocks of its scripts in order.
#[derive(Default)]
struct Job {
    variables: BTreeMap<String, String>,
    blocks: Vec<String>,
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The jobs of a file, by the vendor that their names end with.
fn jobs(text: &str) -> BTreeMap<&'static str, Job> {
    let mut jobs: BTreeMap<&'static str, Job> = BTreeMap::new();
    let mut current = None;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let vendor =
            ["volcengine", "aliyun"].into_iter().find(|vendor| line.trim_end().ends_with(&format!("{vendor}:")));
        if let Some(vendor) = vendor.filter(|_| indent(line) <= 2) {
            current = Some(vendor);
        }
        let Some(job) = current.map(|vendor| jobs.entry(vendor).or_default()) else { continue };
        if line.trim_end().ends_with('|') {
            let mut block = String::new();
            let depth = lines.peek().map_or(0, |next| indent(next));
            while let Some(next) = lines.next_if(|next| next.is_empty() || indent(next) >= depth) {
                block.push_str(next.get(depth..).unwrap_or_default());
                block.push('\n');
            }
            job.blocks.push(block);
        } else if let Some((name, value)) = line.trim().split_once(": ")
            && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        {
            job.variables.insert(name.to_owned(), value.to_owned());
        }
    }
    jobs
}

#[cfg(unix)]
#[test]
fn the_jobs_rotate_and_check_as_written() {
    for name in ["github-actions.yml", "gitlab-ci.yml"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci").join(name);
        let text = std::fs::read_to_string(file).unwrap();
        let jobs = jobs(&text);
        assert_eq!(jobs.len(), 2, "{name}");
        for (vendor, job) in jobs {
            let mut world = World::empty().set("LIVECTL_SANDBOX", "1");
            for (variable, value) in &job.variables {
                world = world.set(variable, value);
            }
            let home = world.home().display().to_string();
            let config = format!("{home}/livectl.toml");
            let world = world.set("RUNNER_TEMP", &home).set("CI_PROJECT_DIR", &home).set("LIVECTL_CONFIG", &config);
            let (mut profile, mut rotated) = (None, 0);
            for block in job.blocks.iter().filter(|block| !block.contains("curl")) {
                if profile.is_some() && rotated == 0 {
                    set_up(&world, vendor);
                }
                let output = world.command("sh").args(["-euc", block]).output().unwrap();
                let stderr = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{name} {vendor}: {block}{stderr}");
                if block.contains("<< TOML") {
                    profile = Some(std::fs::read_to_string(&config).unwrap());
                } else if block.contains("--yes") {
                    rotated += 1;
                    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
                    assert_eq!(told["changed"], true, "{name} {vendor}: {told}");
                }
            }
            let profile = profile.unwrap_or_else(|| panic!("{name} {vendor} writes no profile"));
            assert!(profile.starts_with(&format!("[profiles.{vendor}]\n")) && profile.contains(&home), "{profile}");
            assert!(profile.contains("role_arn = ") && !profile.contains("secret"), "{profile}");
            assert_eq!(rotated, 1, "{name} {vendor}");
            let check = job.blocks.last().unwrap();
            assert!(check.contains("--dry-run --exit-code"), "{name} {vendor}: {check}");
        }
    }
}

/// What an account has before its keys are rotated for the first time.
fn set_up(world: &World, vendor: &str) {
    if vendor != "aliyun" {
        return;
    }
    for line in [
        "domain add play.example.com --type play --if-not-exists",
        "transcode add play.example.com/live --name hd720 --codec h264 --width 1280 --height 720 --if-not-exists",
        "hls-key enable --domain play.example.com --app live --template hd720 --kms-key-id key --cycle 10m --yes",
    ] {
        world.run(line).ok();
    }
}
