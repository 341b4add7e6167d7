//! One attempt: a request out, a whole response in, within one time limit and one size limit.
//!
//! The key goes into the header of each request and nowhere else, and only to the address of the profile: no redirect is followed,
//! and a loopback address is reached without any proxy.

use std::borrow::Cow;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Response, redirect};

use super::access::Gate;
use super::error::{ApiError, Cause, ErrorKind, NotSent, causes};
use super::request::Request;
use super::retry::ClientLimits;
use crate::domain::{ApiUrl, sanitize_for_display};
use crate::secrets::{ApiKey, KnownSecrets};

/// Longest error response read.
const ERROR_BYTES: usize = 64 * 1024;

/// A whole response.
#[derive(Debug)]
pub(super) struct ApiResponse {
    pub(super) status: u16,
    headers: HeaderMap,
    /// The body after unpacking; of an error response perhaps only its beginning.
    pub(super) body: Vec<u8>,
}

impl ApiResponse {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header as text; `None` where it is missing, empty or not plain ASCII.
    pub(super) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
    }

    pub(super) fn content_type(&self) -> &str {
        self.header(&CONTENT_TYPE).unwrap_or_default()
    }

    /// A coding of the body that was not asked for: what was asked for is unpacked by now, and its header gone.
    pub(super) fn unknown_coding(&self) -> Option<&str> {
        self.header(&CONTENT_ENCODING).filter(|coding| !coding.eq_ignore_ascii_case("identity"))
    }

    pub(super) fn retry_after(&self) -> Option<&[u8]> {
        self.headers.get(RETRY_AFTER).map(HeaderValue::as_bytes)
    }

    pub(super) fn date(&self) -> Option<&[u8]> {
        self.headers.get(DATE).map(HeaderValue::as_bytes)
    }

    /// The host that a redirect names; the service's own for a path; empty where it names none.
    pub(super) fn redirect_host(&self, base: &ApiUrl) -> String {
        let Some(location) = self.header(&LOCATION) else { return String::new() };
        let target = url::Url::parse(base.as_str()).and_then(|base| base.join(location));
        target.ok().and_then(|target| target.host_str().map(str::to_owned)).unwrap_or_default()
    }

    pub(super) fn trace_id_header(&self) -> Option<&str> {
        const NAMES: [HeaderName; 2] = [HeaderName::from_static("x-trace-id"), HeaderName::from_static("x-request-id")];
        NAMES.iter().find_map(|name| self.header(name))
    }

    /// True where the body is markup, by its first character.
    pub(super) fn is_markup(&self) -> bool {
        self.first_byte() == Some(b'<')
    }

    /// True where the body begins as an object or a list, or is empty: a cut response rather than a foreign one.
    pub(super) fn looks_like_json(&self) -> bool {
        matches!(self.first_byte(), None | Some(b'{' | b'['))
    }

    fn first_byte(&self) -> Option<u8> {
        super::decode::without_bom(&self.body).trim_ascii_start().first().copied()
    }
}

/// A failed attempt.
#[derive(Debug)]
pub(super) struct AttemptFailure {
    pub(super) error: ApiError,
    /// Bytes of the body that came.
    pub(super) bytes: usize,
    /// `Retry-After` of a response that is no success.
    pub(super) retry_after: Option<Vec<u8>>,
    /// `Date` of a response that is no success.
    pub(super) date: Option<Vec<u8>>,
}

impl From<ApiError> for Box<AttemptFailure> {
    fn from(error: ApiError) -> Self {
        Self::new(AttemptFailure { error, bytes: 0, retry_after: None, date: None })
    }
}

/// The connections to one address.
pub(super) struct Transport {
    pub(super) url: ApiUrl,
    key: Arc<ApiKey>,
    /// What is taken out of every text that comes back.
    pub(super) secrets: KnownSecrets,
    reads: reqwest::Client,
    /// Keeps no connection: a change never goes out on one that the other side may just have closed.
    writes: reqwest::Client,
    attempt: Duration,
    /// Shared with every transport that took over from this one.
    pub(super) gate: Arc<Gate>,
}

impl Transport {
    pub(super) fn new(
        url: ApiUrl,
        key: Arc<ApiKey>,
        secrets: KnownSecrets,
        pacing: &ClientLimits,
    ) -> Result<Self, ErrorKind> {
        secrets.add_key(&key);
        // Tried once here, so that a key that no header can hold fails at sign-in and not later.
        key_header(&key)?;
        let reads = builder(&url, pacing).pool_idle_timeout(Duration::from_secs(30));
        let writes = builder(&url, pacing).pool_max_idle_per_host(0);
        Ok(Self {
            reads: reads.build().map_err(|_not_shown| ErrorKind::Setup)?,
            writes: writes.build().map_err(|_not_shown| ErrorKind::Setup)?,
            url,
            key,
            secrets,
            attempt: pacing.attempt,
            gate: Arc::default(),
        })
    }

    /// The same with new connections.
    pub(super) fn reconnected(&self, pacing: &ClientLimits) -> Result<Self, ErrorKind> {
        let new = Self::new(self.url.clone(), Arc::clone(&self.key), self.secrets.clone(), pacing)?;
        Ok(Self { gate: Arc::clone(&self.gate), ..new })
    }

    /// The text without any secret, should a server have echoed one.
    pub(super) fn without_secrets(&self, text: String) -> String {
        match self.secrets.mask(text.as_bytes()) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => String::from_utf8_lossy(&masked).into_owned(),
        }
    }

    /// Sends the request once; a change for a client that is read only ends here, before any connection is made.
    pub(super) async fn attempt(&self, request: &Request) -> Result<ApiResponse, Box<AttemptFailure>> {
        let failed = |kind| ApiError::new(kind, request.operation);
        if !self.gate.allows(request) {
            return Err(failed(ErrorKind::ReadOnly).into());
        }
        let key = key_header(&self.key).map_err(failed)?;
        let client = if request.operation.is_write() { &self.writes } else { &self.reads };
        let mut builder = client
            .request(request.method.clone(), request.url(&self.url))
            .header(HeaderName::from_static("x-api-key"), key)
            .header(ACCEPT, "application/json")
            .timeout(self.attempt);
        if let Some(body) = &request.body {
            builder = builder.header(CONTENT_TYPE, Request::CONTENT_TYPE).body(body.to_string());
        }
        // The address holds the query, which is no matter of the log.
        let mut response = builder.send().await.map_err(|error| {
            let kind = self.kind_of(&error);
            ApiError { source: self.cause(&error.without_url()), ..failed(kind) }
        })?;
        let status = response.status();
        let body = self.read_body(&mut response, request).await?;
        Ok(ApiResponse { status: status.as_u16(), headers: std::mem::take(response.headers_mut()), body })
    }

    async fn read_body(&self, response: &mut Response, request: &Request) -> Result<Vec<u8>, Box<AttemptFailure>> {
        let status = response.status();
        let limit = if status.is_success() { request.body_limit } else { ERROR_BYTES };
        let mut body = Vec::new();
        let broken = |kind, bytes, source| {
            let error = ApiError { status: Some(status.as_u16()), source, ..ApiError::new(kind, request.operation) };
            Box::new(AttemptFailure { error, bytes, retry_after: None, date: None })
        };
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(body),
                Ok(Some(chunk)) => {
                    let room = limit.saturating_sub(body.len());
                    body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                    if chunk.len() > room {
                        // The beginning of an error response is enough for its words.
                        return if status.is_success() {
                            Err(broken(ErrorKind::TooLarge, body.len(), None))
                        } else {
                            Ok(body)
                        };
                    }
                }
                // The status of an error response tells more than the break in its body.
                Err(_broken) if !status.is_success() => return Ok(body),
                Err(error) => {
                    let kind = if error.is_timeout() { ErrorKind::TimedOut } else { ErrorKind::Lost };
                    return Err(broken(kind, body.len(), self.cause(&error.without_url())));
                }
            }
        }
    }

    /// The chain of an error without secrets, each text once: some errors repeat what caused them.
    fn cause(&self, error: &(dyn std::error::Error + 'static)) -> Option<Box<Cause>> {
        let texts = std::iter::once(error).chain(causes(error));
        let mut texts: Vec<String> =
            texts.map(|error| sanitize_for_display(&self.without_secrets(error.to_string())).into_owned()).collect();
        texts.dedup();
        Cause::chain(texts)
    }

    /// What a failure before the head of a response means. Everything up to the connection proves that nothing was sent.
    fn kind_of(&self, error: &reqwest::Error) -> ErrorKind {
        let host = self.url.host().to_owned();
        if error.is_builder() {
            return ErrorKind::Setup;
        }
        if !error.is_connect() {
            return if error.is_timeout() { ErrorKind::TimedOut } else { ErrorKind::Lost };
        }
        if let Some(reason) = tls_reason(error) {
            return ErrorKind::Certificate { host, reason };
        }
        match tunnel_failure(error) {
            Some(Tunnel::WantsLogin) => return ErrorKind::NotJson { host, content_type: String::new() },
            Some(Tunnel::Refused) => return ErrorKind::NotSent(NotSent::ProxyRefused { host }),
            None => {}
        }
        ErrorKind::NotSent(if error.is_dns() {
            NotSent::HostNotFound { host }
        } else if error.is_timeout() {
            NotSent::ConnectTimeout { host: self.url.host_and_port() }
        } else {
            NotSent::Refused { host: self.url.host_and_port(), cause: connect_cause(error).to_owned() }
        })
    }
}

/// The one place where connections are set up; lints forbid any other.
///
/// `retry::never`: by default reqwest sends any method again after an HTTP/2 `REFUSED_STREAM` or `GOAWAY`, unseen by the rules and
/// records of this crate. Proxies answer so although the service behind them had the request, so neither proves that it was not sent.
pub(super) fn builder(url: &ApiUrl, pacing: &ClientLimits) -> reqwest::ClientBuilder {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    let builder = reqwest::Client::builder()
        .retry(reqwest::retry::never())
        .redirect(redirect::Policy::none())
        .referer(false)
        .gzip(true)
        .user_agent(concat!("SkyBackup/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(pacing.connect)
        .http2_keep_alive_interval(Duration::from_secs(15))
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .http2_keep_alive_while_idle(true);
    if !url.is_loopback() {
        return builder.https_only(true);
    }
    // `localhost` is this computer here, whatever a name server says; port 0 stands for the port of the address.
    let here = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
    builder.no_proxy().resolve_to_addrs("localhost", &here)
}

fn key_header(key: &ApiKey) -> Result<HeaderValue, ErrorKind> {
    let mut value = HeaderValue::from_str(key.expose()).map_err(|_never_shown| ErrorKind::Setup)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Why TLS failed, in plain words; `None` where it did not.
fn tls_reason(error: &reqwest::Error) -> Option<String> {
    causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()).map(reason_of)
}

/// Why there is no connection, in a few words; empty where the system did not say.
fn connect_cause(error: &reqwest::Error) -> &'static str {
    let io = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>());
    match io.map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "connection refused",
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof) => {
            "connection closed by the other side"
        }
        Some(io::ErrorKind::TimedOut) => "no response in time",
        Some(io::ErrorKind::HostUnreachable) => "host unreachable",
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown) => "network unreachable",
        Some(io::ErrorKind::AddrNotAvailable) => "no address to connect from",
        Some(io::ErrorKind::PermissionDenied) => "blocked on this computer",
        _ => "",
    }
}

fn reason_of(error: &rustls::Error) -> String {
    use rustls::{CertificateError as Bad, Error};
    match error {
        Error::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            "its certificate has expired".to_owned()
        }
        Error::InvalidCertificate(Bad::NotValidYet | Bad::NotValidYetContext { .. }) => {
            "its certificate is not valid yet".to_owned()
        }
        Error::InvalidCertificate(Bad::NotValidForName) => "its certificate is for another name".to_owned(),
        Error::InvalidCertificate(Bad::NotValidForNameContext { expected, presented }) => {
            let names = presented.iter().take(3).map(|name| plain_name(name)).collect::<Vec<_>>().join(", ");
            format!("its certificate is for {names} and not for {}", expected.to_str())
        }
        Error::InvalidCertificate(Bad::UnknownIssuer) => {
            "its certificate is from an issuer this computer does not trust".to_owned()
        }
        Error::InvalidCertificate(Bad::Revoked) => "its certificate was revoked".to_owned(),
        Error::InvalidCertificate(_) => "its certificate is not valid".to_owned(),
        Error::InvalidMessage(_) => "the response was not encrypted".to_owned(),
        _ => "no secure connection could be agreed on".to_owned(),
    }
}

/// `DnsName("proxy.example")` and `IpAddress(127.0.0.1)` as they stand in a certificate.
fn plain_name(presented: &str) -> &str {
    let inner = presented.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(presented).trim_matches('"')
}

/// What a proxy did instead of opening the way to the service.
#[derive(Clone, Copy)]
enum Tunnel {
    /// 407.
    WantsLogin,
    /// Any other response, or none.
    Refused,
}

/// `None` where no proxy was in the way.
fn tunnel_failure(error: &reqwest::Error) -> Option<Tunnel> {
    /// What the connector says of a proxy's answer; it gives no type to tell by.
    const SIGNS: [(&str, Tunnel); 4] = [
        ("tunnel error: proxy authorization required", Tunnel::WantsLogin),
        ("tunnel error: unsuccessful", Tunnel::Refused),
        ("tunnel error: unexpected end of file", Tunnel::Refused),
        ("tunnel error: proxy response headers too long", Tunnel::Refused),
    ];
    let mut texts = causes(error).map(ToString::to_string);
    texts.find_map(|text| SIGNS.iter().find(|(sign, _)| text.contains(sign)).map(|(_, tunnel)| *tunnel))
}

#[cfg(test)]
mod tests {
    use rustls::{CertificateError as Bad, Error};

    use super::*;
    use crate::api::Operation;

    #[test]
    fn the_key_header_hides_its_value() {
        let key = ApiKey::clean("skysql.1a2b3c.0123456789abcdefghij").unwrap().key;
        let header = key_header(&key).unwrap();
        assert!(header.is_sensitive());
        assert_eq!(format!("{header:?}"), "Sensitive");
    }

    #[test]
    fn a_key_in_a_cause_is_masked_in_the_chain_and_in_the_copied_details() {
        #[derive(Debug, thiserror::Error)]
        #[error("{1}")]
        struct Link(#[source] Option<Box<Link>>, String);

        const KEY: &str = "skysql.1a2b3c.0123456789abcdefghij";
        let url = ApiUrl::parse("https://api.skysql.com").unwrap();
        let key = Arc::new(ApiKey::clean(KEY).unwrap().key);
        let transport = Transport::new(url, key, KnownSecrets::default(), &ClientLimits::default()).unwrap();
        let inner = Link(None, format!("bad header x-api-key: {KEY}"));
        let source = transport.cause(&Link(Some(Box::new(inner)), "the request broke".to_owned()));
        let error = ApiError { source, ..ApiError::new(ErrorKind::Lost, Operation::ListBackups) };
        let texts: Vec<String> = causes(&error).map(ToString::to_string).collect();
        assert_eq!(texts, ["the request broke", "bad header x-api-key: [API key]"]);
        let details = error.details();
        assert!(
            details.ends_with("Caused by: the request broke\nCaused by: bad header x-api-key: [API key]"),
            "{details}"
        );
        assert!(!format!("{details}{error:?}").contains(KEY));
    }

    #[test]
    fn each_reason_for_distrust_has_its_words() {
        let expected = rustls::pki_types::ServerName::try_from("api.skysql.com").unwrap();
        let other = Bad::NotValidForNameContext { expected, presented: vec!["DnsName(\"proxy.example\")".to_owned()] };
        let cases = [
            (Error::InvalidCertificate(Bad::Expired), "expired"),
            (Error::InvalidCertificate(Bad::NotValidYet), "not valid yet"),
            (Error::InvalidCertificate(Bad::NotValidForName), "another name"),
            (Error::InvalidCertificate(other), "is for proxy.example and not for api.skysql.com"),
            (Error::InvalidCertificate(Bad::UnknownIssuer), "does not trust"),
            (Error::InvalidCertificate(Bad::Revoked), "revoked"),
            (Error::InvalidCertificate(Bad::BadEncoding), "not valid"),
            (Error::HandshakeNotComplete, "agreed on"),
        ];
        for (error, want) in cases {
            assert!(reason_of(&error).contains(want), "{error:?}");
        }
    }
}
