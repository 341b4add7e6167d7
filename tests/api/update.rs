//! The file with the newest version: what is sent for it, and what is taken from it.

use std::time::Duration;

use skybackup::api::{UpdateError, newest_version};
use skybackup::domain::{ApiUrl, Version};

use super::{impatient, quick};
use crate::support::raw_server::{RawServer, Reply, cut, response};

async fn read(server: &RawServer) -> Result<Version, UpdateError> {
    let file = ApiUrl::parse_with_path(&format!("{}/skybackup/version.txt", server.url())).unwrap();
    newest_version(&file, &quick()).await
}

#[tokio::test]
async fn a_version_is_read_with_one_request_that_holds_no_key() {
    for body in ["1.2.3", "1.2.3\n", "1.2.3\r\n"] {
        let server = RawServer::always(response(200, &[], body)).await;
        assert_eq!(read(&server).await.unwrap(), Version::parse("1.2.3").unwrap());
        let requests = server.requests();
        let [request] = &requests[..] else { panic!("{requests:?}") };
        assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/skybackup/version.txt"));
        assert_eq!((request.query.as_str(), request.body.as_str()), ("", ""));
        for name in ["x-api-key", "authorization", "cookie", "referer"] {
            assert_eq!(request.header(name), None);
        }
    }
}

#[tokio::test]
async fn whatever_is_no_version_is_none_and_is_asked_for_once() {
    let elsewhere = RawServer::always(response(200, &[], "9.9.9")).await;
    let moved = response(302, &[("location", &format!("{}/version.txt", elsewhere.url()))], "");
    let cases = [
        ("not found", response(404, &[], "9.9.9")),
        ("busy", response(503, &[("retry-after", "0")], "9.9.9")),
        ("no content", response(204, &[], "")),
        ("moved", moved),
        ("a page", response(200, &[], "<html>9.9.9</html>")),
        ("more lines", response(200, &[], "9.9.9\n\n")),
        ("no text", response(200, &[], b"9.9.9\xff")),
        ("nothing", response(200, &[], "")),
        ("too large", response(200, &[], "9".repeat(64 * 1024 + 1))),
        ("cut", cut("9.9.9")),
    ];
    for (name, bytes) in cases {
        let server = RawServer::start(move |_, _| Reply::Close(bytes.clone())).await;
        assert!(read(&server).await.is_err(), "{name}");
        assert_eq!(server.requests().len(), 1, "{name}");
    }
    assert_eq!(elsewhere.connections(), 0, "no redirect is followed");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let server = RawServer::start(|_, _| Reply::Drip(response(200, &[], "1.2.3"), Duration::from_secs(1))).await;
    let file = ApiUrl::parse_with_path(&server.url()).unwrap();
    assert!(matches!(newest_version(&file, &impatient()).await, Err(UpdateError::Transport(_))));
}
