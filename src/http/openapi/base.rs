//! What the document says before any route: what the API is, and the conventions it keeps.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder,
};

use super::policy::{self, PARTNER};

/// The name of the security scheme of users.
pub(super) const BEARER: &str = "bearer";

const DESCRIPTION: &str = "\
The books of a company's co-prosperity and ESG money: what was promised, paid in, budgeted, \
approved and paid, and what came of it.

**Money** is whole Korean won, as strings of digits. **Quantities** are decimal strings: weights \
with three places, measurements with those of their indicator. **Ratios** have four. **Dates** are days in Korea, **instants** RFC 3339 in UTC.

**Errors** are problems (RFC 9457) with a stable `code`; a 422 lists every wrong field at once. \
Titles and details are Korean or English by `Accept-Language`, codes never change; \
`/problems/{code}` explains each.

**Retry**: a POST that records something carries an `Idempotency-Key`. The same key with the same \
request gives the first answer again, byte for byte, marked `Idempotency-Replayed: true`; keys are \
kept for good, refusals are not. `?dry_run=true` runs everything and keeps nothing.

**Changes** are merge patches (RFC 7396) that name the `ETag` they were read with as `If-Match`. \
Reports carry an `ETag` and answer `If-None-Match` with 304.

**Lists** come in pages in a fixed total order: `limit`, `cursor`, `next_cursor`, and a `Link` to \
the next page.

Unknown fields and parameters are refused. Every response carries an `X-Request-Id`.";

/// Tags with what they are about, in the order they are shown.
const TAGS: [(&str, &str); 22] = [
    ("auth", "Signing in and out."),
    ("me", "One's own account."),
    ("users", "Who may sign in, and what they may do."),
    (
        "partners",
        "Organisations that write into the books, and their clients (파트너).",
    ),
    (
        "funds",
        "Money promised for a purpose over a period (기금).",
    ),
    ("programs", "What the money is spent on (사업)."),
    (
        "proposals",
        "What one person asked of a fund or a limit, until another agrees (기안).",
    ),
    ("settings", "Rules of the house."),
    ("organisations", "Recipients, partners and others outside."),
    ("beneficiaries", "Whom the money reaches (수혜자)."),
    (
        "disbursements",
        "Payments to beneficiaries, from submission to refund (지급).",
    ),
    ("donations", "Gifts to recipient organisations (기부)."),
    (
        "imports",
        "Files of many records, checked and recorded as a whole (대량 등록).",
    ),
    ("sales", "Goods sold for producers (판매)."),
    (
        "claims",
        "Numbers said in public, held against the books (공표 수치).",
    ),
    (
        "pledges",
        "What was promised in public, and what came of it (대외 약속).",
    ),
    (
        "indicators",
        "What is followed over time besides money (지표).",
    ),
    (
        "measurements",
        "What was measured of an indicator in a period (실적).",
    ),
    (
        "reports",
        "Figures that can be recomputed, each with its date.",
    ),
    ("exports", "Lists and reports as files (내보내기)."),
    (
        "events",
        "Who did what, and who tried to, for auditors (감사 기록).",
    ),
    (
        "service",
        "The server itself: health, this document, what problems mean.",
    ),
];

/// The document without its routes and without what they need.
pub(super) fn document() -> OpenApi {
    let license = LicenseBuilder::new()
        .name("MIT OR Apache-2.0")
        .identifier(Some("MIT OR Apache-2.0"))
        .build();
    let info = InfoBuilder::new()
        .title("sangsaeng")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(license));
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "The `access_token` of a sign-in, or of the company's identity provider.",
        ))
        .build();
    OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new()
            .url("/")
            .description(Some("This server."))
            .build()]))
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme(BEARER, SecurityScheme::Http(bearer))
                .security_scheme(PARTNER, policy::scheme())
                .build(),
        ))
        .tags(Some(TAGS.map(tag)))
        .build()
}

fn tag((name, description): (&str, &str)) -> Tag {
    TagBuilder::new()
        .name(name)
        .description(Some(description))
        .build()
}
