//! Many buttons, one stop of Tab: inside a group the arrow keys go from one to the next.

use egui::{EventFilter, Id, Key, Modifiers, Sense, Ui};

/// What one frame of a group tells the next, kept under the id of the group.
#[derive(Clone, Debug, Default)]
struct Members {
    /// The buttons of the last frame, in the order they were drawn.
    last: Vec<Id>,
    /// Those of this frame so far.
    now: Vec<Id>,
    /// The one that Tab stops at: the last that had the keyboard.
    current: Option<Id>,
}

/// The group that is being drawn, if any.
fn open_group() -> Id {
    Id::unique("open focus group")
}

/// Draws a group. Tab comes to one of its buttons and leaves from there; up, down, Home and End move inside.
pub fn focus_group<R>(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    let id = Id::unique(("focus group", name));
    let mut members: Members = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    members.last = std::mem::take(&mut members.now);
    let focused = ui.memory(egui::Memory::focused);
    let place = focused.and_then(|focused| members.last.iter().position(|member| *member == focused));
    if let Some(place) = place {
        members.current = focused;
        if let Some(next) = next_member(ui, &members.last, place, [Key::ArrowUp, Key::ArrowDown]) {
            members.current = Some(next);
            ui.memory_mut(|memory| memory.request_focus(next));
        }
        if let Some(current) = members.current {
            let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(current, arrows));
        }
    }
    if members.current.is_some_and(|current| !members.last.contains(&current)) {
        members.current = None;
    }
    ui.data_mut(|data| {
        data.insert_temp(id, members);
        data.insert_temp(open_group(), id);
    });
    let shown = add(ui);
    ui.data_mut(|data| data.remove::<Id>(open_group()));
    shown
}

/// The member that a key leads to from the one at `place`: `back` and `on` to the one beside it, Home and End to the outermost.
pub(super) fn next_member(ui: &Ui, members: &[Id], place: usize, [back, on]: [Key; 2]) -> Option<Id> {
    let last = members.len().saturating_sub(1);
    let steps = [(back, place.saturating_sub(1)), (on, (place + 1).min(last)), (Key::Home, 0), (Key::End, last)];
    let is_pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let (_, to) = steps.into_iter().find(|(key, _)| is_pressed(*key))?;
    members.get(to).copied()
}

/// How the button that is drawn next senses clicks: in a group only one can be reached by Tab.
pub(super) fn sense(ui: &Ui) -> Sense {
    sense_of(ui, ui.next_auto_id())
}

/// The same for a button of this id.
pub(super) fn sense_of(ui: &Ui, id: Id) -> Sense {
    let Some(group) = ui.data(|data| data.get_temp::<Id>(open_group())) else { return Sense::click() };
    let is_current = ui.data_mut(|data| {
        let members: &mut Members = data.get_temp_mut_or_default(group);
        members.now.push(id);
        members.current.map_or(members.now.len() == 1, |current| current == id)
    });
    if is_current { Sense::click() } else { Sense::CLICK }
}
