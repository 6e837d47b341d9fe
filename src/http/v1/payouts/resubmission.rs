//! The changed fields of a record that is handed in again, with the day on which it is.

use std::borrow::Cow;

use chrono::NaiveDate;
use deserr::{Deserr, IntoValue, Map, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Ref, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::http::wire::{Day, Faults};

/// The member that a resubmission has beside the changes.
const DAY: &str = "effective_on";

/// Changes `T`, whose name ends in `Changes`, and the value date of the resubmission.
#[derive(Debug)]
pub struct Resubmission<T> {
    /// When; today by default.
    pub effective_on: Option<NaiveDate>,
    /// What is changed.
    pub changes: T,
}

impl<T: Deserr<Faults>> Deserr<Faults> for Resubmission<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let Value::Map(mut members) = value else {
            return Err(Faults::one(at, "wrong_type"));
        };
        let day = match members.remove(DAY).map(IntoValue::into_value) {
            None | Some(Value::Null) => Ok(None),
            Some(day) => Day::deserialize_from_value(day, at.push_key(DAY)).map(Some),
        };
        let changes = T::deserialize_from_value(Value::Map::<V>(members), at);
        match (day, changes) {
            (Ok(day), Ok(changes)) => Ok(Self {
                effective_on: day.map(|day| day.0),
                changes,
            }),
            (Err(mut faults), Err(more)) => {
                faults.append(more);
                Err(faults)
            }
            (Err(faults), Ok(_)) | (Ok(_), Err(faults)) => Err(faults),
        }
    }
}

impl<T: ToSchema> PartialSchema for Resubmission<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            let day = RefOr::Ref(Ref::from_schema_name(Day::name()));
            object.properties.insert(DAY.to_owned(), day);
        }
        schema
    }
}

impl<T: ToSchema> ToSchema for Resubmission<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(T::name().replace("Changes", "Resubmission"))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Day::name().into_owned(), Day::schema()));
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::json::Json;
    use crate::http::wire::Text;

    #[derive(Debug, Deserr)]
    #[deserr(error = Faults, deny_unknown_fields)]
    struct Purpose {
        #[deserr(default)]
        purpose: Option<Text<10>>,
    }

    fn read(body: &str) -> Result<Resubmission<Purpose>, Vec<(String, &'static str)>> {
        deserr::deserialize(Json::parse(body.as_bytes()).unwrap()).map_err(|faults: Faults| {
            faults
                .into_vec()
                .into_iter()
                .map(|fault| (fault.field, fault.code))
                .collect()
        })
    }

    #[test]
    fn the_day_stands_beside_the_changes() {
        let read = read(r#"{"effective_on":"2022-09-06","purpose":"x"}"#).unwrap();
        assert_eq!(read.effective_on, NaiveDate::from_ymd_opt(2022, 9, 6));
        assert_eq!(read.changes.purpose.unwrap().0, "x");
    }

    #[test]
    fn what_is_wrong_with_either_is_told_at_once() {
        let wrong = read(r#"{"effective_on":"today","purpose":1,"amount":"1"}"#).unwrap_err();
        let mut fields: Vec<_> = wrong.iter().map(|(field, _)| field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["/amount", "/effective_on", "/purpose"]);
    }
}
