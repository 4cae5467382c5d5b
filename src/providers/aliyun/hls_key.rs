//! `hls-key` on Alibaba Cloud ApsaraVideo Live: `EncryptParameters` of a transcode template, with a KMS key.

mod template;

use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Answer, HlsKeyArgs, HlsKeyVerb, Road, Support, Vendor};
use crate::providers::intent::Complaints;
use crate::providers::{change, rows};
use template::{Setting, Template};

const VENDOR: Vendor = Vendor::Aliyun;
const HINT: &str = "Aliyun encrypts per transcode template of a playback domain: --domain, --app and --template, \
                    as `livectl hls-key show --domain DOMAIN` lists them";

/// Seconds between two keys where neither the user nor the template says: the reference's own example.
const CYCLE: u64 = 3600;

pub(super) fn support(verb: HlsKeyVerb) -> Support<HlsKeyArgs> {
    match verb {
        HlsKeyVerb::Show => Support::Does(|road, args| Box::pin(show(road, args))),
        HlsKeyVerb::Enable => Support::Does(|road, args| Box::pin(enable(road, args))),
        HlsKeyVerb::Disable => Support::Does(|road, args| Box::pin(disable(road, args))),
        HlsKeyVerb::Set => Support::Does(|road, args| Box::pin(set(road, args, "setting the encryption of HLS"))),
        HlsKeyVerb::Rotate => Support::Does(|road, args| Box::pin(set(road, args, "rotating the keys of HLS"))),
        HlsKeyVerb::Get => Support::Cannot {
            why: "Aliyun's keys stay in its key management service: no Action of live tells one",
            instead: None,
        },
    }
}

async fn show(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer> {
    let doing = "reading the encryption of transcode templates";
    check(road, args).need("--domain", args.domain.is_some()).refuse(doing, Some(HINT))?;
    if args.app.is_some() && args.template.is_some() {
        return Ok(Answer::One(find(road, args, doing).await?.item()));
    }
    for template in template::matching(road, args).await.map_err(|error| with_show(error, args))? {
        if !road.emit(template.item())? {
            break;
        }
    }
    Ok(Answer::Listed)
}

async fn enable(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer> {
    let doing = "enabling the encryption of HLS";
    let addressed = args.domain.is_some() && args.app.is_some() && args.template.is_some();
    let checked = named(check(road, args), args);
    let checked = if addressed { checked } else { checked.need("--kms-key-id", args.kms_key_id.is_some()) };
    checked.refuse(doing, Some(HINT))?;
    let before = find(road, args, doing).await?;
    before.refuse_other_scheme(doing)?;
    let after = before.setting.with(args);
    Complaints::none().need("--kms-key-id", after.kms_key_id.is_some()).refuse(doing, Some(HINT))?;
    let after = Setting { enabled: true, ..after };
    let after = match after.cycle_seconds {
        Some(_) => after,
        None => {
            road.note(&format!("the key changes every {CYCLE} seconds: --cycle chooses another period"));
            Setting { cycle_seconds: Some(CYCLE), ..after }
        }
    };
    write(road, &before, &after).await
}

async fn disable(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer> {
    let doing = "disabling the encryption of HLS";
    let only_enable = "none: it is for `hls-key enable` and `hls-key set`";
    named(check(road, args), args)
        .wrong("--kms-key-id", args.kms_key_id.as_ref(), only_enable)
        .wrong("--cycle", args.cycle_seconds, only_enable)
        .refuse(doing, Some(HINT))?;
    let before = find(road, args, doing).await?;
    before.refuse_other_scheme(doing)?;
    if before.setting.enabled {
        road.confirm(&format!("disable the encryption of HLS by transcode template {}", before.title()))?;
    }
    let after = Setting::default();
    let answer = write(road, &before, &after).await?;
    read_back(road, args, &before, &after, doing).await.and(Ok(answer))
}

/// `set` and `rotate`: read, compare, ask, set, read back, compare. A new key cannot be forced; what changes
/// is the period and the master key.
async fn set(road: &dyn Road, args: &HlsKeyArgs, doing: &str) -> Result<Answer> {
    named(check(road, args), args)
        .need("--cycle or --kms-key-id", args.cycle_seconds.is_some() || args.kms_key_id.is_some())
        .refuse(doing, Some(HINT))?;
    let before = find(road, args, doing).await?;
    before.refuse_other_scheme(doing)?;
    if !before.setting.enabled {
        let message = format!("{doing}: transcode template {} does not encrypt", before.title());
        return Err(Error::new(Class::Conflict, message)
            .hint(format!("`livectl hls-key enable {} --kms-key-id ID` switches it on", before.options()))
            .with(|details| details.vendor = Some(VENDOR)));
    }
    let after = before.setting.with(args);
    if before.setting != after {
        road.confirm(&format!("change the encryption of HLS by transcode template {}", before.title()))?;
    }
    let answer = write(road, &before, &after).await?;
    read_back(road, args, &before, &after, doing).await.and(Ok(answer))
}

async fn write(road: &dyn Road, before: &Template, after: &Setting) -> Result<Answer> {
    let (id, name) = (before.selector(), before.name.as_deref().unwrap_or_default());
    if before.setting == *after {
        return Ok(change::nothing(VENDOR, &id, name));
    }
    change::send(road, before.update(after), &id, name, before.setting.changes(after)).await
}

/// Looks whether the vendor now tells what was set.
async fn read_back(road: &dyn Road, args: &HlsKeyArgs, before: &Template, after: &Setting, doing: &str) -> Result<()> {
    if road.is_dry_run() || before.setting == *after {
        return Ok(());
    }
    let now = find(road, args, doing).await.map_err(|error| error.outcome(Outcome::Applied))?;
    if now.setting == *after {
        return Ok(());
    }
    let message = format!(
        "{doing}: Aliyun accepted the change of transcode template {}, but it reads back as {}, not as {}",
        before.title(),
        now.setting.to_parameter(),
        after.to_parameter(),
    );
    Err(Error::new(Class::Differs, message)
        .outcome(Outcome::Applied)
        .hint(format!("look again in a minute: `livectl hls-key show {}`", before.options()))
        .with(|details| details.vendor = Some(VENDOR)))
}

async fn find(road: &dyn Road, args: &HlsKeyArgs, doing: &str) -> Result<Template> {
    let found = template::matching(road, args).await.map_err(|error| with_show(error, args))?;
    let place = [&args.domain, &args.app, &args.template].map(|part| part.as_deref().unwrap_or_default());
    let what = format!("{doing} by `{}/{}/#{}`", place[0], place[1], place[2]);
    rows::only_one(&what, found, Template::selector).map_err(|error| with_show(error, args))
}

/// What is not there, with the command that shows what is: it wants the domain.
fn with_show(error: Error, args: &HlsKeyArgs) -> Error {
    match &args.domain {
        Some(domain) if error.class() == Class::NotFound => {
            error.hint(format!("`livectl hls-key show --domain {domain}` shows what there is"))
        }
        _ => error,
    }
}

/// Complains unless one template is named.
fn named(complaints: Complaints, args: &HlsKeyArgs) -> Complaints {
    complaints
        .need("--domain", args.domain.is_some())
        .need("--app", args.app.is_some())
        .need("--template", args.template.is_some())
}

/// Complains of values out of range, and of options that only other vendors have.
fn check(road: &dyn Road, args: &HlsKeyArgs) -> Complaints {
    let odd = args.cycle_seconds.filter(|cycle| !(60..=3600).contains(cycle));
    Complaints::none()
        .beyond(road, "--cycle", odd, "60 to 3600 seconds on Aliyun")
        .wrong("--key-url", args.key_url.as_ref(), "--kms-key-id: Aliyun takes its keys from KMS")
        .foreign("--vhost", args.vhost.as_ref(), "Volcengine")
        .foreign("--tracks", args.tracks.as_ref(), "Tencent")
}

#[cfg(test)]
mod tests;
