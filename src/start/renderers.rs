//! Which renderer is tried first, and what the last start learned about it.

use std::fs;
use std::io;
use std::path::Path;

use eframe::Renderer;

use crate::files::create_private_folder;
use crate::settings::RendererChoice;

/// The usual renderer of this system. A remote desktop of Windows has no usable OpenGL; on Linux and other Unix systems OpenGL in
/// software is always there.
pub const USUAL_RENDERER: Renderer =
    if cfg!(any(windows, target_os = "macos")) { Renderer::Wgpu } else { Renderer::Glow };

/// What earlier starts wrote down in the state folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastStart {
    /// The renderer that last showed a frame.
    pub worked: Option<Renderer>,
    /// The renderer of a start that never showed a frame: it took the whole process down.
    pub unfinished: Option<Renderer>,
}

const WORKED_FILE: &str = "renderer";
const STARTING_FILE: &str = "starting";

impl LastStart {
    /// Reads the two notes; a missing or odd one is none.
    #[must_use]
    pub fn read(state_dir: &Path) -> Self {
        let note = |name| fs::read_to_string(state_dir.join(name)).ok()?.trim().parse().ok();
        Self { worked: note(WORKED_FILE), unfinished: note(STARTING_FILE) }
    }
}

/// Notes that a start with this renderer begins; to be called before [`super::open_window`] with the first of the order.
pub fn mark_starting(state_dir: &Path, renderer: Renderer) -> io::Result<()> {
    create_private_folder(state_dir)?;
    fs::write(state_dir.join(STARTING_FILE), renderer.to_string())
}

/// Takes the note of a start back; to be called when there was no display, which says nothing about the renderer.
pub fn withdraw_start(state_dir: &Path) -> io::Result<()> {
    fs::remove_file(state_dir.join(STARTING_FILE))
}

/// Notes that this renderer showed a frame; to be called once, in the second frame.
pub fn mark_shown(state_dir: &Path, renderer: Renderer) -> io::Result<()> {
    fs::write(state_dir.join(WORKED_FILE), renderer.to_string())?;
    withdraw_start(state_dir)
}

/// The renderers in the order to try. First what the command line asks, then what the preferences ask; without a wish the
/// one that worked, unless the last start with it never showed a frame; at last the `usual` one of the system.
#[must_use]
pub fn renderer_order(
    asked: RendererChoice,
    preferred: RendererChoice,
    last: LastStart,
    usual: Renderer,
) -> [Renderer; 2] {
    let wish = |choice| match choice {
        RendererChoice::Auto => None,
        RendererChoice::Glow => Some(Renderer::Glow),
        RendererChoice::Wgpu => Some(Renderer::Wgpu),
    };
    let first = wish(asked).or(wish(preferred)).or(last.unfinished.map(other)).or(last.worked).unwrap_or(usual);
    [first, other(first)]
}

fn other(renderer: Renderer) -> Renderer {
    match renderer {
        Renderer::Glow => Renderer::Wgpu,
        Renderer::Wgpu => Renderer::Glow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RendererChoice as Choice;

    #[test]
    fn the_order() {
        const GLOW: Renderer = Renderer::Glow;
        const WGPU: Renderer = Renderer::Wgpu;
        let last = |worked, unfinished| LastStart { worked, unfinished };
        for (asked, preferred, last, usual, first) in [
            (Choice::Auto, Choice::Auto, last(None, None), GLOW, GLOW),
            (Choice::Auto, Choice::Auto, last(None, None), WGPU, WGPU),
            (Choice::Auto, Choice::Auto, last(Some(WGPU), None), GLOW, WGPU),
            (Choice::Auto, Choice::Auto, last(Some(GLOW), Some(GLOW)), GLOW, WGPU),
            (Choice::Auto, Choice::Auto, last(None, Some(WGPU)), WGPU, GLOW),
            (Choice::Auto, Choice::Wgpu, last(Some(GLOW), Some(WGPU)), GLOW, WGPU),
            (Choice::Glow, Choice::Wgpu, last(Some(WGPU), None), WGPU, GLOW),
        ] {
            let order = renderer_order(asked, preferred, last, usual);
            assert_eq!(order[0], first, "{asked:?} {preferred:?} {last:?} {usual:?}");
            assert_ne!(order[0], order[1], "the other one is always tried");
        }
    }

    #[test]
    fn notes_of_a_start() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state");
        assert_eq!(LastStart::read(&state), LastStart::default());
        mark_starting(&state, Renderer::Glow).unwrap();
        let broken = LastStart::read(&state);
        assert_eq!((broken.worked, broken.unfinished), (None, Some(Renderer::Glow)));
        withdraw_start(&state).unwrap();
        assert_eq!(LastStart::read(&state), LastStart::default());
        mark_starting(&state, Renderer::Wgpu).unwrap();
        mark_shown(&state, Renderer::Wgpu).unwrap();
        let good = LastStart::read(&state);
        assert_eq!((good.worked, good.unfinished), (Some(Renderer::Wgpu), None));
        fs::write(state.join(WORKED_FILE), "software").unwrap();
        assert_eq!(LastStart::read(&state).worked, None);
    }
}
