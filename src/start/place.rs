//! Whether a window fits the screens of today, and can be reached where it stood the last time.

use egui::{Pos2, Rect, Vec2};

use crate::settings::WindowPlace;

/// The smallest the window can be made, in points.
pub(super) const SMALLEST: [f32; 2] = [760.0, 480.0];
/// Its size the first time, where the screen is large enough.
pub(super) const USUAL: [f32; 2] = [1280.0, 800.0];

/// Where the window has to go so that it can be reached; `None` where it may stay. All in the units of the saved place.
pub(super) fn correction(place: WindowPlace, screens: &[Rect]) -> Option<Pos2> {
    let corner = Pos2::new(place.x?, place.y?);
    let window = Rect::from_min_size(corner, Vec2::new(place.width, place.height));
    let shown = |screen: &Rect| {
        let common = window.intersect(*screen);
        if common.is_positive() { common.area() } else { 0.0 }
    };
    let is_whole = screens.iter().map(shown).sum::<f32>() >= window.area() - 1.0;
    // The first screen takes in a window that is on none.
    let home = screens.iter().rev().max_by(|a, b| shown(a).total_cmp(&shown(b)))?;
    let last = (home.max - window.size()).max(home.min);
    (!is_whole).then(|| corner.clamp(home.min, last)).filter(|wanted| *wanted != corner)
}

/// What a desktop keeps around a window, in points: its frame and title bar, and a taskbar, dock or menu bar.
const AROUND: Vec2 = Vec2::new(16.0, 112.0);

/// The size of a window that is too large for every screen, made to fit the largest; `None` where it may stay.
pub(super) fn fitting_size(wanted: Vec2, screens: &[Rect]) -> Option<Vec2> {
    let fits = |screen: &Rect| wanted.x <= screen.width() && wanted.y + AROUND.y <= screen.height();
    let largest = screens.iter().max_by(|a, b| a.area().total_cmp(&b.area()))?;
    (!screens.iter().any(fits)).then(|| wanted.min((largest.size() - AROUND).max(SMALLEST.into())))
}

/// Brings a window that was just made, and is not shown yet, onto the screens that there are: the one that stood at `place`, or one
/// that opens for the first time.
pub(super) fn bring_back(context: &eframe::CreationContext<'_>, place: Option<WindowPlace>) {
    let Some(window) = context.winit_window() else { return };
    // A Mac places windows in points, each screen by its own scale; the others in pixels, saved by the window's.
    let screens: Vec<Rect> = window
        .available_monitors()
        .map(|screen| {
            let scale = if cfg!(target_os = "macos") { screen.scale_factor() } else { window.scale_factor() };
            let corner = screen.position().to_logical::<f32>(scale);
            let size = screen.size().to_logical::<f32>(scale);
            Rect::from_min_size(Pos2::new(corner.x, corner.y), Vec2::new(size.width, size.height))
        })
        .collect();
    let wanted = place.map_or(USUAL.into(), |place| Vec2::new(place.width, place.height));
    let size = fitting_size(wanted, &screens);
    if let Some(size) = size {
        tracing::info!("the window is made smaller, to fit the screen");
        context.egui_ctx.send_viewport_cmd(egui::ViewportCommand::InnerSize(size));
    }
    let size = size.unwrap_or(wanted);
    let stood = place.map(|place| WindowPlace { width: size.x, height: size.y, ..place });
    if let Some(corner) = stood.and_then(|stood| correction(stood, &screens)) {
        tracing::info!("the window is brought back onto the screen");
        context.egui_ctx.send_viewport_cmd(egui::ViewportCommand::OuterPosition(corner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(x: f32, y: f32, width: f32, height: f32) -> Rect {
        Rect::from_min_size(Pos2::new(x, y), Vec2::new(width, height))
    }

    fn moved(x: f32, y: f32, screens: &[Rect]) -> Option<(f32, f32)> {
        let place = WindowPlace { width: 1000.0, height: 700.0, x: Some(x), y: Some(y), maximized: false };
        correction(place, screens).map(|corner| (corner.x, corner.y))
    }

    #[test]
    fn a_window_that_is_not_wholly_on_the_screens_comes_back() {
        let one = [screen(0.0, 0.0, 1920.0, 1080.0)];
        assert_eq!(moved(100.0, 100.0, &one), None);
        assert_eq!(moved(5000.0, 4000.0, &one), Some((920.0, 380.0)), "off the screen");
        assert_eq!(moved(-900.0, -20.0, &one), Some((0.0, 0.0)), "a corner is in sight");
        assert_eq!(moved(1500.0, 100.0, &one), Some((920.0, 100.0)), "half of it is");
        let two = [one[0], screen(1920.0, 0.0, 1920.0, 1080.0)];
        assert_eq!(moved(1500.0, 100.0, &two), None, "over two screens, and whole");
        assert_eq!(moved(3000.0, 100.0, &two), Some((2840.0, 100.0)), "onto the screen it is on");
        assert_eq!(moved(9000.0, 9000.0, &two), Some((920.0, 380.0)), "onto the first");
        let left = [one[0], screen(-1920.0, 0.0, 1920.0, 1080.0)];
        assert_eq!(moved(-1800.0, 50.0, &left), None, "left of the first");
    }

    #[test]
    fn a_window_larger_than_every_screen_is_made_smaller() {
        let fitted = |screens: &[Rect]| fitting_size(USUAL.into(), screens).map(|size| (size.x, size.y));
        assert_eq!(fitted(&[screen(0.0, 0.0, 1920.0, 1080.0)]), None);
        assert_eq!(fitted(&[screen(0.0, 0.0, 1280.0, 720.0)]), Some((1264.0, 608.0)), "full HD at 150 %");
        assert_eq!(fitted(&[screen(0.0, 0.0, 1280.0, 720.0), screen(1280.0, 0.0, 1920.0, 1080.0)]), None);
        assert_eq!(fitted(&[screen(0.0, 0.0, 640.0, 400.0)]), Some((760.0, 480.0)), "never below the smallest");
        assert_eq!(fitted(&[]), None, "no screens");
    }

    #[test]
    fn where_little_is_known_it_stays() {
        assert_eq!(moved(5000.0, 0.0, &[]), None, "no screens");
        let small = [screen(0.0, 0.0, 800.0, 600.0)];
        assert_eq!(moved(10.0, 10.0, &small), Some((0.0, 0.0)), "too large for the screen: its corner counts");
        assert_eq!(moved(0.0, 0.0, &small), None);
        let wayland = WindowPlace { width: 1000.0, height: 700.0, x: None, y: None, maximized: true };
        assert_eq!(correction(wayland, &small), None);
    }
}
