//! Enumerations that are stored and sent as their name.
//!
//! One list of names serves the database, JSON, the command line and the OpenAPI document.

/// A closed set of names: what a column or a JSON field may say.
pub trait TextEnum: Copy + Eq + 'static {
    /// Every value, in the order of its declaration.
    const ALL: &'static [Self];

    /// The name as stored and sent.
    fn as_str(self) -> &'static str;

    /// The value of that name, if there is one.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.as_str() == name)
    }
}

/// Declares an enum whose values are written as fixed names.
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $crate::text_enum::TextEnum for $name {
            const ALL: &'static [Self] = &[$(Self::$variant,)+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::text_enum::TextEnum::as_str(*self))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str($crate::text_enum::TextEnum::as_str(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let name = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                <Self as $crate::text_enum::TextEnum>::from_name(&name)
                    .ok_or_else(|| serde::de::Error::custom("not one of the known names"))
            }
        }
    };
}
pub(crate) use text_enum;
