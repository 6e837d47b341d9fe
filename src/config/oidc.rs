//! The settings of the company's identity provider: all that are needed, or none.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::ConfigError;
use crate::access::issuer::Provider;
use crate::access::issuer::jwks::Algorithm;
use crate::access::issuer::location::Location;
use crate::access::rights::Role;
use crate::text_enum::TextEnum;

/// The claim that says what somebody is, unless another one is named.
const ROLE_CLAIM: &str = "roles";

/// The most groups that may stand for roles.
const MAX_GROUPS: usize = 100;

/// These settings as they may stand in one source.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcSource {
    /// The `iss` of its tokens.
    pub issuer: Option<String>,
    /// The `aud` of those that are for us.
    pub audience: Option<String>,
    /// Where its keys are: a file, or an address.
    pub jwks: Option<String>,
    /// The authorities that may vouch for that address: a file of certificates as PEM.
    pub authorities: Option<PathBuf>,
    /// Names of algorithms with commas between them.
    pub algorithms: Option<String>,
    /// The claim that says what somebody is: its name, or a JSON pointer.
    pub role_claim: Option<String>,
    /// `group=role`, with commas between several.
    pub roles: Option<String>,
}

impl OidcSource {
    /// What the environment says.
    pub(super) fn environment(text: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            issuer: text("SANGSAENG_OIDC_ISSUER"),
            audience: text("SANGSAENG_OIDC_AUDIENCE"),
            jwks: text("SANGSAENG_OIDC_JWKS"),
            authorities: text("SANGSAENG_OIDC_AUTHORITIES").map(PathBuf::from),
            algorithms: text("SANGSAENG_OIDC_ALGORITHMS"),
            role_claim: text("SANGSAENG_OIDC_ROLE_CLAIM"),
            roles: text("SANGSAENG_OIDC_ROLES"),
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            issuer: self.issuer.or(other.issuer),
            audience: self.audience.or(other.audience),
            jwks: self.jwks.or(other.jwks),
            authorities: self.authorities.or(other.authorities),
            algorithms: self.algorithms.or(other.algorithms),
            role_claim: self.role_claim.or(other.role_claim),
            roles: self.roles.or(other.roles),
        }
    }

    /// The identity provider, where one was named.
    pub(super) fn settle(self) -> Result<Option<Provider>, ConfigError> {
        let needed = [&self.issuer, &self.audience, &self.jwks, &self.roles];
        let others = self.algorithms.is_some() || self.role_claim.is_some();
        if needed.iter().all(|one| one.is_none()) && !others && self.authorities.is_none() {
            return Ok(None);
        }
        Ok(Some(Provider {
            issuer: named("SANGSAENG_OIDC_ISSUER", self.issuer)?,
            audience: named("SANGSAENG_OIDC_AUDIENCE", self.audience)?,
            jwks: location(self.jwks, self.authorities)?,
            algorithms: algorithms(self.algorithms)?,
            role_claim: self.role_claim.unwrap_or_else(|| ROLE_CLAIM.to_owned()),
            roles: roles(self.roles)?,
        }))
    }
}

/// A text that has to be there.
fn named(setting: &'static str, value: Option<String>) -> Result<String, ConfigError> {
    let value = value.unwrap_or_default();
    if value.trim().is_empty() {
        return Err(ConfigError {
            setting,
            value,
            wanted: "what tokens of the identity provider say, since another of its settings is \
                     there",
            wanted_ko: "다른 OIDC 설정이 있으므로 신원 제공자의 토큰에 적히는 값",
        });
    }
    Ok(value)
}

fn location(value: Option<String>, authorities: Option<PathBuf>) -> Result<Location, ConfigError> {
    let value = value.unwrap_or_default();
    Location::parse(&value, authorities).ok_or(ConfigError {
        setting: "SANGSAENG_OIDC_JWKS",
        value,
        wanted: "a file, an https:// address (in a build with the feature https), or an http:// \
                 address of this machine",
        wanted_ko: "파일, https:// 주소(https 기능이 있는 빌드) 또는 이 기기의 http:// 주소",
    })
}

fn algorithms(value: Option<String>) -> Result<Vec<Algorithm>, ConfigError> {
    let Some(value) = value else {
        return Ok(Algorithm::ALL.to_vec());
    };
    let named = value
        .split(',')
        .map(|name| Algorithm::from_name(name.trim()));
    let named: Option<Vec<Algorithm>> = named.collect();
    named.ok_or(ConfigError {
        setting: "SANGSAENG_OIDC_ALGORITHMS",
        value,
        wanted: "some of RS256,ES256,EdDSA: no other is safe with keys that are public",
        wanted_ko: "RS256,ES256,EdDSA 중 일부(공개 키에는 다른 알고리즘이 안전하지 않음)",
    })
}

/// The roles that groups stand for: roles of people of the house.
fn roles(value: Option<String>) -> Result<BTreeMap<String, Role>, ConfigError> {
    let value = value.unwrap_or_default();
    let one = |pair: &str| {
        let (group, role) = pair.rsplit_once('=')?;
        let role = Role::from_name(role.trim()).filter(|role| *role != Role::Partner)?;
        let group = group.trim();
        (!group.is_empty()).then(|| (group.to_owned(), role))
    };
    let read: Option<Vec<(String, Role)>> = value.split(',').map(one).collect();
    let count = read.as_ref().map_or(0, Vec::len);
    let roles: BTreeMap<String, Role> = read.into_iter().flatten().collect();
    if roles.len() != count || !(1..=MAX_GROUPS).contains(&count) {
        return Err(ConfigError {
            setting: "SANGSAENG_OIDC_ROLES",
            value,
            wanted: "GROUP=ROLE,GROUP=ROLE with each group once and roles of people, such as \
                     esg-team=officer",
            wanted_ko: "그룹=역할,그룹=역할(그룹은 한 번씩, 사람의 역할만. 예: esg-team=officer)",
        });
    }
    Ok(roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> OidcSource {
        let text = |text: &str| Some(text.to_owned());
        OidcSource {
            issuer: text("https://idp.example"),
            audience: text("sangsaeng"),
            jwks: text("idp.json"),
            roles: text("esg=officer, cn=boss=approver"),
            ..OidcSource::default()
        }
    }

    fn fault(change: impl Fn(&mut OidcSource)) -> &'static str {
        let mut source = whole();
        change(&mut source);
        source.settle().unwrap_err().setting
    }

    #[test]
    fn a_provider_is_named_whole_or_not_at_all() {
        assert_eq!(OidcSource::default().settle(), Ok(None));
        let mut source = whole();
        source.roles = Some("esg=officer,auditors=auditor".to_owned());
        let provider = source.settle().unwrap().unwrap();
        assert_eq!(provider.role_claim, "roles");
        assert_eq!(provider.algorithms, Algorithm::ALL);
        assert_eq!(provider.roles["auditors"], Role::Auditor);
        assert_eq!(fault(|it| it.issuer = None), "SANGSAENG_OIDC_ISSUER");
        assert_eq!(
            fault(|it| it.audience = Some(" ".to_owned())),
            "SANGSAENG_OIDC_AUDIENCE"
        );
        assert_eq!(fault(|it| it.jwks = None), "SANGSAENG_OIDC_JWKS");
        assert_eq!(fault(|it| it.roles = None), "SANGSAENG_OIDC_ROLES");
    }

    #[test]
    fn what_is_not_safe_is_no_setting() {
        for algorithms in ["", "HS256", "none", "RS256,HS256", "rs256", "PS256"] {
            let named = fault(|it| it.algorithms = Some(algorithms.to_owned()));
            assert_eq!(named, "SANGSAENG_OIDC_ALGORITHMS", "{algorithms}");
        }
        for jwks in ["", "http://idp.example/keys", "ftp://127.0.0.1/keys"] {
            let named = fault(|it| it.jwks = Some(jwks.to_owned()));
            assert_eq!(named, "SANGSAENG_OIDC_JWKS", "{jwks}");
        }
        let roles = [
            "",
            "esg",
            "esg=",
            "=officer",
            "esg=boss",
            "esg=partner",
            "esg=officer,",
            "esg=officer,esg=admin",
        ];
        for roles in roles {
            let named = fault(|it| it.roles = Some(roles.to_owned()));
            assert_eq!(named, "SANGSAENG_OIDC_ROLES", "{roles}");
        }
    }
}
