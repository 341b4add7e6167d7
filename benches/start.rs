//! From the start of the process to the first frame on screen: the program, beside a window of eframe with the same fonts, the same
//! renderer and nothing else. Both in turns on one virtual display. Needs `Xvfb`.
//!
//! `cargo bench --bench start`; `ROUNDS=40` in the environment takes more turns.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod report;

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use skybackup::theme;

/// The most that the program may take beside the bare window.
const RATIO: f64 = 1.25;
/// The argument that makes this program the bare window; the renderer and the file to write follow.
const BARE: &str = "bare-window";
/// The size of the program's window at its first start.
const SIZE: [f32; 2] = [1280.0, 800.0];
const PATIENCE: Duration = Duration::from_mins(1);

fn main() {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if let [mode, renderer, shown] = arguments.as_slice()
        && mode == BARE
    {
        return bare_window(renderer.to_str().unwrap().parse().unwrap(), shown.into());
    }
    let rounds = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(20);
    let folder = tempfile::tempdir().unwrap();
    let display = Display::start();
    println!("from the start of the process to the first frame on screen, median of {rounds} starts in turns\n");
    report::head();
    for renderer in ["glow", "wgpu"] {
        let (mut ours, mut peer) = (Vec::new(), Vec::new());
        // The first start of each makes its folders and fills the caches of the driver.
        for _ in 0..=rounds {
            ours.push(shown_after(program(folder.path(), renderer), &display, &folder.path().join("state/renderer")));
            let file = folder.path().join("shown");
            peer.push(shown_after(bare(renderer, &file), &display, &file));
        }
        let [ours, peer] = [ours, peer].map(|mut times| report::median(times.split_off(1)));
        report::times(&format!("start: exec to first frame, {renderer}"), ours, ("bare window", peer), RATIO);
    }
}

fn program(folder: &Path, renderer: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skybackup"));
    command.arg("--data-dir").arg(folder).args(["--renderer", renderer]);
    command
}

fn bare(renderer: &str, shown: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([BARE, renderer]).arg(shown);
    command
}

/// How long the process takes until it writes the file, which both windows do in their second frame: then the first one was shown.
fn shown_after(mut command: Command, display: &Display, file: &Path) -> Duration {
    let _missing = std::fs::remove_file(file);
    command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY").stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let mut child = command.spawn().unwrap();
    while !file.exists() {
        assert!(child.try_wait().unwrap().is_none() && began.elapsed() < PATIENCE, "no window: {command:?}");
        std::thread::sleep(Duration::from_micros(200));
    }
    let time = began.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    time
}

/// The least that a program of this kind can be: a window with the program's fonts and one line of text.
fn bare_window(renderer: eframe::Renderer, shown: PathBuf) {
    struct Bare {
        shown: PathBuf,
    }
    impl eframe::App for Bare {
        fn ui(&mut self, ui: &mut egui::Ui, _: &mut eframe::Frame) {
            if ui.ctx().cumulative_frame_nr() > 0 {
                std::fs::write(&self.shown, "").unwrap();
            }
            ui.label("SkyBackup");
            ui.ctx().request_repaint();
        }
    }
    let options = eframe::NativeOptions {
        renderer,
        viewport: egui::ViewportBuilder::default().with_inner_size(SIZE),
        ..eframe::NativeOptions::default()
    };
    let make: eframe::AppCreator<'_> = Box::new(|context| {
        theme::install(&context.egui_ctx);
        Ok(Box::new(Bare { shown }))
    });
    eframe::run_native("bare window", options, make).unwrap();
}

/// A virtual display with a number that it picks itself; ends with its owner.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"]);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { server, name: format!(":{}", number.trim()) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}
