//! Where something publishes, and which of several things a selector means.

use crate::error::{Class, Error};
use crate::model::Selector;
use crate::providers::intent::Complaints;

/// Where something publishes: the parts of a selector, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// Domain.
    pub domain: Option<String>,
    /// App.
    pub app: Option<String>,
    /// Stream.
    pub stream: Option<String>,
    /// Template or preset, the part behind `#`.
    pub tail: Option<String>,
}

impl Place {
    /// Reads `domain/app/stream[#template-or-preset]`; an empty part is `None`, missing parts are empty.
    pub fn parse(selector: &str) -> Place {
        let (path, tail) = cut(selector);
        let mut parts = path.splitn(3, '/').map(|part| (!part.is_empty()).then(|| part.to_owned()));
        Place {
            domain: parts.next().flatten(),
            app: parts.next().flatten(),
            stream: parts.next().flatten(),
            tail: tail.filter(|tail| !tail.is_empty()).map(str::to_owned),
        }
    }

    /// The place that a relay's selector or its `--domain --app --stream` name.
    ///
    /// # Errors
    /// Usage where the selector and an option name different things.
    pub fn of(target: &Selector) -> Result<Place, Error> {
        let mut place = Place::parse(target.id.as_deref().unwrap_or_default());
        let mut complaints = Complaints::none();
        for (option, part, given) in [
            ("--domain", &mut place.domain, &target.domain),
            ("--app", &mut place.app, &target.app),
            ("--stream", &mut place.stream, &target.stream),
        ] {
            let Some(given) = given.as_ref().filter(|given| !given.is_empty()) else { continue };
            match part {
                Some(part) if part != given => {
                    complaints = complaints.wrong(option, Some(given), format!("`{part}`, as the selector says"));
                }
                _ => *part = Some(given.clone()),
            }
        }
        complaints.refuse("reading the selector", None)?;
        Ok(place)
    }

    /// The same where nothing stands behind `#`: it is a part of a name then.
    #[must_use]
    pub fn without_tail(mut self) -> Place {
        if let (Some(tail), Some(last)) = (&self.tail, self.stream.as_mut()) {
            last.push('#');
            last.push_str(tail);
            self.tail = None;
        }
        self
    }

    /// The selector in its printed form, empty parts kept.
    pub fn selector(&self) -> String {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        let path = format!("{}/{}/{}", part(&self.domain), part(&self.app), part(&self.stream));
        self.tail.as_ref().map_or(path.clone(), |tail| format!("{path}#{tail}"))
    }

    /// Whether a thing at `domain`, `app`, `stream` is meant: parts that are not named match everything.
    pub fn matches(&self, other: &Place) -> bool {
        let same = |wanted: &Option<String>, got: &Option<String>| wanted.is_none() || wanted == got;
        same(&self.domain, &other.domain)
            && same(&self.app, &other.app)
            && same(&self.stream, &other.stream)
            && same(&self.tail, &other.tail)
    }
}

/// The only one of the things that were found.
///
/// # Errors
/// Not-found where there is none; usage, listing their selectors, where there are several.
pub fn only_one<T>(doing: &str, found: Vec<T>, selector: impl Fn(&T) -> String) -> Result<T, Error> {
    let several: Vec<String> = found.iter().map(&selector).collect();
    let mut found = found.into_iter();
    match (found.next(), several.len()) {
        (Some(only), 1) => Ok(only),
        (None, _) => Err(Error::new(Class::NotFound, format!("{doing}: nothing matches"))),
        _ => Err(Error::usage(format!("{doing}: {} match", several.len()))
            .hint(format!("name one of them:\n  {}", several.join("\n  ")))),
    }
}

/// A selector and what stands behind its `#`: the name behind `/#` may have a `#` of its own, as may a stream.
fn cut(selector: &str) -> (&str, Option<&str>) {
    match selector.find("/#").and_then(|at| selector.split_at_checked(at + 1)) {
        Some((path, tail)) => (path, tail.strip_prefix('#')),
        None => selector.rsplit_once('#').map_or((selector, None), |(path, tail)| (path, Some(tail))),
    }
}

/// Whether a selector is whole. An empty part of it is then a name of its own, "for all", and not "any": otherwise
/// deleting the same thing again would hit the next that matches.
pub fn is_whole(target: &Selector) -> bool {
    target.id.as_deref().is_some_and(|id| cut(id).0.matches('/').count() >= 2)
}

/// The one thing that a selector means, of those that match it.
///
/// # Errors
/// As [`only_one`].
pub fn meant<T>(
    doing: &str,
    target: &Selector,
    wanted: &Place,
    mut found: Vec<T>,
    place: impl Fn(&T) -> &Place,
) -> Result<T, Error> {
    if is_whole(target) {
        found.retain(|thing| (&place(thing).app, &place(thing).stream) == (&wanted.app, &wanted.stream));
    }
    let typed = target.id.clone().unwrap_or_else(|| wanted.selector());
    only_one(&format!("{doing} `{typed}`"), found, |thing| place(thing).selector())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_keep_empty_parts() {
        let place = Place::parse("d.example.com//s1#hd");
        assert_eq!((place.app.clone(), place.tail.as_deref()), (None, Some("hd")));
        assert_eq!(place.selector(), "d.example.com//s1#hd");
        assert_eq!(Place::parse("d/a/s/with/slash").stream.as_deref(), Some("s/with/slash"));
        let preset = Place::parse("d/a/s#1#hd");
        assert_eq!((preset.stream.as_deref(), preset.tail.as_deref()), (Some("s#1"), Some("hd")));
        let rendition = Place::parse("d/a/#b#c/d");
        assert_eq!((rendition.stream.as_deref(), rendition.tail.as_deref()), (None, Some("b#c/d")));
        let whole = Place::parse("d/a/s#1").without_tail();
        assert_eq!((whole.stream.as_deref(), whole.tail.as_deref()), (Some("s#1"), None));
        let target = Selector { id: Some("d/a/s".into()), stream: Some("t".into()), ..Selector::default() };
        let error = Place::of(&target).unwrap_err();
        assert_eq!(error.details().faults.iter().map(|f| f.option.as_str()).collect::<Vec<_>>(), ["--stream"]);
    }

    #[test]
    fn one_thing_is_meant_or_the_choice_is_told() {
        assert_eq!(only_one("x", vec!["a"], |s| (*s).to_owned()), Ok("a"));
        assert_eq!(only_one("x", Vec::<&str>::new(), |s| (*s).to_owned()).unwrap_err().class(), Class::NotFound);
        let several = only_one("x", vec!["a", "b"], |s| (*s).to_owned()).unwrap_err();
        assert_eq!((several.class(), several.details().hints.len()), (Class::Usage, 1));
    }

    #[test]
    fn a_whole_selector_never_means_what_is_beside_it() {
        let all = ["d//", "d/live/#1", "d/live/s1#1", "d/live/s1#2", "d/other/s9#3"].map(Place::parse);
        for (typed, expected) in [
            ("d//", Ok("d//")),
            ("d/live/", Ok("d/live/#1")),
            ("d/live/s1#2", Ok("d/live/s1#2")),
            ("d/live/s1", Err(Class::Usage)),
            ("d/other/", Err(Class::NotFound)),
            ("d/other", Ok("d/other/s9#3")),
            ("d", Err(Class::Usage)),
            ("d/live", Err(Class::Usage)),
        ] {
            let target = Selector { id: Some(typed.to_owned()), ..Selector::default() };
            let wanted = Place::of(&target).unwrap();
            let found: Vec<Place> = all.iter().filter(|place| wanted.matches(place)).cloned().collect();
            let meant = meant("showing", &target, &wanted, found, |place| place);
            assert_eq!(
                meant.map(|place| place.selector()).map_err(|error| error.class()),
                expected.map(str::to_owned),
                "{typed}"
            );
        }
    }
}
