//! Nothing that the loop carries or keeps prints a secret.

use std::fmt::Debug;
use std::sync::Arc;

use super::*;
use crate::api::{Access, RequestPreview, Shell};
use crate::domain::BackupType;
use crate::draft::NewSchedule;
use crate::msg::{ChangeCommand, FormCommand, FormEvent, KeyCheck, KeyFrom, SessionCommand, SessionEffect};
use crate::secrets::{ExternalStorage, SecretBuffer, StorageCredentials};

const MARK: &str = "CANARY0123456789CANARY";

/// Every text in which a secret could be recognized in the Debug form of a value.
fn traces() -> Vec<String> {
    let credentials = credentials();
    let decimals = |text: &str| text.bytes().take(8).map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    let base64 = credentials.expose_base64();
    vec![MARK.to_owned(), base64.to_owned(), base64[base64.len() / 2..].to_owned(), decimals(MARK), decimals(base64)]
}

fn credentials() -> StorageCredentials {
    StorageCredentials::from_s3("AKIACANARY", MARK, "us-east-1").unwrap()
}

fn new_schedule() -> Arc<NewSchedule> {
    let storage = ExternalStorage { bucket: "s3://bucket".to_owned(), credentials: Some(credentials()) };
    Arc::new(NewSchedule {
        service_id: ServiceId::new("dbpgf00000001"),
        backup_type: BackupType::Full,
        recurrence: Recurrence::Once,
        storage: Some(storage),
    })
}

fn key() -> Arc<crate::secrets::ApiKey> {
    Arc::new(crate::secrets::ApiKey::clean(&format!("skysql.1zzz.{MARK}")).unwrap().key)
}

fn buffer() -> SecretBuffer {
    let mut buffer = SecretBuffer::default();
    buffer.as_mut_string().push_str(MARK);
    buffer
}

#[test]
fn no_command_effect_event_or_model_prints_a_secret() {
    let (mut bench, _) = Bench::new(start());
    let sign_in = || SignIn { key: key(), ..sign_in(None, true) };
    bench.model.view.sign_in.key = buffer();
    let effects = bench.handle(Command::Session(SessionCommand::SignIn(sign_in())));
    let opening = format!("{:#?}", bench.model);
    bench.apply(opened(&effects));
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    let form = bench.model.view.form.as_mut().unwrap();
    form.draft.bucket.key_file = buffer();
    form.draft.bucket.access_key_id = buffer();
    form.draft.bucket.secret_access_key = buffer();
    let sending = bench.handle(Command::Change(ChangeCommand::CreateSchedule(new_schedule())));
    assert_eq!(names(&sending), ["CreateSchedule"]);
    let ticket = Ticket(1);
    let url = ApiUrl::parse(URL).unwrap();
    let values: [(&str, &dyn Debug); 11] = [
        ("sign-in command", &Command::Session(SessionCommand::SignIn(sign_in()))),
        ("sign-in effects", &effects),
        ("create command", &Command::Change(ChangeCommand::CreateSchedule(new_schedule()))),
        ("create effects", &sending),
        (
            "open effect",
            &Effect::Session(SessionEffect::OpenSession {
                ticket,
                url,
                key: KeyFrom::Typed(key()),
                check: KeyCheck::First,
                access: Access::Full,
            }),
        ),
        ("key file event", &Event::Form(FormEvent::KeyFileRead(ticket, Ok(buffer())))),
        ("the model", &bench.model),
        ("the model while signing in", &opening),
        ("a cleaned key", &crate::secrets::ApiKey::clean(&format!("skysql.1zzz.{MARK}"))),
        ("an error about a key", &crate::secrets::ApiKey::clean(&format!("{MARK} {MARK}"))),
        ("an error about credentials", &StorageCredentials::from_key_file(&format!("[default]\nx = {MARK}"))),
    ];
    for (name, value) in values {
        for text in [format!("{value:?}"), format!("{value:#?}")] {
            for trace in traces() {
                assert!(!text.contains(&trace), "{name}");
            }
        }
    }
}

#[test]
fn what_is_shown_and_copied_of_a_request_holds_no_secret() {
    let new = new_schedule();
    let preview = RequestPreview::of_create(&new);
    let (shown, url) = (preview.body(), ApiUrl::parse(URL).unwrap());
    assert!(shown.contains("(hidden)"), "the request has credentials");
    let commands = Shell::ALL.map(|shell| preview.curl(&url, shell));
    for trace in traces() {
        assert!(!shown.contains(&trace) && commands.iter().all(|command| !command.contains(&trace)));
    }
    let sent = new.storage.as_ref().and_then(|storage| storage.credentials.as_ref()).unwrap();
    assert_eq!(sent.expose_base64(), credentials().expose_base64(), "the traces looked for are those of the request");
}
