//! Comments at the head of the file belong to the file, not to what happens to stand below them.

use toml_edit::{Decor, DocumentMut, Item, RawString, Table};

/// Before a profile is removed: moves what stands above its own comment, a blank line apart, to what follows.
/// Only the first table can have such a head; further down it is as much the table's as anything.
pub(super) fn keep_above(document: &mut DocumentMut, profile: &str) {
    let root_is_empty = document.iter().all(|(_, item)| item.is_table());
    let Some(table) = profile_of(document, profile) else { return };
    let first = table.position();
    let head = head_of(&prefix(table.decor()));
    let is_first = root_is_empty && first.is_some() && first == first_position(document);
    if let (true, Some(head)) = (is_first, head) {
        prepend(document, &head, Some(profile));
    }
}

/// Before `default_profile` is removed: moves the comment above it to what follows.
pub(super) fn keep_above_default(document: &mut DocumentMut) {
    let Some(key) = document.key("default_profile") else { return };
    let comment = prefix(key.leaf_decor());
    if comment.trim().is_empty() {
        return;
    }
    document.remove("default_profile");
    prepend(document, &comment, None);
}

fn profile_of<'a>(document: &'a DocumentMut, profile: &str) -> Option<&'a Table> {
    document.get("profiles")?.get(profile)?.as_table()
}

fn first_position(document: &DocumentMut) -> Option<isize> {
    let tables = document.get("profiles").and_then(Item::as_table)?;
    tables.iter().filter_map(|(_, item)| item.as_table()?.position()).min()
}

fn prefix(decor: &Decor) -> String {
    decor.prefix().and_then(RawString::as_str).unwrap_or_default().to_owned()
}

/// The part of the comments that ends with the last blank line.
fn head_of(comments: &str) -> Option<String> {
    let end = comments.trim_end_matches('\n').rfind("\n\n")? + 2;
    Some(comments[..end].to_owned()).filter(|head| !head.trim().is_empty())
}

/// Puts text before the first thing of the document, other than the profile to be left out.
fn prepend(document: &mut DocumentMut, text: &str, without: Option<&str>) {
    let first_key = document.iter().find(|(_, item)| item.is_value()).map(|(name, _)| name.to_owned());
    if let Some(mut key) = first_key.and_then(|name| document.as_table_mut().key_mut(&name)) {
        let decor = key.leaf_decor_mut();
        let whole = format!("{text}{}", prefix(decor));
        decor.set_prefix(whole);
        return;
    }
    let tables = document.get_mut("profiles").and_then(Item::as_table_mut);
    let tables = tables.into_iter().flat_map(|profiles| profiles.iter_mut());
    let tables = tables.filter(|(name, _)| Some(name.get()) != without).filter_map(|(_, item)| item.as_table_mut());
    match tables.min_by_key(|table| table.position()) {
        Some(table) => {
            // A blank line keeps the head apart from the table's own comment, for the next time.
            let apart = if text.ends_with("\n\n") { "" } else { "\n" };
            let whole = format!("{text}{apart}{}", prefix(table.decor()).trim_start_matches('\n'));
            table.decor_mut().set_prefix(whole);
        }
        None => {
            let rest = document.trailing().as_str().unwrap_or_default().to_owned();
            document.set_trailing(format!("{text}{rest}"));
        }
    }
}
