//! `livectl callback decode`.

#![allow(missing_docs, reason = "clap would take the doc comment of an argument group for its command's help")]

use clap::Args;

pub(super) const DECODE_EXAMPLES: &str = "Examples:\n  \
    livectl callback decode \\\n    '/?action=publish&app=push.example.com&appname=live&id=s1'\n  \
    livectl callback decode @body.json --vendor tencent\n  \
    livectl callback decode < callbacks.ndjson -o ndjson\n\n\
    The vendor is recognised by the fields; --vendor says it where they leave it open. Signatures are masked, \
    --reveal shows them; --raw prints the fields as they came.";

// What to decode.
#[derive(Debug, Args)]
pub struct DecodeCallback {
    /// An address with its query, a JSON or form body, @FILE, or - for stdin; stdin where it is left out.
    pub input: Option<String>,
}
