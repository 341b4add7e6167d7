//! Debug builds only: a window that breaks, so that tests see what a person sees then.

use std::ffi::OsString;

use eframe::App;

/// Holds the text of the panic.
const PANIC_VARIABLE: &str = "SKYBACKUP_TEST_PANIC";

/// The app, or one that breaks as soon as its window was drawn a few times, where that is asked for.
pub(super) fn perhaps_breaking(app: Box<dyn App>) -> Box<dyn App> {
    match std::env::var_os(PANIC_VARIABLE) {
        Some(text) => Box::new(Breaking { app, text, frames_left: 3 }),
        None => app,
    }
}

struct Breaking {
    app: Box<dyn App>,
    text: OsString,
    frames_left: u32,
}

impl App for Breaking {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.app.logic(ctx, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.app.ui(ui, frame);
        ui.ctx().request_repaint();
        self.frames_left = self.frames_left.saturating_sub(1);
        // Made at run time, as the text of a panic about what a person typed.
        assert!(self.frames_left > 0, "{}", self.text.display());
    }
}
