//! What the command line says to people, in Korean or English, never mixed.

use sangsaeng::config::Lang;

/// A message in both languages.
#[derive(Debug, Clone)]
pub struct Said {
    en: String,
    ko: String,
}

impl Said {
    /// The message in one language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Ko => &self.ko,
        }
    }
}

/// Says the same in both languages.
pub fn said(en: impl Into<String>, ko: impl Into<String>) -> Said {
    Said {
        en: en.into(),
        ko: ko.into(),
    }
}

/// Why a command did not do what it should, and what to do next.
#[derive(Debug)]
pub struct Failed {
    /// The process's exit code.
    pub code: u8,
    /// What happened and what to do next.
    pub said: Said,
}

/// The command failed.
pub const FAILED: u8 = 1;
/// The command line or a setting is wrong.
pub const WRONG: u8 = 2;
/// The books do not agree with themselves.
pub const DIFFERS: u8 = 3;

/// A failure with what to do next.
pub fn failed(en: impl Into<String>, ko: impl Into<String>) -> Failed {
    Failed {
        code: FAILED,
        said: said(en, ko),
    }
}

/// A wrong command line or setting, with what it should be.
pub fn wrong(en: impl Into<String>, ko: impl Into<String>) -> Failed {
    Failed {
        code: WRONG,
        said: said(en, ko),
    }
}
