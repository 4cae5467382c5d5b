//! What signs the calls of an account: its key pair, what a program prints, or the temporary credentials of a role, which
//! the vendor's security token service gives.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use crate::commands::exchange::{UNSTATED_RATE, nonce};
use crate::commands::lease::{Fetched, Held, Lease};
use crate::commands::sender::{Trust, sender, split_endpoint};
use crate::commands::session::Session;
use crate::config::{Account, KeyProgram};
use crate::error::{Class, Error, Outcome, Result};
use crate::model::{Credentials, Proof, Reading, Repeatable, Reply, Response, Role, Secret};
use crate::providers::{self, Target, codes, sts};
use crate::send::Attempt;
use crate::sign::{self, Moment, Service, Signed};

/// No token of an identity provider is larger (Aliyun takes 20,000 characters).
const LARGEST_TOKEN: u64 = 64 << 10;

/// What signs the calls of an account.
pub(super) enum Keys {
    /// A key pair.
    ForGood(Rc<Held>),
    /// What a program prints: the first of it was read with the profile.
    OfProgram(KeyProgram, Rc<Held>, Lease),
    /// The temporary credentials of a role.
    OfRole(Role, Rc<Lease>),
}

impl Keys {
    /// What an account signs with.
    ///
    /// # Errors
    /// Internal: nothing was resolved.
    pub(super) fn of(session: &Session, account: &Account) -> Result<Self> {
        match (&account.credentials, &account.program, &account.role) {
            (Some(credentials), Some(program), _) => {
                let now = session.environment.now();
                let lease = Lease::default();
                let first =
                    lease.keep(now, Fetched { credentials: credentials.clone(), life: life(program.expires_at, now) });
                Ok(Keys::OfProgram(program.clone(), first, lease))
            }
            (Some(credentials), None, _) => Ok(Keys::ForGood(Rc::new(Held::for_good(credentials.clone())))),
            (None, _, Some(role)) => Ok(Keys::OfRole(role.clone(), session.lease(role))),
            (None, _, None) => Err(Error::internal("open the account: no credentials were resolved")),
        }
    }

    /// What signs before anything was fetched: for a request that is shown and not sent.
    pub(super) fn at_hand(&self) -> Option<Rc<Held>> {
        match self {
            Keys::ForGood(held) | Keys::OfProgram(_, held, _) => Some(Rc::clone(held)),
            Keys::OfRole(..) => None,
        }
    }

    /// Whose account it is, for what is kept per account: the key id, or the role, whose keys change.
    pub(super) fn identity(&self) -> &str {
        match self {
            Keys::ForGood(held) | Keys::OfProgram(_, held, _) => &held.credentials.access_key_id,
            Keys::OfRole(role, _) => &role.name,
        }
    }

    /// Credentials that are good now.
    ///
    /// # Errors
    /// The role cannot be assumed; the program prints no others.
    pub(super) async fn held(&self, session: &Session, account: &Account) -> Result<Rc<Held>> {
        match self {
            Keys::ForGood(held) => Ok(Rc::clone(held)),
            Keys::OfProgram(program, _, lease) => {
                let now = session.environment.now();
                lease.held(now, async || print(session, program, now).await, |error| go_on(session, error)).await
            }
            Keys::OfRole(role, lease) => held(session, account, role, lease).await,
        }
    }

    /// The vendor says that these have expired. Whether there can be others.
    pub(super) fn expired(&self, held: &Held) -> bool {
        match self {
            Keys::ForGood(_) => false,
            Keys::OfProgram(_, _, lease) => {
                lease.expired(held);
                true
            }
            Keys::OfRole(_, lease) => {
                lease.expired(held);
                true
            }
        }
    }
}

/// Keys that nobody gave an end to, for so long: until the vendor calls them expired.
const LONG: SignedDuration = SignedDuration::from_hours(24 * 365);

fn life(expires_at: Option<Timestamp>, now: Timestamp) -> SignedDuration {
    expires_at.map_or(LONG, |end| end.duration_since(now).max(SignedDuration::ZERO))
}

/// Runs the program again, beside what is under way.
async fn print(session: &Session, program: &KeyProgram, now: Timestamp) -> Result<Fetched> {
    let asked = program.clone();
    let printed = tokio::task::spawn_blocking(move || asked.ask(now)).await;
    let (credentials, expires_at) = printed.map_err(|_| Error::internal("ask the credential process again"))??;
    session.learn_keys(&credentials);
    session.stderr.detail(1, "the credential process was asked for new keys");
    Ok(Fetched { credentials, life: life(expires_at, now) })
}

/// Says that the old credentials are used because there are no others.
fn go_on(session: &Session, error: &Error) {
    session.stderr.warn(&format!("{error}; the old credentials are used as long as they live"));
}

fn held<'a>(
    session: &'a Session,
    account: &'a Account,
    role: &'a Role,
    lease: &'a Lease,
) -> LocalBoxFuture<'a, Result<Rc<Held>>> {
    let warn = |error: &Error| go_on(session, error);
    lease.held(session.environment.now(), async || fetch(session, account, role).await, warn).boxed_local()
}

/// Asks the security token service for credentials.
async fn fetch(session: &Session, account: &Account, role: &Role) -> Result<Fetched> {
    let signer = match &role.proof {
        Proof::Keys(credentials) => Signer::Keys(credentials.clone()),
        Proof::Role(base) => {
            let lease = session.lease(base);
            Signer::Keys(held(session, account, base, &lease).await?.credentials.clone())
        }
        Proof::Token { file, .. } => Signer::Token(token(&file.display().to_string())?),
    };
    if let Signer::Token(token) = &signer {
        session.secrets.borrow_mut().add_for_good(token.expose());
    }
    let (scheme, host) = match &role.sts_endpoint {
        Some(url) => split_endpoint(url)?,
        None => ("https".to_owned(), sts::host(account.vendor, role).to_owned()),
    };
    let whose = format!("{}/sts/{}", account.vendor, role.name);
    let sender = sender(session, &format!("{scheme}://{host}"), Trust::of(account, &scheme), whose)?;
    let asking = Asking { session, account, role, signer, scheme, host, dated: RefCell::default() };
    let granted = match sender.perform(&asking).await {
        Ok(reply) => sts::granted(account.vendor, asking.action(), &reply),
        Err(error) => Err(error),
    };
    let granted = granted.map_err(|error| asking.refused(error))?;
    session.learn_keys(&granted.credentials);
    // By the vendor's clock, whatever the time is here.
    let began = asking.dated.borrow().unwrap_or_else(|| session.environment.now());
    let life = granted.expires_at.duration_since(began).max(SignedDuration::ZERO);
    session.stderr.detail(1, &format!("assumed the role `{}` for {} s", role.name, life.as_secs()));
    Ok(Fetched { credentials: granted.credentials, life })
}

/// The token of an identity provider, without the line breaks around it.
fn token(file: &str) -> Result<Secret> {
    let failed = |why: String| {
        Error::new(Class::Auth, format!("read the token of the identity provider from `{file}`: {why}"))
            .outcome(Outcome::NotSent)
            .hint("`oidc_token_file` names the file that the CI job or the cluster writes it to")
    };
    let mut text = Zeroizing::new(String::new());
    let opened = File::open(file).map_err(|error| failed(error.to_string()))?;
    opened.take(LARGEST_TOKEN + 1).read_to_string(&mut text).map_err(|error| failed(error.to_string()))?;
    if text.len() as u64 > LARGEST_TOKEN {
        return Err(failed(format!("more than {} KiB are no token", LARGEST_TOKEN >> 10)));
    }
    let token = text.trim();
    match token {
        "" => Err(failed("there is nothing in it".to_owned())),
        _ if token.contains(char::is_whitespace) => Err(failed("there is more than one word in it".to_owned())),
        _ => Ok(Secret::new(token)),
    }
}

/// What proves the right to a role.
enum Signer {
    Keys(Credentials),
    Token(Secret),
}

/// The call that asks for credentials.
struct Asking<'a> {
    session: &'a Session,
    account: &'a Account,
    role: &'a Role,
    signer: Signer,
    scheme: String,
    host: String,
    /// When the vendor answered, by its own clock.
    dated: RefCell<Option<Timestamp>>,
}

impl Asking<'_> {
    /// Why a role cannot be assumed: no credentials, unless the way or the vendor failed.
    fn refused(&self, error: Error) -> Error {
        let hint = match &self.role.proof {
            Proof::Token { file, .. } => format!(
                "the token in `{}` must be for this identity provider and this role, and not have run out",
                file.display()
            ),
            Proof::Keys(_) | Proof::Role(_) => {
                "the role must trust whoever assumes it, and these keys must be permitted to call `AssumeRole`"
                    .to_owned()
            }
        };
        error.outcome(Outcome::NotSent).with(|details| {
            details.action = Some(self.action().to_owned());
            details.message = format!("assume the role `{}`: {}", self.role.name, details.message);
            if !matches!(details.class, Class::Network | Class::Throttled | Class::Vendor | Class::Internal) {
                details.class = Class::Auth;
                details.hints =
                    vec![hint, "`livectl config show --effective` shows the role and what assumes it".into()];
            }
        })
    }
}

impl Attempt for Asking<'_> {
    fn permit(&self) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn sign(&self, at: Timestamp) -> Result<Signed> {
        let vendor = self.account.vendor;
        let signature = sts::scheme(vendor);
        let chosen = self.account.region.as_deref();
        let target = Target { scheme: &self.scheme, host: &self.host, region: chosen, signature };
        let token = match &self.signer {
            Signer::Token(token) => Some(token.expose()),
            Signer::Keys(_) => None,
        };
        let request = sts::request(vendor, self.role, token, &target)?;
        let region = chosen.or(providers::provider(vendor).default_region()).unwrap_or_default();
        match &self.signer {
            Signer::Token(_) => sign::unsigned(request, vendor, at),
            Signer::Keys(credentials) => {
                let moment = Moment { at, nonce: &nonce()?, region };
                sign::sign_for(Service::Sts, request, signature, credentials, &moment)
            }
        }
    }

    fn decode(&self, response: &Response) -> Result<Reply> {
        providers::provider(self.account.vendor).decode(self.action(), response, Reading::Members)
    }

    fn blames_clock(&self, error: &Error) -> bool {
        let code = error.details().code.as_deref();
        code.is_some_and(|code| codes::is_clock_error(self.account.vendor, code))
    }

    /// To be given credentials twice does no harm.
    fn repeatable(&self) -> Repeatable {
        Repeatable::Read
    }

    fn action(&self) -> &str {
        sts::action(self.account.vendor, self.role)
    }

    fn rate(&self) -> f64 {
        UNSTATED_RATE
    }

    fn sending(&self, number: u32, _: &Signed) {
        let (vendor, action) = (self.account.vendor, self.action());
        self.session.stderr.detail(2, &format!("{vendor} {action}: attempt {number} to {}", self.host));
    }

    fn received(&self, response: &Response) {
        let date = response.header("date").and_then(|text| rfc2822::parse(text).ok());
        self.dated.replace(date.map(|date| date.timestamp()));
        let line = format!("{} {}: HTTP {}", self.account.vendor, self.action(), response.status);
        self.session.stderr.detail(1, &line);
    }

    fn note(&self, text: &str) {
        self.session.stderr.warn(text);
    }
}
