//! Debug builds only: a window that breaks, so that tests see what a user sees then.

use std::path::PathBuf;
use std::time::Duration;

use eframe::App;

/// Names a file; the window breaks once it is there, and its text is that of the panic.
const PANIC_VARIABLE: &str = "SKYBACKUP_TEST_PANIC";
/// It is looked for so often.
const PAUSE: Duration = Duration::from_millis(20);

/// The app, or one that panics on request, where that is asked for.
pub(super) fn inject_panic(app: Box<dyn App>) -> Box<dyn App> {
    match std::env::var_os(PANIC_VARIABLE) {
        Some(file) => Box::new(Breaking { app, file: file.into() }),
        None => app,
    }
}

struct Breaking {
    app: Box<dyn App>,
    file: PathBuf,
}

impl App for Breaking {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.app.logic(ctx, frame);
    }

    #[expect(clippy::panic, reason = "the one thing this is for; never in a release build")]
    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.app.ui(ui, frame);
        ui.ctx().request_repaint_after(PAUSE);
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        // Textures that were not painted yet would panic again while they are dropped, which ends the process at once.
        // Those of an earlier pass of this frame are out of reach here.
        if !text.is_empty() && ui.ctx().current_pass_index() == 0 {
            ui.ctx().tex_manager().write().take_delta().clear();
            // Made at run time, as the text of a panic about what the user typed.
            panic!("{text}");
        }
    }
}
