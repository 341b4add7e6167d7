//! Opening the window with one renderer after the other, and saying why there is none.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use eframe::egui_wgpu::{WgpuConfiguration, WgpuSetup};
use eframe::wgpu;
use eframe::{App, CreationContext, NativeOptions, Renderer};

/// Why there is no window, or none any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartError {
    /// There is no display to open a window on. Holds what to do.
    NoDisplay(String),
    /// No renderer could draw. Holds the first failure in its own words, and which renderers were tried.
    NoRenderer {
        /// The first failure.
        first: String,
        /// Names of the renderers that were tried.
        tried: String,
    },
    /// The window was there and an internal error took it away; the log has the place.
    Crashed,
}

impl StartError {
    /// One clear sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::NoDisplay(advice) => format!("SkyBackup needs a display to open its window: {advice}"),
            Self::NoRenderer { first, tried } => {
                format!("SkyBackup could not draw its window with {tried} ({first}); {DRIVER_ADVICE}")
            }
            Self::Crashed => "SkyBackup had to close because of an internal error; the log says where".to_owned(),
        }
    }

    /// The exit code of the process: 2 without a display, else 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoDisplay(_) => 2,
            Self::NoRenderer { .. } | Self::Crashed => 1,
        }
    }
}

/// Whether a window or a message box can be expected to show. Only Unix systems run without a display.
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"].into_iter().any(is_set)
}

/// Says a fatal sentence: always on standard error, and in a message box where a display exists. Returns after the box
/// was closed.
pub fn fatal(sentence: &str) {
    tracing::error!("{sentence}");
    super::print_error(sentence);
    if has_display() {
        super::message_box(rfd::MessageLevel::Error, sentence);
    }
}

/// An application, or why none could be made.
pub(super) type Made = Result<Box<dyn App>, Box<dyn std::error::Error + Send + Sync>>;

/// Opens the window with the first renderer of `order` that works, and returns after the window was closed. `make`
/// builds the app and is called again for every renderer that got as far as a window. After a failure of all, the first
/// error is the one told: later ones often only follow from it.
#[expect(clippy::needless_pass_by_value, reason = "the caller has no further use for it")]
pub fn open_window(
    order: [Renderer; 2],
    viewport: egui::ViewportBuilder,
    make: &dyn Fn(&CreationContext<'_>) -> Made,
) -> Result<(), StartError> {
    if !has_display() {
        return Err(StartError::NoDisplay(NO_DISPLAY_SET.to_owned()));
    }
    let tried = order.map(|renderer| renderer.to_string()).join(" and ");
    let mut first_failure = None;
    for renderer in order {
        let is_made = Cell::new(false);
        let options = NativeOptions {
            renderer,
            viewport: viewport.clone(),
            wgpu_options: wgpu_options(),
            ..NativeOptions::default()
        };
        let creator: eframe::AppCreator<'_> = Box::new(|context| {
            is_made.set(true);
            make(context)
        });
        let run = || eframe::run_native("SkyBackup", options, creator);
        let failure = match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => from_error(&error, &tried),
            Err(_) if is_made.get() => return Err(StartError::Crashed),
            Err(panic) => from_panic(panic.as_ref(), &tried),
        };
        tracing::warn!(%renderer, "no window: {failure:?}");
        // No other renderer would help.
        let is_final = matches!(failure, StartError::NoDisplay(_));
        first_failure.get_or_insert(failure);
        if is_final {
            break;
        }
    }
    first_failure.map_or(Ok(()), Err)
}

const NO_DISPLAY_SET: &str = "neither DISPLAY nor WAYLAND_DISPLAY is set; start it from a desktop session";
const DRIVER_ADVICE: &str = if cfg!(all(unix, not(target_os = "macos"))) {
    "update the graphics driver, or on Debian and Ubuntu install libgl1 and libgl1-mesa-dri, which draw without one"
} else {
    "update the graphics driver"
};
const NO_RESPONSE: &str = if cfg!(windows) {
    "Windows gave no desktop to open it on; start it while you are signed in, not from a service"
} else if cfg!(target_os = "macos") {
    "macOS gave no desktop to open it on; start it while you are signed in, not over SSH"
} else {
    "the display named by DISPLAY or WAYLAND_DISPLAY does not answer; start it from a desktop session"
};
const NO_LIBRARY: &str = "a library of the window system is missing; on Debian and Ubuntu install libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libgl1";

fn from_error(error: &eframe::Error, tried: &str) -> StartError {
    let text = error.to_string();
    match error {
        eframe::Error::WinitEventLoop(_) => StartError::NoDisplay(event_loop_advice(&text).to_owned()),
        // Its text is the dump of a struct.
        eframe::Error::NoGlutinConfigs(..) => no_renderer("no OpenGL driver", tried),
        _ => no_renderer(&text, tried),
    }
}

/// A panic before the app was made comes from a library: a renderer, or the one that reads the keyboard.
fn from_panic(payload: &(dyn Any + Send), tried: &str) -> StartError {
    let text = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or_default();
    if text.contains("xkbcommon") { StartError::NoDisplay(NO_LIBRARY.to_owned()) } else { no_renderer(text, tried) }
}

/// The first line of a foreign text becomes part of the sentence.
fn no_renderer(text: &str, tried: &str) -> StartError {
    let line = text.lines().next().unwrap_or_default();
    StartError::NoRenderer { first: crate::domain::sanitize_for_display(line).into_owned(), tried: tried.to_owned() }
}

/// What to do about an event loop that could not be made, from winit's words.
fn event_loop_advice(text: &str) -> &'static str {
    if text.contains("shared libraries") || text.contains("xkbcommon") {
        NO_LIBRARY
    } else if text.contains("neither WAYLAND_DISPLAY") {
        NO_DISPLAY_SET
    } else {
        NO_RESPONSE
    }
}

/// eframe's own configuration, with an adapter chosen among those that can draw on this window: the first offer of some
/// virtual machines cannot, and wgpu panics on it.
fn wgpu_options() -> WgpuConfiguration {
    let mut options = WgpuConfiguration::default();
    if let WgpuSetup::CreateNew(setup) = &mut options.wgpu_setup {
        setup.native_adapter_selector = Some(Arc::new(|adapters, surface| {
            let can_draw = |adapter: &&wgpu::Adapter| {
                surface.is_none_or(|surface| !surface.get_capabilities(adapter).formats.is_empty())
            };
            let best = adapters.iter().filter(can_draw).min_by_key(|adapter| rank(adapter.get_info().device_type));
            best.cloned().ok_or_else(|| "no graphics adapter can draw on this window".to_owned())
        }));
    }
    options
}

/// Lower is better.
fn rank(device: wgpu::DeviceType) -> u8 {
    match device {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_winit_become_advice() {
        for (text, expected) in [
            (
                "winit EventLoopError: os error at x.rs: neither WAYLAND_DISPLAY nor WAYLAND_SOCKET nor DISPLAY is set.",
                NO_DISPLAY_SET,
            ),
            ("winit EventLoopError: os error at x.rs: Failed to load one of xlib's shared libraries", NO_LIBRARY),
            ("winit EventLoopError: os error at x.rs: Failed to open connection to X server", NO_RESPONSE),
            ("winit EventLoopError: os error at x.rs: Could not find wayland compositor", NO_RESPONSE),
        ] {
            assert_eq!(event_loop_advice(text), expected, "{text}");
        }
    }

    #[test]
    fn panics_before_the_window_are_sorted() {
        let keyboard = "Library libxkbcommon-x11.so could not be loaded.".to_owned();
        let no_renderer = |first: &str| StartError::NoRenderer { first: first.to_owned(), tried: "glow".to_owned() };
        assert_eq!(from_panic(&keyboard, "glow"), StartError::NoDisplay(NO_LIBRARY.to_owned()));
        assert_eq!(from_panic(&"surface is odd\nand more", "glow"), no_renderer("surface is odd"));
        assert_eq!(from_panic(&7_u8, "glow"), no_renderer(""));
    }

    #[test]
    fn every_failure_is_one_sentence_and_has_its_exit_code() {
        let no_renderer = StartError::NoRenderer { first: "no adapter".to_owned(), tried: "glow and wgpu".to_owned() };
        for (error, code) in
            [(StartError::NoDisplay(NO_DISPLAY_SET.to_owned()), 2), (no_renderer, 1), (StartError::Crashed, 1)]
        {
            let sentence = error.sentence();
            assert!(!sentence.contains('\n') && !sentence.ends_with('.'), "{sentence}");
            assert_eq!(error.exit_code(), code);
        }
    }
}
