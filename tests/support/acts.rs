//! What the user does at the window, and what they wait for.
//!
//! Every act waits until what it acts on is there, alone, usable, in sight and standing still, and is then done within one frame:
//! nothing that arrives meanwhile comes between the look and the act. Everything that comes about by and by is waited for by
//! state; how long that takes is the machine's affair.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use egui::accesskit::{Action, ActionRequest};
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, Role};
use egui_kittest::Node;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};

use super::story::Story;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);
/// What does not ring the bell is looked at so often.
const GLANCE: Duration = Duration::from_millis(20);

/// Rings when the window wants to be drawn; between two rings nothing changes in it but by the clock.
#[derive(Clone, Default)]
pub(crate) struct Bell(Arc<(Mutex<bool>, Condvar)>);

impl Bell {
    pub(super) fn ring(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_one();
    }

    /// Waits for a ring since the last time, for a moment.
    fn listen(&self) {
        let is_silent = |rung: &mut bool| !*rung;
        let (mut rung, _timeout) = self.0.1.wait_timeout_while(self.0.0.lock().unwrap(), GLANCE, is_silent).unwrap();
        *rung = false;
    }
}

impl Story {
    /// Everything that is named on the screen.
    fn words(&self) -> Vec<String> {
        let named = self.window.query_all_by_label_contains("");
        named.filter_map(|node| node.accesskit_node().label()).collect()
    }

    /// Draws until the closure finds something; fails with what was waited for and what the screen says instead.
    fn wait_for<T>(&mut self, what: &str, mut find: impl FnMut(&mut Self) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = find(self) {
                return found;
            }
            assert!(Instant::now() < deadline, "waited in vain until {what}; the screen says {:#?}", self.words());
            self.bell.listen();
            self.step();
        }
    }

    /// Draws until something is so; fails with what was waited for and what the screen says instead.
    pub(crate) fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        self.wait_for(what, |story| is_so(story).then_some(()));
        self.step();
    }

    /// Draws until a text is on the screen.
    pub(crate) fn until_shown(&mut self, text: &str) {
        self.until(&format!("{text:?} is shown"), |story| story.shows(text));
    }

    /// True where a text is somewhere on the screen, as a name or a value.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.window.query_all_by_label_contains(text).next().is_some()
    }

    /// Where the one thing is that is meant.
    fn place_of(&self, target: &By<'_>) -> Option<Rect> {
        let mut found = self.window.query_all(target.clone());
        let place = found.next()?.rect();
        found.next().is_none().then_some(place)
    }

    /// As [`Self::place_of`], if it can be used: a response may still be on its way.
    fn usable(&self, target: &By<'_>) -> Option<Rect> {
        let is_disabled = |node: Node<'_>| node.accesskit_node().is_disabled();
        self.place_of(target).filter(|_| !self.window.query_all(target.clone()).any(is_disabled))
    }

    /// Waits until what is meant stands still in its place, scrolls to it as far as needed, and gives the place.
    fn settled(&mut self, target: &By<'_>, place_of: impl Fn(&Self, &By<'_>) -> Option<Rect>) -> Rect {
        let mut before = None;
        self.wait_for(&format!("{target:?} can be used"), |story| {
            let place = place_of(story, target);
            let stands_still = place.is_some() && place == before;
            before = place;
            let place = place.filter(|_| stands_still)?;
            if story.window.ctx.content_rect().contains(place.center()) {
                return Some(place);
            }
            story.window.get(target.clone()).scroll_to_me();
            None
        })
    }

    /// Does something within one frame, and draws another one that shows the result.
    fn act(&mut self, events: impl IntoIterator<Item = Event>) {
        self.frame_with(events);
        self.step();
    }

    fn frame_with(&mut self, events: impl IntoIterator<Item = Event>) {
        self.window.input_mut().events.extend(events);
        self.step();
    }

    /// Clicks what has exactly this name.
    pub(crate) fn click(&mut self, name: &str) {
        self.click_at(&By::new().label(name));
    }

    /// Clicks what has this role and exactly this name.
    pub(crate) fn click_role(&mut self, role: Role, name: &str) {
        self.click_at(&By::new().role(role).label(name));
    }

    /// Clicks what is meant.
    pub(crate) fn click_at(&mut self, target: &By<'_>) {
        let pos = self.settled(target, Self::usable).center();
        self.act(click(pos));
    }

    /// Clicks what has exactly this name, and the same place again in the next frame.
    pub(crate) fn click_twice(&mut self, name: &str) {
        let pos = self.settled(&By::new().label(name), Self::usable).center();
        self.frame_with(click(pos));
        self.act(click(pos));
    }

    /// Puts the pointer on what has this role and exactly this name, usable or not.
    pub(crate) fn hover_role(&mut self, role: Role, name: &str) {
        let pos = self.settled(&By::new().role(role).label(name), Self::place_of).center();
        self.act([Event::PointerMoved(pos)]);
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: Key) {
        self.press_with(Modifiers::NONE, key);
    }

    /// Presses a key while others are held down.
    pub(crate) fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        let [down, up] = stroke(modifiers, key);
        self.frame_with([Event::ModifiersChanged(modifiers), down]);
        self.act([up, Event::ModifiersChanged(Modifiers::NONE)]);
    }

    /// Does something in the field of this name, which gets the keyboard for it.
    pub(crate) fn act_in(&mut self, role: Role, name: &str, events: impl IntoIterator<Item = Event>) {
        let target = By::new().role(role).label(name);
        self.wait_for(&format!("{target:?} can be used"), |story| story.usable(&target));
        let focus = focus(&self.window.get(target));
        self.act([focus].into_iter().chain(events));
    }

    /// Types into the field of this name.
    pub(crate) fn type_into(&mut self, role: Role, name: &str, text: &str) {
        self.act_in(role, name, [Event::Text(text.to_owned())]);
    }

    /// Replaces the text of a field.
    pub(crate) fn fill(&mut self, role: Role, name: &str, text: &str) {
        self.replace_by(role, name, Event::Text(text.to_owned()));
    }

    /// Pastes into the field of the key in place of what is there, line breaks and all.
    pub(crate) fn paste_key(&mut self, text: &str) {
        self.replace_by(Role::PasswordInput, "API key", Event::Paste(text.to_owned()));
    }

    fn replace_by(&mut self, role: Role, name: &str, event: Event) {
        self.act_in(role, name, stroke(Modifiers::COMMAND, Key::A).into_iter().chain([event]));
    }
}

/// The pointer goes there, down and up.
fn click(pos: Pos2) -> [Event; 3] {
    let button =
        |pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
    [Event::PointerMoved(pos), button(true), button(false)]
}

/// A key that goes down and up.
fn stroke(modifiers: Modifiers, key: Key) -> [Event; 2] {
    [true, false].map(|pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers })
}

/// Gives the keyboard to a field.
fn focus(node: &Node<'_>) -> Event {
    let (target_node, target_tree) = node.accesskit_node().locate();
    Event::AccessKitActionRequest(ActionRequest { action: Action::Focus, target_node, target_tree, data: None })
}
