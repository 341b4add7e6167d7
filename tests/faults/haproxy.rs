//! A real haproxy between the window and the service: heavy to install, so run by `scripts/soak haproxy` alone.

use std::process::{Child, Command};

use super::connection::{SCHEDULES, free_port, posts_in_activity, sign_in_through};
use super::stage::{Case, Proof};
use crate::support::demo::{Fault, FaultScope};
use crate::support::story::Opening;
use crate::support::tls::Authority;

#[test]
#[ignore = "needs haproxy: scripts/soak haproxy"]
fn a_creation_that_haproxy_calls_refused_is_sent_once_and_found() {
    let name = concat!(module_path!(), "::a_creation_that_haproxy_calls_refused_is_sent_once_and_found");
    Case::prove(name.split_once("::").map_or(name, |(_, name)| name), through_haproxy);
}

/// A process that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// The service reads the POST, makes the schedule and drops the connection. haproxy then tells its client `REFUSED_STREAM`.
fn through_haproxy(case: &mut Case) {
    let trust = |command: &mut Command, folder: &std::path::Path| {
        command.env("SSL_CERT_FILE", folder.join("authority.pem"));
    };
    let Some(folder) = case.own_process(trust) else { return };
    let authority = Authority::new("ours");
    authority.write(&folder.join("authority.pem"));
    authority.write_server("localhost", &folder.join("server.pem"));
    let mut story = case.demo(Opening::default());
    let (port, service) = (free_port(), story.url());
    let config = format!(
        "global\n    maxconn 50\ndefaults\n    mode http\n    timeout connect 5s\n    timeout client 30s\n    timeout server 30s\n\
         frontend secure\n    bind 127.0.0.1:{port} ssl crt {folder}/server.pem alpn h2\n    default_backend service\n\
         backend service\n    http-reuse always\n    server service {service}\n",
        folder = folder.display(),
        service = service.trim_start_matches("http://"),
    );
    std::fs::write(folder.join("haproxy.cfg"), config).unwrap();
    let haproxy = Command::new("haproxy").arg("-db").arg("-f").arg(folder.join("haproxy.cfg")).spawn();
    let _haproxy = Running(haproxy.expect("haproxy is installed by scripts/soak haproxy"));
    story.until("haproxy listens", |_| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    sign_in_through(case, &mut story, port);
    story.go_to_schedules();
    story.fill_new_schedule();
    let fault = FaultScope::next(1).on_method("POST").on_path(SCHEDULES);
    story.world().set_fault_for(Fault::CommitThenDrop, fault);
    story.click("Create schedule");
    let proof = Proof { says: &["new since your request"], calls: &[("POST", 1)], more_schedules: 1 };
    case.proves(&mut story, &proof);
    assert_eq!(posts_in_activity(&story), 1);
    let creation = story.model().data.activity.iter().find(|record| record.method == "POST").cloned().unwrap();
    assert_eq!(creation.outcome, "connection lost", "haproxy 2.6.12 refuses the stream");
}
