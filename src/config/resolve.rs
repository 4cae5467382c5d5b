//! Which account a run is for: the sources in their order, the first found wins, and is used whole.

use super::account::{Account, Resolved, Rules, Selection, Sourced, Unusable};
use super::environment::Environment;
use super::file::{Choice, NEW_PROFILE, ProfileFile};
use super::profile::Profile;
use super::source::{Found, Origin, Setting, unusable};
use super::{official, variables};
use crate::error::Error;
use crate::model::Vendor;

/// Finds the account, or the accounts, that the command line asks for.
///
/// The order: profiles that were named; `LIVECTL_ACCESS_KEY_ID` and its kin, with a vendor; the vendor's own
/// variables; the file's default profile, or its only one of the vendor; the official tool's own configuration.
///
/// # Errors
/// Usage where the command line contradicts itself or the file, or leaves open which account is meant; auth
/// where there are no credentials, or those of the source cannot be used. Never a step to the next source.
pub fn resolve(environment: &Environment, selection: &Selection) -> Result<Resolved, Error> {
    of_file(environment, selection, ProfileFile::load(environment, selection)?)
}

/// The same, over a profile file that is read already.
///
/// # Errors
/// As [`resolve`].
pub(super) fn of_file(environment: &Environment, selection: &Selection, file: ProfileFile) -> Result<Resolved, Error> {
    let mut run = Run { environment, selection, file, warnings: Vec::new(), failures: Vec::new() };
    let accounts = match run.named_profiles()? {
        Some(names) => run.of_profiles(&names)?,
        None if selection.sandbox => vec![run.of_sandbox()?],
        None => vec![run.unnamed()?.into_account(environment, selection)?],
    };
    Ok(Resolved { accounts, failures: run.failures, warnings: run.warnings })
}

struct Run<'a> {
    environment: &'a Environment,
    selection: &'a Selection,
    file: ProfileFile,
    warnings: Vec<String>,
    failures: Vec<Unusable>,
}

impl Run<'_> {
    /// The profiles that `--all-profiles`, `--profile` or `LIVECTL_PROFILE` mean.
    fn named_profiles(&self) -> Result<Option<Vec<String>>, Error> {
        let mut names: Vec<String> = Vec::new();
        if self.selection.all_profiles {
            let file = self.file.readable()?;
            let vendor = self.selection.vendor;
            names.extend(file.names().filter(|n| vendor.is_none() || file.vendor_of(n) == vendor).map(str::to_owned));
            if names.is_empty() {
                let of = vendor.map(|vendor| format!(" of {vendor}")).unwrap_or_default();
                return Err(
                    Error::usage(format!("looking for all profiles: `{}` has none{of}", file.shown)).hint(NEW_PROFILE)
                );
            }
        } else {
            let variable = self.environment.var("LIVECTL_PROFILE").unwrap_or_default();
            let given: Vec<&str> = match self.selection.profiles.as_slice() {
                [] => variable.split(',').collect(),
                given => given.iter().map(String::as_str).collect(),
            };
            for name in given.into_iter().map(str::trim).filter(|name| !name.is_empty()) {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
        }
        if names.len() > 1 && self.selection.changing {
            let names = names.join(", ");
            return Err(Error::usage(format!(
                "choosing the account: this command changes something, and {names} are several"
            ))
            .hint("name one with `--profile`; several are for reading commands"));
        }
        Ok(Some(names).filter(|names| !names.is_empty()))
    }

    fn of_profiles(&mut self, names: &[String]) -> Result<Vec<Account>, Error> {
        let mut accounts = Vec::new();
        for name in names {
            match self.of_profile(name) {
                Ok(account) => accounts.push(account),
                Err(error) if self.selection.all_profiles => {
                    self.failures.push(Unusable { profile: name.clone(), error });
                }
                Err(error) => return Err(error),
            }
        }
        match accounts.is_empty() {
            true => Err(self.failures.remove(0).error),
            false => Ok(accounts),
        }
    }

    fn of_profile(&mut self, name: &str) -> Result<Account, Error> {
        let tell = |vendor: Option<Vendor>| {
            move |error: Error| {
                error.with(|details| {
                    details.profile = Some(name.to_owned());
                    details.vendor = details.vendor.or(vendor);
                })
            }
        };
        let asked = self.selection.vendor.map(|vendor| Setting::new(vendor, "--vendor"));
        let vendor = self.profile_vendor(name, asked.as_ref()).map_err(tell(None))?;
        if self.selection.sandbox {
            return Ok(self.sandbox_account(Some(name.to_owned()), vendor));
        }
        let told = tell(Some(vendor.value));
        let found = self.profile_source(name, vendor).map_err(&told)?;
        found.into_account(self.environment, self.selection).map_err(told)
    }

    fn place(&self, name: &str) -> String {
        format!("profile {name} in {}", self.file.shown)
    }

    /// The vendor of a profile, which must be the one that was asked for.
    fn profile_vendor(&self, name: &str, asked: Option<&Setting<Vendor>>) -> Result<Setting<Vendor>, Error> {
        let place = self.place(name);
        let stated = match self.file.profile(name)?.get("vendor") {
            None => None,
            Some(toml::Value::String(text)) => {
                Some(text.parse::<Vendor>().map_err(|what| Error::usage(format!("reading {place}: {what}")))?)
            }
            Some(_) => return Err(Error::usage(format!("reading {place}: `vendor` is a text, in quotes"))),
        };
        match (stated, asked) {
            (Some(stated), Some(asked)) if stated != asked.value => Err(Error::usage(format!(
                "choosing the account: the command is for {}, but profile `{name}` is of {stated}",
                asked.value
            ))
            .hint(format!("leave `--profile` out, or name a profile of {}", asked.value))),
            (Some(stated), _) => Ok(Setting::new(stated, place)),
            (None, Some(asked)) => Ok(asked.clone()),
            (None, None) => Err(Error::usage(format!("choosing the account: {place} names no vendor"))
                .hint(format!("add `--vendor`, or `livectl config set {name} vendor=tencent`"))),
        }
    }

    fn profile_source(&mut self, name: &str, vendor: Setting<Vendor>) -> Result<Found, Error> {
        let place = self.place(name);
        let mut profile = Profile::parse(name, self.file.profile(name)?, &self.file.shown)?;
        // Once a run, however many profiles are used.
        self.warnings.append(&mut self.file.warnings);
        self.warnings.append(&mut profile.warnings);
        let path = self.file.path.as_deref();
        let mut of_profile = |base: &str| self.base_of(base, &vendor, vec![name.to_owned()]);
        profile.into_found(vendor.clone(), path, &place, self.environment, &mut of_profile)
    }

    /// The credentials of the profile that another names as its `source_profile`.
    fn base_of(&self, name: &str, vendor: &Setting<Vendor>, mut chain: Vec<String>) -> Result<Origin, Error> {
        let goes_round = chain.iter().any(|known| known == name);
        chain.push(name.to_owned());
        if goes_round {
            return Err(Error::usage(format!(
                "choosing the account: `source_profile` goes round: {}",
                chain.join(" → ")
            )));
        }
        let place = self.place(name);
        let profile = Profile::parse(name, self.file.profile(name)?, &self.file.shown)?;
        let stated = self.profile_vendor(name, None).map_or(vendor.value, |stated| stated.value);
        if stated != vendor.value {
            return Err(Error::usage(format!(
                "choosing the account: `source_profile` names profile `{name}` of {stated}, and the role is of {}",
                vendor.value
            )));
        }
        let mut of_profile = |base: &str| self.base_of(base, vendor, chain.clone());
        let path = self.file.path.as_deref();
        Ok(profile.into_found(vendor.clone(), path, &place, self.environment, &mut of_profile)?.origin)
    }

    /// In the sandbox a profile is but a name, a vendor and its rules, which may be tried there.
    fn rules_of(&self, name: &str) -> Rules {
        let parsed = self.file.profile(name).and_then(|table| Profile::parse(name, table, &self.file.shown));
        parsed.map(|profile| profile.rules).unwrap_or_default()
    }

    /// The vendor that was named without a profile.
    fn asked_vendor(&self) -> Result<Option<Setting<Vendor>>, Error> {
        if let Some(vendor) = self.selection.vendor {
            return Ok(Some(Setting::new(vendor, "--vendor")));
        }
        let source = "environment LIVECTL_VENDOR";
        if let Some(vendor) = self.selection.env_vendor {
            return Ok(Some(Setting::new(vendor, source)));
        }
        let Some(text) = self.environment.var("LIVECTL_VENDOR") else { return Ok(None) };
        let vendor = text.parse().map_err(|what| Error::usage(format!("reading {source}: {what}")))?;
        Ok(Some(Setting::new(vendor, source)))
    }

    fn unnamed(&mut self) -> Result<Found, Error> {
        let asked = self.asked_vendor()?;
        if let Some(found) = self.of_variables(asked.as_ref())? {
            self.warn_of_shadow(&found, asked.as_ref())?;
            return Ok(found);
        }
        let vendor = asked.as_ref().map(|asked| asked.value);
        match self.file.readable()?.choose(vendor)? {
            Choice::One(name) => {
                let tell = |error: Error| error.with(|details| details.profile = Some(name.clone()));
                let vendor = self.profile_vendor(&name, asked.as_ref()).map_err(tell)?;
                return self.profile_source(&name, vendor).map_err(tell);
            }
            Choice::Several(names) => return Err(several_profiles(&self.file.shown, vendor, &names)),
            Choice::None => {}
        }
        self.of_official(vendor)
    }

    fn of_variables(&mut self, asked: Option<&Setting<Vendor>>) -> Result<Option<Found>, Error> {
        if variables::has_own(self.environment) {
            let Some(vendor) = asked else {
                return Err(Error::usage(
                    "choosing the account: `LIVECTL_ACCESS_KEY_ID` says not of which vendor it is",
                )
                .hint("add `--vendor`, or set `LIVECTL_VENDOR`"));
            };
            return variables::own(self.environment, vendor.clone());
        }
        let vendors = asked.map_or_else(|| Vendor::ALL.to_vec(), |asked| vec![asked.value]);
        let mut all = Vec::new();
        for vendor in vendors {
            all.extend(variables::of_vendor(self.environment, vendor, asked.is_some(), &mut self.warnings)?);
        }
        if all.len() > 1 {
            let sources: Vec<_> = all.iter().map(|found| found.vendor.value.name()).collect();
            return Err(several_vendors("the environment has keys", &sources));
        }
        let mut found = all.pop();
        if let (Some(found), Some(asked)) = (&mut found, asked) {
            found.vendor = asked.clone();
        }
        Ok(found)
    }

    /// Tells when a default profile would have been used, had the variables not been set.
    fn warn_of_shadow(&mut self, found: &Found, asked: Option<&Setting<Vendor>>) -> Result<(), Error> {
        if let Some(error) = &self.file.unreadable {
            self.warnings.push(error.to_string());
            return Ok(());
        }
        if let Choice::One(name) = self.file.choose(asked.map(|asked| asked.value))? {
            let (keys, place) = (found.keys_source(), self.place(&name));
            self.warnings.push(format!("the keys of {keys} are used, not the default {place}"));
        }
        Ok(())
    }

    fn of_official(&mut self, asked: Option<Vendor>) -> Result<Found, Error> {
        let vendors = asked.map_or_else(|| Vendor::ALL.to_vec(), |vendor| vec![vendor]);
        let mut set_up = Vec::new();
        for vendor in vendors {
            let mut warnings = Vec::new();
            if let Some(found) = official::find(self.environment, vendor, &mut warnings).transpose() {
                set_up.push((vendor, found, warnings));
            }
        }
        if set_up.len() > 1 {
            let vendors: Vec<_> = set_up.iter().map(|(vendor, _, _)| vendor.name()).collect();
            return Err(several_vendors("the official tools have keys", &vendors));
        }
        let Some((_, found, warnings)) = set_up.pop() else { return Err(nothing(asked)) };
        self.warnings.extend(warnings);
        found
    }

    /// An account of the sandbox: a vendor and perhaps a name, and nothing that is real.
    fn of_sandbox(&mut self) -> Result<Account, Error> {
        let asked = self.asked_vendor()?;
        let vendor = asked.as_ref().map(|asked| asked.value);
        // Where the vendor is named the file is not needed, so it may be unreadable then.
        let chosen = if asked.is_some() && self.file.unreadable.is_some() {
            Choice::None
        } else {
            self.file.readable()?.choose(vendor)?
        };
        match (chosen, asked.as_ref()) {
            (Choice::One(name), asked) => {
                let vendor = self.profile_vendor(&name, asked)?;
                Ok(self.sandbox_account(Some(name), vendor))
            }
            (_, Some(asked)) => Ok(self.sandbox_account(None, asked.clone())),
            (Choice::Several(names), None) => Err(several_profiles(&self.file.shown, None, &names)),
            (Choice::None, None) => {
                Err(Error::usage("choosing the account: the sandbox plays one vendor, and none is named")
                    .hint("add `--vendor tencent`, `--vendor aliyun` or `--vendor volcengine`, or name a profile"))
            }
        }
    }

    fn sandbox_account(&self, profile: Option<String>, vendor: Setting<Vendor>) -> Account {
        let region = self.selection.region.clone();
        let region_source = if region.is_some() { "--region" } else { "default" };
        let sourced = |field, value, source: &str| Sourced { field, value, source: source.to_owned() };
        let rules = profile.as_deref().map(|name| self.rules_of(name)).unwrap_or_default();
        Account {
            vendor: vendor.value,
            profile,
            credentials: None,
            program: None,
            role: None,
            region: region.clone(),
            endpoint: None,
            signature: None,
            ca_bundle: None,
            system_trust: false,
            read_only: false,
            rules,
            sources: vec![
                sourced("vendor", Some(vendor.value.to_string()), &vendor.source),
                sourced("region", region, region_source),
            ],
        }
    }
}

fn several_vendors(what: &str, vendors: &[&str]) -> Error {
    Error::usage(format!("choosing the account: {what} of {}", vendors.join(" and of ")))
        .hint(format!("add `--vendor {}`, or set `LIVECTL_VENDOR`", vendors[0]))
}

fn several_profiles(shown: &str, vendor: Option<Vendor>, names: &[String]) -> Error {
    let of = vendor.map(|vendor| format!(" of {vendor}")).unwrap_or_default();
    Error::usage(format!("choosing the account: `{shown}` has several profiles{of}, and none is the default"))
        .hint(format!("add `--profile` with one of {}", names.join(", ")))
        .hint(format!("or choose one for good: `livectl config use {}`", names[0]))
}

fn nothing(asked: Option<Vendor>) -> Error {
    let of = asked.map(|vendor| format!(" for {vendor}")).unwrap_or_default();
    let (id, secret) = variables::first_pair(asked.unwrap_or(Vendor::Tencent));
    let such_as = if asked.is_some() { "" } else { "variables such as " };
    unusable(format!("looking for credentials: there are none{of}"))
        .hint(NEW_PROFILE)
        .hint(format!("or set {such_as}`{id}` and `{secret}`"))
        .hint("`--sandbox` works without any")
        .with(|details| details.vendor = asked)
}
