//! The ledger against a program that is killed while it writes, a second program, a full disk, and a disk that may only be read.
//!
//! These programs are this test binary again, running only [`writes_until_it_is_killed`] or [`writes_beside_another_program`].

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io};

use jiff::Timestamp;
use skybackup::domain::{Backup, BackupId, Poll, PolledList, Text};
use skybackup::ledger::{Ledger, LedgerError, LedgerFile};

use crate::support::disk::{DirectFolder, Disk};

const ACCOUNT: &str = "https://api.skysql.com production";
const FOLDER_VARIABLE: &str = "SKYBACKUP_TEST_LEDGER_IN";
const KILLS_VARIABLE: &str = "SKYBACKUP_TEST_LEDGER_KILLS";
const WRITER_VARIABLE: &str = "SKYBACKUP_TEST_LEDGER_WRITER";
/// The pages that each of two programs writes.
const PAGES_EACH: u64 = 60;
const BEGUN: &str = "writing has begun";
/// The number of programs that are killed; `scripts/soak kills` asks for 300.
const KILLS: u32 = 12;
/// The moments of the kills are spread over so much time; a page takes a part of it.
const SPREAD: Duration = Duration::from_millis(40);
/// Should nobody kill it.
const MOST_PAGES: u64 = 20_000;
const PAGE: u64 = 100;

fn at(second: u64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + i64::try_from(second).unwrap()).unwrap()
}

fn open(folder: &Path) -> Result<Ledger, LedgerError> {
    let opened = LedgerFile::new(folder, ACCOUNT).open(at(0))?;
    assert_eq!(opened.quarantined, None, "a good file was taken for a damaged one");
    Ok(opened.ledger)
}

/// The backups of a page; each tells which.
fn page(number: u64) -> Vec<Backup> {
    let row = |at: u64| Backup {
        id: BackupId::new(format!("{number}-{at}")),
        method: Some(Text::from(format!("{number} ").repeat(20))),
        ..Backup::default()
    };
    (0..PAGE).map(row).collect()
}

fn partial(number: u64) -> Poll {
    Poll {
        list: PolledList::Backups,
        began_at: at(number),
        ended_at: at(number),
        rows: PAGE,
        filter: None,
        is_complete: false,
    }
}

/// Writes one page after the other, for ever, and says after each that it is written.
#[test]
#[ignore = "run by the test of the kills"]
fn writes_until_it_is_killed() {
    let mut ledger = open(Path::new(&env::var_os(FOLDER_VARIABLE).unwrap())).unwrap();
    let first = ledger.counts().unwrap().backups.div_ceil(PAGE);
    writeln!(io::stdout(), "{BEGUN}").unwrap();
    for number in first..first + MOST_PAGES {
        ledger.end_poll(&partial(number), &page(number)).unwrap();
        writeln!(io::stdout(), "written {number}").unwrap();
    }
}

fn start(folder: &Path) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["ledger::writes_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER_VARIABLE, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains(BEGUN) {
        line.clear();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the program ended before it was killed");
    }
    (child, lines)
}

#[test]
fn a_kill_at_any_moment_loses_no_page_that_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let kills = env::var(KILLS_VARIABLE).map_or(KILLS, |kills| kills.parse().unwrap());
    let mut before = 0;
    for kill in 0..kills {
        let (mut child, lines) = start(folder.path());
        let moment = Instant::now() + SPREAD * kill / kills;
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let last =
            lines.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("written ")?.parse().ok()).last();
        let ledger = open(folder.path()).unwrap();
        let rows = ledger.seen::<Backup>().unwrap();
        let pages = rows.len() as u64 / PAGE;
        assert_eq!(rows.len() as u64 % PAGE, 0, "kill {kill}: half a page");
        assert!(
            pages >= before.max(last.map_or(0, |last: u64| last + 1)),
            "kill {kill}: {pages} pages, {last:?} written"
        );
        assert!(rows.iter().map(|seen| &seen.row).eq(&(0..pages).flat_map(page).collect::<Vec<_>>()), "kill {kill}");
        before = pages;
    }
    assert!(before > 0, "no program came to write a page");
}

/// Writes its pages, by way of as many polls.
#[test]
#[ignore = "run by the test of two programs"]
fn writes_beside_another_program() {
    let writer: u64 = env::var(WRITER_VARIABLE).unwrap().parse().unwrap();
    let mut ledger = open(Path::new(&env::var_os(FOLDER_VARIABLE).unwrap())).unwrap();
    for number in pages_of(writer) {
        ledger.end_poll(&partial(number), &page(number)).unwrap();
    }
}

fn pages_of(writer: u64) -> std::ops::Range<u64> {
    writer * PAGES_EACH..(writer + 1) * PAGES_EACH
}

#[test]
fn two_programs_on_one_file_lose_no_page_and_no_poll() {
    let folder = tempfile::tempdir().unwrap();
    let start = |writer: u64| {
        Command::new(env::current_exe().unwrap())
            .args(["ledger::writes_beside_another_program", "--exact", "--ignored"])
            .env(FOLDER_VARIABLE, folder.path())
            .env(WRITER_VARIABLE, writer.to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    // Both begin without a file, so that both make it.
    for mut program in [0, 1].map(start) {
        assert!(program.wait().unwrap().success(), "a program could not write beside the other");
    }
    let ledger = open(folder.path()).unwrap();
    let ids = |rows: &mut dyn Iterator<Item = Backup>| rows.map(|row| row.id).collect::<BTreeSet<_>>();
    let found = ids(&mut ledger.seen::<Backup>().unwrap().into_iter().map(|seen| seen.row));
    assert_eq!(found, ids(&mut (0..2).flat_map(pages_of).flat_map(page)));
    let polls = ledger.polls(PolledList::Backups).unwrap();
    assert_eq!(polls.len() as u64, 2 * PAGES_EACH);
}

/// A disk without space loses the page that was being written and nothing else, and is no damage.
#[test]
fn a_full_disk_takes_no_page_and_keeps_every_other() {
    let disk = match Disk::mount(1024) {
        Ok(disk) => disk,
        Err(why) => return eprintln!("no small disk can be mounted here ({why})"),
    };
    let mut ledger = open(disk.path()).unwrap();
    let mut written = 0;
    let error = loop {
        match ledger.end_poll(&partial(written), &page(written)) {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 1_000, "a disk of a megabyte took {written} pages");
    };
    assert!(matches!(error, LedgerError::Full(_)), "{error}");
    assert!(written > 0);
    // To the last byte: then even a read may fail, which is no damage either.
    let filler = disk.path().join("filler");
    let _full = fs::write(&filler, vec![0; 1024 * 1024]);
    for _ in 0..2 {
        assert!(matches!(ledger.end_poll(&partial(written), &page(written)), Err(LedgerError::Full(_))));
    }
    drop(ledger);
    match open(disk.path()) {
        Ok(ledger) => assert_eq!(ledger.counts().unwrap().backups, written * PAGE),
        Err(error) => assert!(matches!(error, LedgerError::Full(_)), "{error}"),
    }
    fs::remove_file(filler).unwrap();
    assert_eq!(open(disk.path()).unwrap().seen::<Backup>().unwrap().len() as u64, written * PAGE);
}

#[test]
fn a_disk_that_may_only_be_read_is_no_damage() {
    let disk = match Disk::mount(4096) {
        Ok(disk) => disk,
        Err(why) => return eprintln!("no small disk can be mounted here ({why})"),
    };
    let mut ledger = open(disk.path()).unwrap();
    ledger.put(&page(0), at(0)).unwrap();
    drop(ledger);
    disk.only_read();
    let file = LedgerFile::new(disk.path(), ACCOUNT);
    let before = fs::read(file.path()).unwrap();
    let error = file.open(at(0)).unwrap_err();
    assert!(matches!(error, LedgerError::ReadOnly(_)), "{error:?}");
    assert_eq!(fs::read(file.path()).unwrap(), before);
    let fresh = LedgerFile::new(&disk.path().join("fresh"), ACCOUNT).open(at(0)).unwrap_err();
    assert!(matches!(fresh, LedgerError::ReadOnly(_)), "{fresh:?}");
}

/// SQLite says that it has a write-ahead log there, and no statement works afterwards.
#[test]
fn without_shared_memory_there_is_a_ledger_with_another_journal() {
    let disk = match DirectFolder::mount() {
        Ok(disk) => disk,
        Err(why) => return eprintln!("no folder without shared memory can be mounted here ({why})"),
    };
    let mut ledger = open(disk.path()).unwrap();
    ledger.end_poll(&partial(0), &page(0)).unwrap();
    let mut other_window = open(disk.path()).unwrap();
    other_window.end_poll(&partial(1), &page(1)).unwrap();
    assert_eq!(ledger.counts().unwrap().backups, 2 * PAGE, "both see what the other wrote");
    drop((ledger, other_window));

    // A file with a log, from where that works.
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = open(folder.path()).unwrap();
    ledger.end_poll(&partial(0), &page(0)).unwrap();
    drop(ledger);
    let place = |folder: &Path| LedgerFile::new(folder, ACCOUNT).path().to_owned();
    fs::copy(place(folder.path()), place(disk.path())).unwrap();
    let mut ledger = open(disk.path()).unwrap();
    assert_eq!(ledger.counts().unwrap().backups, PAGE);
    ledger.end_poll(&partial(1), &page(1)).unwrap();
    drop(ledger);
    assert_eq!(open(disk.path()).unwrap().seen::<Backup>().unwrap().len() as u64, 2 * PAGE);
}
