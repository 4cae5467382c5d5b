//! Name-value pairs of queries and forms, and the nesting that dotted names stand for.

use std::collections::BTreeMap;

use crate::sign::Received;

/// How deep dotted names may nest; the deepest of the sheets have six steps.
const DEEPEST: usize = 16;

/// Decoded pairs of a request: query first, then form body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Reads query and form body; a body that is no form is left out, and so is what cannot be decoded: neither
    /// can be signed, so nothing of it is believed.
    pub(super) fn of(received: &Received<'_>) -> Self {
        Pairs(received.parameters().or_else(|_| received.query()).unwrap_or_default())
    }

    /// The first value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All pairs, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Whether the body is a form.
pub(super) fn is_form(received: &Received<'_>) -> bool {
    let media = received.header("content-type").unwrap_or_default().to_ascii_lowercase();
    media.starts_with("application/x-www-form-urlencoded")
}

/// A value that is not typed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A text.
    Leaf(String),
    /// What stood behind a dot, by its step.
    Branch(BTreeMap<String, Node>),
}

/// Builds the nesting that names such as `Tag.1.Key` stand for.
///
/// # Errors
/// The name that nests too deeply, or that is both a value and a branch.
pub(super) fn nest<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<BTreeMap<String, Node>, String> {
    let mut root = BTreeMap::new();
    for (name, value) in pairs {
        let steps: Vec<&str> = name.split('.').collect();
        let placed = steps.len() <= DEEPEST && place(&mut root, &steps, value);
        if !placed {
            return Err(name.to_owned());
        }
    }
    Ok(root)
}

fn place(branch: &mut BTreeMap<String, Node>, steps: &[&str], value: &str) -> bool {
    let [step, rest @ ..] = steps else { return false };
    if rest.is_empty() {
        return branch.insert((*step).to_owned(), Node::Leaf(value.to_owned())).is_none();
    }
    match branch.entry((*step).to_owned()).or_insert_with(|| Node::Branch(BTreeMap::new())) {
        Node::Branch(inner) => place(inner, rest, value),
        Node::Leaf(_) => false,
    }
}

/// The values of numbered steps in their order, whatever number they begin with.
pub(super) fn numbered(branch: BTreeMap<String, Node>) -> Result<Vec<Node>, String> {
    let mut items = Vec::with_capacity(branch.len());
    for (step, node) in branch {
        let number: u32 = step.parse().map_err(|_| step)?;
        items.push((number, node));
    }
    items.sort_by_key(|(number, _)| *number);
    Ok(items.into_iter().map(|(_, node)| node).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_names_nest_and_contradictions_are_told() {
        let tree = nest([("T.2.K", "b"), ("T.1.K", "a"), ("T.10.K", "c")].into_iter()).unwrap();
        let Some(Node::Branch(items)) = tree.get("T").cloned() else { panic!("a branch") };
        let keys: Vec<Node> = numbered(items).unwrap();
        let leaf = |text: &str| Node::Branch([("K".to_owned(), Node::Leaf(text.to_owned()))].into());
        assert_eq!(keys, [leaf("a"), leaf("b"), leaf("c")]);
        let deep = "a.".repeat(40_000);
        for pairs in [
            vec![("a", "1"), ("a.b", "2")],
            vec![("a.b", "1"), ("a", "2")],
            vec![("a", "1"), ("a", "2")],
            vec![(deep.as_str(), "1")],
        ] {
            assert!(nest(pairs.into_iter()).is_err());
        }
    }
}
