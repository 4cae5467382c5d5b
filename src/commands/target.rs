//! Which thing a command means, out of what was typed.

use crate::cli::{NewPlace, Place, Target};
use crate::commands::faults::Faults;
use crate::model::Selector;

/// Where things are.
pub(super) fn placed(place: Place) -> Selector {
    Selector { id: None, domain: place.domain, app: place.app, stream: place.stream }
}

/// Where something new shall be: as one word, by its options, or by both where they agree.
pub(super) fn located(faults: &mut Faults, new: NewPlace) -> Selector {
    let mut selector = placed(new.place);
    let Some(at) = new.at else { return selector };
    let mut parts = at.splitn(3, '/').map(|part| Some(part).filter(|part| !part.is_empty()));
    let options =
        [("--domain", &mut selector.domain), ("--app", &mut selector.app), ("--stream", &mut selector.stream)];
    for (option, given) in options {
        let Some(part) = parts.next().flatten() else { continue };
        match given {
            Some(given) if given != part => faults.add(option, Some(given), format!("`{part}`, as {at} says")),
            _ => *given = Some(part.to_owned()),
        }
    }
    selector
}

/// One thing: by id or by where it is.
pub(super) fn selected(target: Target) -> Selector {
    Selector { id: target.id, ..placed(target.place) }
}

/// One thing, which must be named.
pub(super) fn named(faults: &mut Faults, target: Target) -> Selector {
    let selector = selected(target);
    if selector == Selector::default() {
        faults.add("ID", None, "required: the vendor's id or domain/app/stream, or --domain, --app and --stream");
    }
    selector
}

/// The selector as it is printed.
pub(super) fn shown(target: &Selector) -> String {
    let place = [&target.domain, &target.app, &target.stream].map(|part| part.clone().unwrap_or_default());
    target.id.clone().unwrap_or_else(|| place.join("/"))
}
