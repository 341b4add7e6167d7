//! A profile: a name, an API address, its flags, and the place of its key in the keyring.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Suspensions;
use crate::domain::ApiUrl;
use crate::insight::{Targets, ToldFindings};

/// The service name of every entry this app makes in the keyring.
pub const SERVICE_NAME: &str = "SkyBackup";

/// Names one profile for good, also after it was renamed. Letters, digits and hyphens.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProfileId(String);

impl ProfileId {
    /// The embedded demo. No profile of a user gets this id: theirs hold no `#`.
    #[must_use]
    pub fn demo() -> Self {
        Self("#demo".to_owned())
    }

    /// The key of the environment; no profile of a user gets this id either.
    #[must_use]
    pub fn environment() -> Self {
        Self("#environment".to_owned())
    }

    /// Takes an id as it is in the settings file.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A new id made from the profile's name and this moment, which no profile of another window has either: `"Production EU"` gives
    /// `production-eu-19fbd3c1a20`.
    #[must_use]
    pub fn fresh(name: &str, now: Timestamp) -> Self {
        let mut slug = String::new();
        for c in name.chars().take(60) {
            if c.is_ascii_alphanumeric() {
                slug.push(c.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        let slug = if slug.is_empty() { "profile" } else { slug };
        Self(format!("{slug}-{:x}", now.as_millisecond()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The colour a user gave a profile, by a name that the theme turns into a colour of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileColor {
    /// No colour.
    #[default]
    None,
    /// Red.
    Red,
    /// Amber.
    Amber,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
}

impl ProfileColor {
    /// Every choice, in the order shown.
    pub const ALL: [Self; 6] = [Self::None, Self::Red, Self::Amber, Self::Green, Self::Blue, Self::Violet];

    /// The word on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "No colour",
            Self::Red => "Red",
            Self::Amber => "Amber",
            Self::Green => "Green",
            Self::Blue => "Blue",
            Self::Violet => "Violet",
        }
    }
}

/// What keeps a user from mistaking one profile for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileFlags {
    /// Shown as a stripe wherever something can be changed.
    #[serde(rename = "colour")]
    pub color: ProfileColor,
    /// Shown as PROD, and makes deleting ask for a typed name.
    pub production: bool,
    /// Nothing can be changed with this profile.
    pub read_only: bool,
}

impl ProfileFlags {
    /// These, with what protects in `other` set as well.
    #[must_use]
    pub fn protected_as(self, other: Self) -> Self {
        let (production, read_only) = (self.production || other.production, self.read_only || other.read_only);
        Self { production, read_only, ..self }
    }

    /// True where `after` would let a production profile change things that could not be changed before.
    #[must_use]
    pub fn frees_production(self, after: Self) -> bool {
        self.production && self.read_only && !after.read_only
    }
}

/// The flags for a key that comes without a profile of its own: whatever protects one of the profiles of that server protects it too.
#[must_use]
pub fn strictest_flags(profiles: &[Profile], url: &ApiUrl) -> ProfileFlags {
    let here = || profiles.iter().filter(|profile| profile.is_at(url)).map(|profile| profile.flags);
    // The colour that people know the protected profile by.
    let known = here().max_by_key(|flags| (flags.production, flags.read_only)).unwrap_or_default();
    here().fold(known, ProfileFlags::protected_as)
}

/// One way to sign in: a service address and a key, known under a name. The key itself is in the keyring, never here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Names the profile in the settings and in the keyring.
    pub id: ProfileId,
    /// What a user calls it.
    pub name: String,
    /// The API's base address as typed, checked by `ApiUrl::parse` before use.
    pub api_url: String,
    /// Colour, production, read only.
    #[serde(flatten)]
    pub flags: ProfileFlags,
    /// How old its backups may be, where the user set that.
    #[serde(default, skip_serializing_if = "Targets::is_empty")]
    pub targets: Targets,
    /// Why schedules were suspended from here.
    #[serde(default, skip_serializing_if = "Suspensions::is_empty")]
    pub suspensions: Suspensions,
    /// What the user was told of by notifications, or saw.
    #[serde(default, skip_serializing_if = "ToldFindings::is_empty")]
    pub told: ToldFindings,
    /// The embedded demo service. Lives for one run: never written to the settings file.
    #[serde(skip)]
    pub is_demo: bool,
}

impl Profile {
    /// The account name of the key in the keyring: the address's origin and the profile's id, so that a key is only ever
    /// read for the server it was saved for.
    #[must_use]
    pub fn account(&self) -> String {
        let origin = ApiUrl::parse(&self.api_url).map_or_else(|_| self.api_url.clone(), |url| url.origin().clone());
        format!("{origin} {}", self.id.as_str())
    }

    /// What the password manager calls the key's entry.
    #[must_use]
    pub fn key_label(&self) -> String {
        format!("{SERVICE_NAME}: {}", self.name)
    }

    /// True for the key of the environment.
    #[must_use]
    pub fn is_environment(&self) -> bool {
        self.id == ProfileId::environment()
    }

    /// True where a change noted under this account ([`Profile::account`]) is of this profile, or of the key of the environment, which
    /// is as protected as any profile of its server.
    #[must_use]
    pub fn is_meant_by(&self, account: Option<&str>) -> bool {
        let Some(account) = account else { return false };
        let own = self.account();
        let of_environment = Self { id: ProfileId::environment(), ..self.clone() }.account();
        account == own
            || account.strip_prefix(&of_environment).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }

    /// True where this profile's address is of this server.
    #[must_use]
    pub fn is_at(&self, url: &ApiUrl) -> bool {
        ApiUrl::parse(&self.api_url).is_ok_and(|own| own.origin() == url.origin())
    }

    /// True where the address is of another server than this profile's, so that this profile's key is not for it.
    #[must_use]
    pub fn is_elsewhere(&self, url: &ApiUrl) -> bool {
        ApiUrl::parse(&self.api_url).is_ok_and(|own| own.origin() != url.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(id: &str, url: &str) -> Profile {
        Profile { id: ProfileId::new(id), name: id.to_owned(), api_url: url.to_owned(), ..Profile::default() }
    }

    #[test]
    fn ids_are_plain_and_of_their_moment() {
        let now = Timestamp::from_millisecond(0x019f_bd3c_1a20).unwrap();
        for (name, expected) in [
            ("Production EU", "production-eu-19fbd3c1a20"),
            ("  Test! ", "test-19fbd3c1a20"),
            ("東京", "profile-19fbd3c1a20"),
            ("", "profile-19fbd3c1a20"),
            ("a--b", "a-b-19fbd3c1a20"),
        ] {
            assert_eq!(ProfileId::fresh(name, now).as_str(), expected);
        }
        let later = Timestamp::from_millisecond(now.as_millisecond() + 1).unwrap();
        assert_ne!(ProfileId::fresh("東京", now), ProfileId::fresh("大阪", later));
    }

    #[test]
    fn only_a_production_profile_that_could_not_change_is_freed() {
        let flags = |production, read_only| ProfileFlags { production, read_only, ..ProfileFlags::default() };
        let cases = [
            (flags(true, true), flags(true, false), true),
            (flags(true, true), flags(false, false), true),
            (flags(true, true), flags(false, true), false),
            (flags(true, false), flags(true, false), false),
            (flags(false, true), flags(false, false), false),
        ];
        for (before, after, expected) in cases {
            assert_eq!(before.frees_production(after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_key_without_a_profile_is_as_protected_as_any_of_its_server() {
        let marked = |url: &str, color, production, read_only| Profile {
            flags: ProfileFlags { color, production, read_only },
            ..profile("a", url)
        };
        let profiles = [
            marked("https://api.skysql.com", ProfileColor::Green, false, true),
            marked("https://api.skysql.com/", ProfileColor::Red, true, false),
            marked("https://other.example", ProfileColor::Blue, true, true),
        ];
        let flags = |url: &str| strictest_flags(&profiles, &ApiUrl::parse(url).unwrap());
        let both = ProfileFlags { color: ProfileColor::Red, production: true, read_only: true };
        assert_eq!(flags("https://api.skysql.com"), both);
        assert_eq!(flags("https://third.example"), ProfileFlags::default());
    }

    #[test]
    fn an_account_belongs_to_one_origin_and_one_profile() {
        let here = profile("a", "https://api.skysql.com/");
        assert_eq!(here.account(), "https://api.skysql.com a");
        assert_ne!(here.account(), profile("a", "https://api.example.com").account());
        assert_ne!(here.account(), profile("b", "https://api.skysql.com").account());
        for (account, expected) in [
            (Some("https://api.skysql.com a"), true),
            (Some("https://api.skysql.com b"), false),
            (Some("https://api.skysql.com #environment 48 characters, tag 3F9A2C"), true),
            (Some("https://api.example.com #environment 48 characters, tag 3F9A2C"), false),
            (Some("https://api.skysql.com a2"), false),
            (None, false),
        ] {
            assert_eq!(here.is_meant_by(account), expected, "{account:?}");
        }
    }
}
