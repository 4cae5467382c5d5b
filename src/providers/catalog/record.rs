//! The compiled form of the facts, shared by `build.rs` (which writes it) and the program (which reads it).
//! `stored!` names the members in the order in which they are stored; each side has its own.

use super::stored;

/// All about one Action, as its fact sheet tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Action<'a> {
    /// The Action's own name.
    pub name: &'a str,
    /// The reference's section.
    pub group: &'a str,
    /// Whether it is in the API reference, not only in the SDK.
    pub documented: bool,
    /// `GET` or `POST`.
    pub method: &'a str,
    /// `json`, `query` or `form`.
    pub params_in: &'a str,
    /// `read`, `create`, `update`, `delete` or `control`.
    pub effect: &'a str,
    /// Documented limit per account; `None`: not stated.
    pub rate_limit_per_second: Option<f64>,
    /// One line.
    pub summary: &'a str,
    /// Parameters, those that only the current SDK knows at the end.
    pub params: Vec<Param<'a>>,
    /// How it pages.
    pub pagination: Option<Pagination<'a>>,
    /// Members of the answer.
    pub response: Vec<Field<'a>>,
    /// Codes that the reference lists.
    pub errors: Vec<&'a str>,
    /// Where the Action exists only in some regions, or needs one: these.
    pub regions: Vec<&'a str>,
}
stored!(Action: name, group, documented, method, params_in, effect, rate_limit_per_second, summary, params, pagination, response, errors, regions);

/// One parameter of an Action, or one member of a request type.
#[derive(Debug, Clone, PartialEq)]
pub struct Param<'a> {
    /// Name on the wire.
    pub name: &'a str,
    /// `string`, `integer`, `float`, `boolean`, `datetime`, `any`, `array<X>` or `object<T>`.
    pub kind: &'a str,
    /// Whether the vendor requires it.
    pub required: bool,
    /// Allowed values as texts, where the sheet lists them.
    pub allowed: Vec<&'a str>,
    /// Value and what it means.
    pub meanings: Vec<(&'a str, &'a str)>,
    /// Smallest number.
    pub min: Option<f64>,
    /// Largest number.
    pub max: Option<f64>,
    /// Shortest text, in characters.
    pub min_length: Option<u32>,
    /// Longest text, in characters.
    pub max_length: Option<u32>,
    /// Default as text.
    pub default: Option<&'a str>,
    /// `unix-seconds`, `iso8601-utc`, `json`, `csv`, …
    pub format: Option<&'a str>,
    /// One line.
    pub summary: &'a str,
    /// Known from the vendor's current SDK only.
    pub sdk_only: bool,
}
stored!(Param: name, kind, required, allowed, meanings, min, max, min_length, max_length, default, format, summary, sdk_only);

/// How an Action pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Pagination<'a> {
    /// `page`, `offset` or `cursor`.
    pub style: &'a str,
    /// Parameter that chooses the page.
    pub page_param: &'a str,
    /// Parameter that chooses its size.
    pub size_param: Option<&'a str>,
    /// Largest page.
    pub size_max: Option<u32>,
    /// Page size when none is asked for.
    pub size_default: Option<u32>,
    /// Dotted path of the total in the result.
    pub total_field: Option<&'a str>,
    /// Dotted path of the items in the result.
    pub items_field: Option<&'a str>,
}
stored!(Pagination: style, page_param, size_param, size_max, size_default, total_field, items_field);

/// One member of an answer, or of a type.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<'a> {
    /// Name on the wire.
    pub name: &'a str,
    /// As [`Param::kind`].
    pub kind: &'a str,
    /// One line; empty where the sheet has none.
    pub summary: &'a str,
}
stored!(Field: name, kind, summary);

/// What the sheets say of one error code.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorFact<'a> {
    /// The vendor's code.
    pub code: &'a str,
    /// `auth`, `denied`, `invalid`, `unsupported`, `not-found`, `conflict`, `throttle`, `quota`, `server`.
    pub class: &'a str,
    /// HTTP status it comes with, where known.
    pub http: Option<u16>,
    /// Whether the sheet says that repeating may help.
    pub retryable: Option<bool>,
}
stored!(ErrorFact: code, class, http, retryable);

/// The reference's own example of one Action, as JSON texts; empty where it has none.
#[derive(Debug, Clone, PartialEq)]
pub struct Example<'a> {
    /// Parsed parameters.
    pub request: &'a str,
    /// The whole body.
    pub response: &'a str,
}
stored!(Example: request, response);
