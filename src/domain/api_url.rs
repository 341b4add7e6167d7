//! The address of the service: https anywhere, http only on this computer.

use std::fmt;

use url::Url;

/// A checked base address, without a trailing slash. Two that are equal are the same place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApiUrl(Url);

/// Why a text is not an address this app talks to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiUrlError {
    /// Nothing was typed.
    #[error("Write the address of the service, such as https://api.skysql.com")]
    Empty,
    /// No scheme, or another one than http and https.
    #[error("The address has to start with https://")]
    Scheme,
    /// http to another computer: the key would travel in the open.
    #[error("Plain http is accepted for this computer only (localhost, 127.0.0.1, [::1]); use https://")]
    NotEncrypted,
    /// A name or a password before an `@`.
    #[error("Leave out the part before the @: the address takes no user name and no password")]
    UserInfo,
    /// A `?` or a `#`.
    #[error("Leave out everything from the ? or # on")]
    QueryOrFragment,
    /// Spaces, line breaks, backslashes or invisible characters.
    #[error("The address holds a character that does not belong in an address")]
    Characters,
    /// A host that means something else than it looks like, with its plain form.
    #[error("Write the host plainly, as {0}")]
    DisguisedHost(String),
    /// The path of a call of the API instead of the address of the service.
    #[error("Give the address of the service only, without {0}")]
    CallPath(&'static str),
    /// Anything else the parser of addresses refuses.
    #[error("This is not an address: {0}")]
    Unreadable(String),
}

impl ApiUrl {
    /// The address of SkySQL itself.
    pub const DEFAULT: &str = "https://api.skysql.com";

    /// Reads an address as it was typed. Spaces around it and slashes at its end are dropped.
    pub fn parse(typed: &str) -> Result<Self, ApiUrlError> {
        let url = read(typed)?;
        match ["/skybackup/", "/provisioning/"].into_iter().find(|call| url.path().contains(call)) {
            Some(call) => Err(ApiUrlError::CallPath(call)),
            None => Ok(Self::without_slash(url)),
        }
    }

    /// The same for an address of something else, such as a file, which may have any path.
    pub fn parse_with_path(typed: &str) -> Result<Self, ApiUrlError> {
        read(typed).map(Self::without_slash)
    }

    fn without_slash(mut url: Url) -> Self {
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Self(url)
    }

    /// The address, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The root path is always written with its slash.
        self.0.as_str().trim_end_matches('/')
    }

    /// Scheme, host and port: what a key is bound to. The port is left out where it is the usual one.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The host, with brackets where it is an IPv6 address.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The host and the port that connections go to, such as `api.skysql.com:443`.
    #[must_use]
    pub fn host_and_port(&self) -> String {
        format!("{}:{}", self.host(), self.0.port_or_known_default().unwrap_or_default())
    }

    /// True for `localhost`, 127.0.0.0/8 and `[::1]`. That `localhost` resolves to this computer is for the caller to see to.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The address of one call: the path is appended with exactly one slash. Segments have to be percent-encoded already.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}/{}", self.as_str(), path.trim_start_matches('/'))
    }
}

impl fmt::Display for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Refuses hosts that the parser had to rewrite (`0x7f.1`, `127。0。0。1`, `%6cocalhost`) and names with a final dot.
fn check_host(authority: &str, host: &str) -> Result<(), ApiUrlError> {
    let written = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => format!("[{address}]"),
        None => authority.split(':').next().unwrap_or_default().to_owned(),
    };
    let plain = host.strip_suffix('.').unwrap_or(host);
    if plain.is_empty() {
        return Err(ApiUrlError::Unreadable("it has no host".to_owned()));
    }
    if written.eq_ignore_ascii_case(plain) { Ok(()) } else { Err(ApiUrlError::DisguisedHost(plain.to_owned())) }
}

/// Reads an address by all rules but that of its path.
fn read(typed: &str) -> Result<Url, ApiUrlError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(ApiUrlError::Empty);
    }
    let is_odd = |c: char| c == '\\' || c.is_whitespace() || super::format::is_control_or_bidi(c);
    if typed.chars().any(is_odd) || typed.len() > 2048 {
        return Err(ApiUrlError::Characters);
    }
    let scheme_end = typed.find("://").ok_or(ApiUrlError::Scheme)?;
    let (scheme, rest) = typed.split_at(scheme_end);
    let is_https = scheme.eq_ignore_ascii_case("https");
    if !is_https && !scheme.eq_ignore_ascii_case("http") {
        return Err(ApiUrlError::Scheme);
    }
    let authority = rest.trim_start_matches("://").split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(ApiUrlError::UserInfo);
    }
    let url = Url::parse(typed).map_err(|error| ApiUrlError::Unreadable(error.to_string()))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(ApiUrlError::QueryOrFragment);
    }
    check_host(authority, url.host_str().unwrap_or_default())?;
    if !is_https && !is_loopback(&url) {
        return Err(ApiUrlError::NotEncrypted);
    }
    if url.port() == Some(0) {
        return Err(ApiUrlError::Unreadable("port 0 does not exist".to_owned()));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::ApiUrlError::{CallPath, Characters, Empty, NotEncrypted, QueryOrFragment, Scheme, UserInfo};
    use super::*;

    fn disguised(host: &str) -> ApiUrlError {
        ApiUrlError::DisguisedHost(host.to_owned())
    }

    #[test]
    fn accepted_addresses() {
        // Typed, kept, loopback.
        let cases = [
            ("https://api.skysql.com", "https://api.skysql.com", false),
            ("https://api.skysql.com/", "https://api.skysql.com", false),
            ("  https://api.skysql.com//\n", "https://api.skysql.com", false),
            ("HTTPS://API.SkySQL.com", "https://api.skysql.com", false),
            ("https://api-test.skysql.com", "https://api-test.skysql.com", false),
            ("https://x.example:443", "https://x.example", false),
            ("https://x.example:8443/", "https://x.example:8443", false),
            ("https://gate.example/sky/", "https://gate.example/sky", false),
            ("https://gate.example/a/../b", "https://gate.example/b", false),
            ("https://192.0.2.7", "https://192.0.2.7", false),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", false),
            ("https://localhost", "https://localhost", true),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example", false),
            ("http://localhost", "http://localhost", true),
            ("http://LOCALHOST:8080/", "http://localhost:8080", true),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000", true),
            ("http://127.8.9.10", "http://127.8.9.10", true),
            ("http://[::1]:80", "http://[::1]", true),
            ("http://[::1]:9999/x/", "http://[::1]:9999/x", true),
        ];
        for (typed, kept, is_loopback) in cases {
            let url = ApiUrl::parse(typed).unwrap_or_else(|error| panic!("{typed}: {error}"));
            assert_eq!((url.as_str(), url.is_loopback()), (kept, is_loopback), "{typed}");
        }
    }

    #[test]
    fn refused_addresses() {
        let unreadable = None;
        let cases = [
            ("", Some(Empty)),
            (" \n", Some(Empty)),
            ("api.skysql.com", Some(Scheme)),
            ("localhost:8080", Some(Scheme)),
            ("//api.skysql.com", Some(Scheme)),
            ("ftp://api.skysql.com", Some(Scheme)),
            ("file:///etc/passwd", Some(Scheme)),
            ("javascript://localhost", Some(Scheme)),
            ("http://api.skysql.com", Some(NotEncrypted)),
            ("http://localhost.evil.com", Some(NotEncrypted)),
            ("http://127.0.0.1.evil.com", Some(NotEncrypted)),
            ("http://evil.localhost", Some(NotEncrypted)),
            ("http://0.0.0.0", Some(NotEncrypted)),
            ("http://192.168.0.1", Some(NotEncrypted)),
            ("http://128.0.0.1", Some(NotEncrypted)),
            ("http://[::ffff:7f00:1]", Some(NotEncrypted)),
            ("http://[::]", Some(NotEncrypted)),
            ("http://127.0.0.1@evil.example", Some(UserInfo)),
            ("http://localhost:80@evil.example/", Some(UserInfo)),
            ("https://key:secret@api.skysql.com", Some(UserInfo)),
            ("https://@api.skysql.com", Some(UserInfo)),
            ("https://api.skysql.com?x=1", Some(QueryOrFragment)),
            ("https://api.skysql.com/?", Some(QueryOrFragment)),
            ("https://api.skysql.com/#", Some(QueryOrFragment)),
            ("https://api.skysql.com#@evil", Some(QueryOrFragment)),
            ("http://localhost\\@evil.example", Some(Characters)),
            ("https://api.sky sql.com", Some(Characters)),
            ("https://api.sky\nsql.com", Some(Characters)),
            ("https://api.skysql\u{200b}.com", Some(Characters)),
            ("https://api.\u{202e}moc.lqsyks", Some(Characters)),
            ("http://0x7f.1", Some(disguised("127.0.0.1"))),
            ("http://2130706433", Some(disguised("127.0.0.1"))),
            ("http://0177.0.0.1", Some(disguised("127.0.0.1"))),
            ("http://127.1", Some(disguised("127.0.0.1"))),
            ("http://127。0。0。1", Some(disguised("127.0.0.1"))),
            ("http://%6cocalhost", Some(disguised("localhost"))),
            ("http://[0:0:0:0:0:0:0:1]", Some(disguised("[::1]"))),
            ("http://localhost.", Some(disguised("localhost"))),
            ("https://api.skysql.com.", Some(disguised("api.skysql.com"))),
            ("https://api。skysql。com", Some(disguised("api.skysql.com"))),
            ("https://bücher.example", Some(disguised("xn--bcher-kva.example"))),
            ("https://аpi.skysql.com", Some(disguised("xn--pi-6kc.skysql.com"))),
            ("https:///api.skysql.com", Some(disguised("api.skysql.com"))),
            ("https://api.skysql.com/skybackup/v1/backups", Some(CallPath("/skybackup/"))),
            ("https://api.skysql.com/provisioning/v1", Some(CallPath("/provisioning/"))),
            ("http://[fe80::1%25eth0]", unreadable.clone()),
            ("https://", unreadable.clone()),
            ("https://host:99999", unreadable.clone()),
            ("https://host:0", unreadable.clone()),
            ("https://[::1", unreadable.clone()),
            ("https://a b", Some(Characters)),
        ];
        for (typed, want) in cases {
            let error = ApiUrl::parse(typed).expect_err(typed);
            match want {
                Some(want) => assert_eq!(error, want, "{typed}"),
                None => assert!(matches!(error, ApiUrlError::Unreadable(_)), "{typed}: {error}"),
            }
        }
        let long = |length: usize| ApiUrl::parse(&format!("https://h/{}", "a".repeat(length - 10)));
        assert!(long(2048).is_ok());
        assert_eq!(long(2049), Err(Characters));
    }

    #[test]
    fn parts_and_calls() {
        let url = ApiUrl::parse("https://gate.example:8443/sky/").unwrap();
        assert_eq!((url.origin().as_str(), url.host()), ("https://gate.example:8443", "gate.example"));
        assert_eq!(url.join("skybackup/v1/backups"), "https://gate.example:8443/sky/skybackup/v1/backups");
        assert_eq!(url.join("/skybackup/v1/backups"), "https://gate.example:8443/sky/skybackup/v1/backups");
        assert_eq!(ApiUrl::parse("http://[::1]:80").unwrap().host(), "[::1]");
        assert_eq!(ApiUrl::parse(ApiUrl::DEFAULT).unwrap().to_string(), ApiUrl::DEFAULT);
    }

    proptest! {
        #[test]
        fn what_is_accepted_reads_as_itself_and_http_stays_here(
            text in "(https?|HTTP)://[a-z0-9.@:\\[\\]%\\\\/?# 。-]{0,24}|\\PC{0,20}",
        ) {
            if let Ok(url) = ApiUrl::parse(&text) {
                prop_assert_eq!(&ApiUrl::parse(url.as_str()).unwrap(), &url);
                prop_assert!(url.is_loopback() || url.as_str().starts_with("https://"));
                let parsed = Url::parse(url.as_str()).unwrap();
                prop_assert!(parsed.username().is_empty() && parsed.password().is_none() && !url.as_str().ends_with('/'));
                prop_assert_eq!(parsed.host_str(), Some(url.host()));
                prop_assert!(url.as_str().starts_with(&url.origin()));
            }
        }
    }
}
