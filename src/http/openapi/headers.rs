//! Headers that operations take and give, described once.

use serde_json::{Value, json};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Required};

use crate::exports::format::ExportFormat;
use crate::text_enum::TextEnum;

fn text(example: Value) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .examples([example])
}

/// A header that may be left out.
fn may(name: &str, about: &str, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .description(Some(about))
        .required(Required::False)
        .schema(Some(schema))
        .build()
}

/// A header that has to be there.
fn must(name: &str, about: &str, schema: ObjectBuilder) -> Parameter {
    let mut parameter = may(name, about, schema);
    parameter.required = Required::True;
    parameter
}

/// Parameters that operations share, by the name of their component.
pub(super) fn parameters() -> Vec<(&'static str, Parameter)> {
    let known = text(json!("\"0a1b\""));
    let id = text(json!("import-42.7"));
    let if_match = "If-Match";
    vec![
        ("IdempotencyKey", idempotency_key()),
        ("DryRun", dry_run()),
        (
            "IfMatch",
            must(if_match, "The `ETag` that was read.", etag()),
        ),
        (
            "ExpectedIfMatch",
            may(
                if_match,
                "The `ETag` that was read, to be sure of it.",
                etag(),
            ),
        ),
        (
            "IfNoneMatch",
            may("If-None-Match", "An `ETag` that is known.", known),
        ),
        ("Format", format()),
        (
            "Lang",
            in_query(
                "lang",
                "The language of the headers of a file: that of `Accept-Language` where it is not given.",
                text(json!("ko")).enum_values(Some(["ko", "en"])),
            ),
        ),
        (
            "Bom",
            in_query(
                "bom",
                "Whether CSV begins with a byte order mark, as some spreadsheets need.",
                truth(),
            ),
        ),
        (
            "Table",
            in_query(
                "table",
                "Which table of it, with `format`; the first where none is named.",
                text(json!("records")).max_length(Some(40)),
            ),
        ),
        (
            "AcceptLanguage",
            may("Accept-Language", "`ko` or `en`.", text(json!("ko"))),
        ),
        (
            "RequestId",
            may(
                "X-Request-Id",
                "Names the request: 1 to 64 of A-Z a-z 0-9 . _ -. Any other is replaced by a new one.",
                id,
            ),
        ),
    ]
}

fn etag() -> ObjectBuilder {
    text(json!("\"1\"")).pattern(Some("^\"[1-9][0-9]{0,8}\"$"))
}

fn idempotency_key() -> Parameter {
    let about = "A new value for each new thing, the same one for a retry: 1 to 255 visible ASCII \
        characters, in quotes or bare. Not needed for a dry run.";
    let schema = text(json!("\"8e03978e-40d5-43dd-bc93-6894a57f9324\""))
        .pattern(Some("^(?:\"[!#-\\[\\]-~]{1,255}\"|[!#-~][!-~]{0,254})$"));
    must("Idempotency-Key", about, schema)
}

fn in_query(name: &str, about: &str, schema: ObjectBuilder) -> Parameter {
    let mut parameter = may(name, about, schema);
    parameter.parameter_in = ParameterIn::Query;
    parameter
}

fn truth() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .default(Some(json!(false)))
}

fn format() -> Parameter {
    let names = ExportFormat::ALL.iter().map(|format| format.as_str());
    let about = "All of it as a file of that format, at most 10,000 rows; `Accept` may name its \
        media type instead. Longer ones: `POST /v1/exports`.";
    in_query("format", about, text(json!("csv")).enum_values(Some(names)))
}

fn dry_run() -> Parameter {
    let about = "Whether everything is run and nothing kept; the answer is then 200 with what \
        would be and `\"dry_run\": true`.";
    in_query("dry_run", about, truth())
}

fn header(about: &str, example: Value) -> Header {
    HeaderBuilder::new()
        .description(Some(about))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .example(Some(example))
        .build()
}

/// The header of that name, as an answer refers to it.
pub(super) fn header_named(name: &str) -> (String, RefOr<Header>) {
    (
        name.to_owned(),
        RefOr::Ref(Ref::new(format!("#/components/headers/{name}"))),
    )
}

/// Headers that answers share, by their names.
pub(super) fn headers() -> Vec<(&'static str, Header)> {
    vec![
        (
            "X-Request-Id",
            header("Names the request.", json!("import-42.7")),
        ),
        (
            "Location",
            header("Where the new thing is.", json!("/v1/funds/co-prosperity")),
        ),
        (
            "ETag",
            header(
                "The version, for `If-Match` or `If-None-Match`.",
                json!("\"1\""),
            ),
        ),
        (
            "Idempotency-Replayed",
            header(
                "`true` where it is the first answer given again.",
                json!("true"),
            ),
        ),
        (
            "Link",
            header(
                "The next page.",
                json!("</v1/funds?limit=50&cursor=AbC>; rel=\"next\""),
            ),
        ),
        ("Retry-After", header("Seconds to wait.", json!("1"))),
        (
            "WWW-Authenticate",
            header("How to sign in.", json!("Bearer realm=\"sangsaeng\"")),
        ),
        ("Content-Language", header("`ko` or `en`.", json!("en"))),
    ]
}
