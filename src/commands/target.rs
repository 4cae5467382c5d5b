//! Which thing a command means, out of what was typed.

use crate::cli::{Place, Target};
use crate::commands::faults::Faults;
use crate::model::Selector;

/// Where things are.
pub(super) fn placed(place: Place) -> Selector {
    Selector { id: None, domain: place.domain, app: place.app, stream: place.stream }
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
