//! What follows from the shape of an operation: its method, its path, and what it takes.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Content, HttpMethod, Ref, RefOr, Required, Response};

use super::examples::{self, Schemas};
use super::headers::header_named;
use super::policy;
use super::responses::SHARED;
use crate::exports::format::ExportFormat;
use crate::http::v1::exports::sources::{EXPORTABLE, Exportable};
use crate::http::wire::codes::CODE_PATTERN;
use crate::text_enum::TextEnum;

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";

/// Paths under which a POST records nothing in the books.
const UNRECORDED: [&str; 3] = ["/v1/auth/", "/v1/me/", "/v1/oauth/"];

/// Operations whose wrong tries are counted.
const COUNTED: [&str; 3] = ["/v1/auth/login", "/v1/me/password", "/v1/oauth/token"];

/// Parameters of paths that hold a code; all others hold an opaque id.
const CODES: [&str; 5] = ["fund", "program", "organisation", "indicator", "partner"];

/// Parameters of paths that hold a number.
const NUMBERS: [&str; 1] = ["number"];

/// An operation with all that its shape depends on.
pub(super) struct Shape<'a> {
    pub(super) path: &'a str,
    pub(super) method: HttpMethod,
    pub(super) operation: &'a mut Operation,
}

impl Shape<'_> {
    /// Adds all of it.
    pub(super) fn finish(&mut self, schemas: &Schemas) {
        self.secure();
        self.add_parameters();
        self.add_merge_patch();
        self.add_headers();
        self.add_dry_run();
        self.add_problems();
        self.add_not_modified();
        self.add_examples(schemas);
        self.add_formats();
    }

    fn records(&self) -> bool {
        self.method == HttpMethod::Post
            && self.path.starts_with("/v1/")
            && !UNRECORDED
                .iter()
                .any(|prefix| self.path.starts_with(prefix))
    }

    fn is_report(&self) -> bool {
        self.method == HttpMethod::Get && self.path.starts_with("/v1/reports/")
    }

    /// Whether it can be had as a file.
    fn is_exportable(&self) -> bool {
        let listed = |known: &Exportable| known.path == self.path;
        self.method == HttpMethod::Get && EXPORTABLE.iter().any(listed)
    }

    /// Whoever does something to a record may name what was read.
    fn may_expect(&self) -> bool {
        let mut below_noun = self
            .path
            .split('/')
            .skip(3)
            .skip_while(|part| *part == "statements");
        self.method == HttpMethod::Post && below_noun.next() == Some("{id}")
    }

    fn has_body(&self) -> bool {
        self.operation.request_body.is_some()
    }

    fn has_query(&self) -> bool {
        self.parameters()
            .any(|parameter| parameter.parameter_in == ParameterIn::Query)
    }

    fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.operation
            .parameters
            .iter()
            .flatten()
            .filter_map(|parameter| match parameter {
                RefOr::T(parameter) => Some(parameter),
                RefOr::Ref(_) => None,
            })
    }

    /// An operation that needs a right needs a token.
    fn secure(&mut self) {
        let right = policy::of(self.operation);
        self.operation.security = Some(right.map_or_else(Vec::new, policy::accepted));
    }

    /// Path parameters that are not described, and the headers that the operation takes.
    fn add_parameters(&mut self) {
        let mut added: Vec<RefOr<Parameter>> = Vec::new();
        for name in self.path.split('/').filter_map(parameter_name) {
            if !self.parameters().any(|known| known.name == name) {
                added.push(RefOr::T(path_parameter(name)));
            }
        }
        let mut shared = Vec::new();
        if self.records() {
            shared.extend(["IdempotencyKey", "DryRun"]);
        }
        if self.method == HttpMethod::Patch {
            shared.push("IfMatch");
        }
        if self.may_expect() {
            shared.push("ExpectedIfMatch");
        }
        if self.is_report() {
            shared.push("IfNoneMatch");
        }
        if self.is_exportable() {
            shared.extend(["Format", "Lang", "Bom", "Table"]);
        }
        shared.extend(["AcceptLanguage", "RequestId"]);
        added.extend(
            shared
                .into_iter()
                .map(|name| RefOr::Ref(Ref::new(format!("#/components/parameters/{name}")))),
        );
        self.operation
            .parameters
            .get_or_insert_default()
            .extend(added);
    }

    /// What can be had as a file is so in each format.
    fn add_formats(&mut self) {
        if !self.is_exportable() {
            return;
        }
        if let Some(RefOr::T(answer)) = self.operation.responses.responses.get_mut("200") {
            for format in ExportFormat::ALL {
                let bytes = ObjectBuilder::new().schema_type(Type::String);
                let mut content = Content::new(Some(bytes));
                content.example = Some("(the file)".into());
                let media = format.media().to_owned();
                answer.content.insert(media, RefOr::T(content));
            }
        }
    }

    /// A PATCH takes its body as a merge patch too.
    fn add_merge_patch(&mut self) {
        if self.method != HttpMethod::Patch {
            return;
        }
        if let Some(RefOr::T(body)) = &mut self.operation.request_body
            && let Some(content) = body.content.get(JSON).cloned()
        {
            body.content.insert(MERGE_PATCH.to_owned(), content);
        }
    }

    /// A recording POST answers a dry run with 200 and what would be.
    fn add_dry_run(&mut self) {
        if !self.records() || self.operation.responses.responses.contains_key("200") {
            return;
        }
        let responses = &self.operation.responses.responses;
        let made = responses.get("201").or_else(|| responses.get("202"));
        let waits = responses
            .get("202")
            .filter(|_| responses.contains_key("201"));
        let waits = waits.and_then(|answer| schema_of(answer, JSON));
        let Some(RefOr::T(made)) = made else {
            return;
        };
        let mut would_be = made.clone();
        would_be.description = "A dry run: what would be made.".to_owned();
        would_be.headers.retain(|name, _| name == "X-Request-Id");
        for content in would_be.content.values_mut() {
            if let RefOr::T(content) = content {
                let made = content.schema.take();
                let either = |made| {
                    let waits = waits.iter().cloned().map(with_dry_run);
                    waits.fold(with_dry_run(made), one_of_both)
                };
                content.schema = made.map(either);
            }
        }
        self.operation
            .responses
            .responses
            .insert("200".to_owned(), RefOr::T(would_be));
    }

    fn add_problems(&mut self) {
        let patches = self.method == HttpMethod::Patch;
        let public = self.operation.security.as_ref().is_some_and(Vec::is_empty);
        let served = self.path.starts_with("/v1/") || self.path == "/readyz";
        for shared in &SHARED {
            let comes = match shared.status {
                "401" => !public || self.path.starts_with("/v1/auth/"),
                "403" => !public,
                "404" => self.path.contains('{'),
                "408" | "413" | "415" => self.has_body(),
                "409" => self.records() || patches || self.is_exportable(),
                "412" => patches || self.may_expect(),
                "428" => patches,
                "429" => COUNTED.contains(&self.path),
                "422" => self.has_body() || self.has_query() || self.records() || patches,
                "503" => served,
                _ => true,
            };
            if comes {
                let reference = Ref::from_response_name(shared.name);
                let responses = &mut self.operation.responses.responses;
                responses
                    .entry(shared.status.to_owned())
                    .or_insert(RefOr::Ref(reference));
            }
        }
    }

    fn add_not_modified(&mut self) {
        if self.is_report() {
            let known = Response::new("The reader has it already.");
            self.operation
                .responses
                .responses
                .insert("304".to_owned(), RefOr::T(known));
        }
    }

    fn add_headers(&mut self) {
        let one_thing = self.method == HttpMethod::Get
            && (self.path.ends_with('}') || self.path == "/v1/settings");
        let versioned = self.method == HttpMethod::Patch || self.is_report() || self.records();
        let api = self.path.starts_with("/v1/");
        let paged = self
            .parameters()
            .any(|parameter| parameter.name == "cursor");
        let records = self.records();
        for (status, response) in &mut self.operation.responses.responses {
            let RefOr::T(response) = response else {
                continue;
            };
            let wanted = [
                ("X-Request-Id", true),
                ("Location", matches!(status.as_str(), "201" | "202")),
                ("ETag", api && status != "204" && (one_thing || versioned)),
                ("Idempotency-Replayed", records),
                ("Link", paged),
            ];
            for (name, _) in wanted.iter().filter(|(_, wanted)| *wanted) {
                response.headers.extend([header_named(name)]);
            }
        }
    }

    fn add_examples(&mut self, schemas: &Schemas) {
        if let Some(RefOr::T(body)) = &mut self.operation.request_body {
            body.content
                .values_mut()
                .for_each(|content| exemplify(content, schemas));
        }
        for response in self.operation.responses.responses.values_mut() {
            if let RefOr::T(response) = response {
                response
                    .content
                    .values_mut()
                    .for_each(|content| exemplify(content, schemas));
            }
        }
    }
}

fn exemplify(content: &mut RefOr<Content>, schemas: &Schemas) {
    if let RefOr::T(content) = content
        && content.example.is_none()
        && content.examples.is_empty()
    {
        content.example = content
            .schema
            .as_ref()
            .and_then(|schema| examples::of(schema, schemas));
    }
}

/// The name of a `{parameter}` of a path.
fn parameter_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn path_parameter(name: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let (about, schema) = if CODES.contains(&name) {
        (
            format!("The code of the {name}."),
            text.pattern(Some(CODE_PATTERN)),
        )
    } else if NUMBERS.contains(&name) {
        let whole = ObjectBuilder::new().schema_type(Type::Integer);
        (format!("The {name}."), whole.minimum(Some(1)))
    } else {
        (
            format!("The {name}."),
            text.min_length(Some(1)).max_length(Some(64)),
        )
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(about))
        .schema(Some(schema))
        .build()
}

/// The schema of an answer of that media type.
fn schema_of(answer: &RefOr<Response>, media: &str) -> Option<RefOr<Schema>> {
    let RefOr::T(answer) = answer else {
        return None;
    };
    match answer.content.get(media)? {
        RefOr::T(content) => content.schema.clone(),
        RefOr::Ref(_) => None,
    }
}

/// What is made at once, or what waits for somebody else.
fn one_of_both(made: RefOr<Schema>, waits: RefOr<Schema>) -> RefOr<Schema> {
    OneOfBuilder::new().item(made).item(waits).into()
}

fn with_dry_run(schema: RefOr<Schema>) -> RefOr<Schema> {
    let marked = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property(
            "dry_run",
            ObjectBuilder::new()
                .schema_type(Type::Boolean)
                .enum_values(Some([true])),
        )
        .required("dry_run");
    AllOfBuilder::new().item(schema).item(marked).into()
}
