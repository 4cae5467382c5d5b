//! The bindings: which app of which domain space is encrypted.

use serde_json::{Value, json};

use super::{CLEAR_KEY, VENDOR};
use crate::error::{Class, Error, Outcome};
use crate::model::{Answer, Call, Change, HlsKeyArgs, Road};
use crate::providers::intent::Complaints;
use crate::providers::paging::Pages;
use crate::providers::volcengine::space;
use crate::providers::{change, rows};

/// What a binding's domain is.
pub(super) const WHICH: &str =
    "on Volcengine a binding belongs to a domain space (vhost), looked up from any of its domains; --vhost names it";

const SETTLES: &str = "takes effect in 3 to 5 minutes";

/// Turns HLS encryption on for an app.
pub(super) async fn enable(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer, Error> {
    let target = Target::of(road, args, "turning HLS encryption on").await?;
    let before = target.binding(road).await?;
    if let Some(before) = &before {
        target.refuse_commercial(before)?;
        if has_clear_key(before) {
            return Ok(change::nothing(VENDOR, &target.id(), ""));
        }
    }
    let call = target.bind(before.as_ref());
    if call.params.get("EncryptTranscodeStream") == Some(&Value::Bool(false)) {
        road.note("only the source stream is encrypted: `BindEncryptDRM` names transcoded streams by their suffixes");
    }
    target.made(road, call, vec![Change::new("enabled", false, true)]).await
}

/// Turns HLS encryption off for an app.
pub(super) async fn disable(road: &dyn Road, args: &HlsKeyArgs) -> Result<Answer, Error> {
    let target = Target::of(road, args, "turning HLS encryption off").await?;
    let Some(before) = target.binding(road).await? else {
        return Ok(change::nothing(VENDOR, &target.id(), ""));
    };
    target.refuse_commercial(&before)?;
    if !has_clear_key(&before) {
        return Ok(change::nothing(VENDOR, &target.id(), ""));
    }
    road.confirm(&format!("turn HLS encryption off for {}", target.id()))?;
    let call =
        Call::new(VENDOR, "UnBindEncryptDRM").with("App", target.app.as_str()).with("Vhost", target.vhost.as_str());
    target.made(road, call, vec![Change::new("enabled", true, false)]).await
}

/// The domain space that is named, or that the named domain is in.
pub(super) async fn vhost(road: &dyn Road, args: &HlsKeyArgs) -> Result<Option<String>, Error> {
    if args.vhost.is_some() {
        return Ok(args.vhost.clone());
    }
    let Some(name) = &args.domain else { return Ok(None) };
    space::of_domain(road, name).await.map(Some)
}

/// The bindings of a domain space, or those of one app in it.
pub(super) async fn list(road: &dyn Road, vhost: &str, app: Option<&str>) -> Result<Vec<Value>, Error> {
    let call = Call::new(VENDOR, "ListBindEncryptDRM").with("Vhost", vhost).with_some("App", app);
    let all = Pages::all(call, road).await?;
    Ok(all.into_iter().filter(|item| app.is_none() || rows::text(item, "App").as_deref() == app).collect())
}

/// Whether a binding encrypts by HLS standard encryption. Some bindings say beside it that they are off.
pub(super) fn has_clear_key(binding: &Value) -> bool {
    let named = rows::texts(binding, "DRMSystems").iter().any(|system| system == CLEAR_KEY);
    named && rows::flag(binding, "Enable") != Some(false)
}

/// Complains of options that a binding has nothing to do with.
pub(super) fn check(args: &HlsKeyArgs) -> Complaints {
    let elsewhere = "none: it is account-wide on Volcengine, `hls-key set` changes it";
    Complaints::none()
        .wrong("--key-url", args.key_url.as_ref(), elsewhere)
        .wrong("--cycle", args.cycle_seconds, elsewhere)
        .foreign("--template", args.template.as_ref(), "Tencent and Aliyun")
        .foreign("--kms-key-id", args.kms_key_id.as_ref(), "Aliyun")
        .foreign("--tracks", args.tracks.as_ref(), "Tencent")
}

/// `vhost` or `vhost/app`, for messages.
pub(super) fn place(vhost: &str, args: &HlsKeyArgs) -> String {
    args.app.as_ref().map_or_else(|| vhost.to_owned(), |app| format!("{vhost}/{app}"))
}

/// The app of a domain space that is bound or unbound.
struct Target {
    vhost: String,
    app: String,
    doing: &'static str,
}

impl Target {
    async fn of(road: &dyn Road, args: &HlsKeyArgs, doing: &'static str) -> Result<Target, Error> {
        let app = args.app.clone().filter(|app| !app.is_empty());
        check(args)
            .need("--domain", args.domain.is_some() || args.vhost.is_some())
            .need("--app", app.is_some())
            .refuse(doing, Some(WHICH))?;
        let vhost = vhost(road, args).await?;
        Ok(Target { vhost: vhost.unwrap_or_default(), app: app.unwrap_or_default(), doing })
    }

    fn id(&self) -> String {
        format!("{}/{}", self.vhost, self.app)
    }

    async fn binding(&self, road: &dyn Road) -> Result<Option<Value>, Error> {
        Ok(list(road, &self.vhost, Some(&self.app)).await?.into_iter().next())
    }

    /// One binding holds either kind, so neither turning on nor off may go over a commercial one.
    fn refuse_commercial(&self, binding: &Value) -> Result<(), Error> {
        let systems = rows::texts(binding, "DRMSystems");
        let commercial: Vec<&str> = systems.iter().map(String::as_str).filter(|system| *system != CLEAR_KEY).collect();
        if commercial.is_empty() {
            return Ok(());
        }
        let (doing, id) = (self.doing, self.id());
        let message = format!("{doing}: `{id}` is encrypted with commercial DRM ({})", commercial.join(", "));
        let remove = format!("livectl api volcengine UnBindEncryptDRM Vhost={} App={}", self.vhost, self.app);
        Err(Error::new(Class::Conflict, message)
            .outcome(Outcome::NotSent)
            .hint(format!("an app has either commercial DRM or HLS standard encryption; `{remove}` removes the former"))
            .with(|details| details.vendor = Some(VENDOR)))
    }

    /// Binds with HLS standard encryption, all else as it was; a new binding encrypts the source stream.
    fn bind(&self, before: Option<&Value>) -> Call {
        let flag = |name: &str| before.and_then(|binding| rows::flag(binding, name));
        let transcoded = flag("EncryptTranscodeStream").unwrap_or(false);
        let suffixes = before.map(|binding| rows::texts(binding, "EncryptTranscodeSuffix")).unwrap_or_default();
        Call::new(VENDOR, "BindEncryptDRM")
            .with("Vhost", self.vhost.as_str())
            .with("App", self.app.as_str())
            .with("DRMSystems", json!([CLEAR_KEY]))
            .with("EncryptOriginStream", flag("EncryptOriginStream").unwrap_or(true) || !transcoded)
            .with("EncryptTranscodeStream", transcoded)
            .with_some("EncryptTranscodeSuffix", (!suffixes.is_empty()).then(|| json!(suffixes)))
    }

    async fn made(&self, road: &dyn Road, call: Call, changes: Vec<Change>) -> Result<Answer, Error> {
        let answer = change::send(road, call, &self.id(), "", changes).await?;
        if !road.is_dry_run() {
            road.note(SETTLES);
        }
        Ok(answer)
    }
}
