//! Menus: their lines, a bar of them, and the keyboard's way in, through and out again.
//!
//! egui walks the lines of an open menu with the arrow keys; this file opens menus by key, goes from one menu of a bar to the next,
//! and gives the keyboard back to what had it before.

use egui::accesskit::HasPopup;
use egui::{
    Context, Event, FocusDirection, Id, InputState, Key, Modifiers, Popup, Rect, Response, Role, Sense, TextStyle, Ui,
    UiBuilder, WidgetInfo, vec2,
};

use super::button::{ActionButton, ButtonStyle};
use super::paint;
use crate::theme::{self, icon, radius, space};

/// The width of every menu, in points.
const MENU_WIDTH: f32 = 240.0;

/// The menu that is open, as far as the keyboard is concerned.
#[derive(Clone, Debug, Default)]
struct OpenMenu {
    /// The pass in which it was drawn last.
    pass: u64,
    /// Its layer, which tells it from any other menu.
    layer: Option<Id>,
    /// What had the keyboard before.
    before: Option<Id>,
    /// Its lines of this pass.
    lines: Vec<Id>,
    /// It was opened by key: its first line takes the keyboard.
    wants_first: bool,
}

fn slot() -> Id {
    Id::unique("open menu")
}

/// Sets width and spacing of a menu: the first call in every menu of [`menu_item`] lines.
pub fn begin_menu(ui: &mut Ui) {
    ui.set_width(MENU_WIDTH);
    ui.spacing_mut().item_spacing.y = 0.0;
    let (pass, layer) = (ui.cumulative_pass_nr(), Some(ui.layer_id().id));
    let open: Option<OpenMenu> = ui.data(|data| data.get_temp(slot()));
    let menu = match open {
        Some(menu) if menu.layer == layer && menu.pass == pass => return,
        Some(menu) if menu.layer == layer && menu.pass + 1 >= pass => OpenMenu { pass, lines: Vec::new(), ..menu },
        other => {
            let old_lines = other.as_ref().map_or(&[][..], |other| &other.lines[..]);
            let focused = ui.memory(egui::Memory::focused).filter(|focused| !old_lines.contains(focused));
            // From one menu of a bar to the next: what had the keyboard before the first one gets it back.
            let before = other.filter(|other| other.pass + 2 >= pass).map_or(focused, |other| other.before);
            let by_pointer = ui.input(|input| input.pointer.any_pressed() || input.pointer.any_released());
            OpenMenu { pass, layer, before, lines: Vec::new(), wants_first: !by_pointer }
        }
    };
    ui.data_mut(|data| data.insert_temp(slot(), menu));
}

/// Takes note of a line of the open menu.
fn note_line(ui: &Ui, line: &Response) {
    if !line.enabled() {
        return;
    }
    let takes_keyboard = ui.data_mut(|data| {
        let menu: &mut OpenMenu = data.get_temp_mut_or_default(slot());
        if menu.layer != Some(ui.layer_id().id) {
            return false;
        }
        menu.lines.push(line.id);
        std::mem::take(&mut menu.wants_first)
    });
    if takes_keyboard {
        line.request_focus();
    }
}

/// What has the keyboard, or had it before a menu was opened.
#[must_use]
pub fn keyboard_owner(ctx: &Context) -> Option<Id> {
    let focused = ctx.memory(egui::Memory::focused);
    let menu: Option<OpenMenu> = ctx.data(|data| data.get_temp(slot()));
    match menu {
        Some(menu) if focused.is_none_or(|focused| menu.lines.contains(&focused)) => menu.before,
        _ => focused,
    }
}

/// Gives the keyboard back after a menu has closed. Called once at the begin of every frame.
pub fn keyboard_after_menu(ctx: &Context) {
    let Some(menu) = ctx.data(|data| data.get_temp::<OpenMenu>(slot())) else { return };
    if Popup::is_any_open(ctx) {
        return;
    }
    let has_left = ctx.memory(egui::Memory::focused).is_none_or(|focused| menu.lines.contains(&focused));
    ctx.data_mut(|data| data.remove::<OpenMenu>(slot()));
    if let Some(before) = menu.before.filter(|_| has_left) {
        ctx.memory_mut(|memory| memory.request_focus(before));
    }
}

/// One line of a menu: icon (or `""`), words, and the keys that do the same (or `""`).
pub fn menu_item(ui: &mut Ui, icon: &str, text: &str, shortcut: &str) -> Response {
    let width = ui.available_width().min(MENU_WIDTH);
    let line = item(ui, width, icon, text, shortcut);
    note_line(ui, &line);
    line
}

/// What a line of a menu that is on or off says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuMark {
    /// On or off, independent of the others.
    Check(bool),
    /// One of several.
    Radio(bool),
}

/// A line of a menu for something that is on or off.
pub fn menu_choice(ui: &mut Ui, mark: MenuMark, text: &str, shortcut: &str) -> Response {
    let (role, is_on, glyph) = match mark {
        MenuMark::Check(is_on) => (Role::MenuItemCheckBox, is_on, icon::CHECK),
        MenuMark::Radio(is_on) => (Role::MenuItemRadio, is_on, icon::CHECK),
    };
    let line = menu_item(ui, if is_on { glyph } else { "" }, text, shortcut);
    line.widget_info(|| WidgetInfo::selected(role, line.enabled(), is_on, text));
    line
}

/// The same as [`menu_item`] as wide as there is room: a line of a list that is not a menu.
pub fn list_item(ui: &mut Ui, icon: &str, text: &str, shortcut: &str) -> Response {
    let width = ui.available_width();
    item(ui, width, icon, text, shortcut)
}

fn item(ui: &mut Ui, width: f32, icon: &str, text: &str, shortcut: &str) -> Response {
    const ICON_COLUMN: f32 = 24.0;
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme::height::ROW), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, ui.is_enabled(), text));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let painter = ui.painter();
    if response.hovered() && ui.is_enabled() {
        painter.rect_filled(rect, radius::CONTROL, tokens.hover);
    }
    let y = rect.center().y;
    let mut right = rect.right() - space::S;
    if !shortcut.is_empty() {
        let keys = paint::whole_line(ui, shortcut, &TextStyle::Small, tokens.text_faint);
        right -= keys.size().x;
        paint::left_centered(painter, right, y, keys, tokens.text_faint);
        right -= space::M;
    }
    if !icon.is_empty() {
        paint::icon(painter, egui::pos2(rect.left() + space::S + 8.0, y), icon, 15.0, tokens.text_secondary);
    }
    let left = rect.left() + space::S + ICON_COLUMN;
    let words = paint::line(painter, text, TextStyle::Body.resolve(ui.style()), tokens.text, right - left);
    let is_cut = words.elided;
    paint::left_centered(painter, left, y, words, tokens.text);
    paint::focus_ring(ui, &response, rect);
    if is_cut { response.on_hover_text(text) } else { response }
}

/// A button that opens a menu, such as the one of the profile.
pub fn menu_button(ui: &mut Ui, button: ActionButton<'_>, add: impl FnOnce(&mut Ui)) -> Response {
    let button = ui.add(button);
    opens_menu(&button, None);
    Popup::menu(&button).show(|ui| {
        begin_menu(ui);
        add(ui);
    });
    button
}

/// Tells a screen reader that a button opens a menu, and whether it is open.
fn opens_menu(button: &Response, role: Option<Role>) {
    let is_open = Popup::is_id_open(&button.ctx, Popup::default_response_id(button));
    button.ctx.accesskit_node_builder(button.id, |node| {
        node.set_has_popup(HasPopup::Menu);
        node.set_expanded(is_open);
        if let Some(role) = role {
            node.set_role(role);
        }
    });
}

/// Menus side by side, filled by `add` with the number of the menu. F10, or Alt pressed alone, goes to the first; left and right go
/// to the next one; Esc gives the keyboard back.
pub fn menu_bar(ui: &mut Ui, titles: &[&str], mut add: impl FnMut(&mut Ui, usize)) {
    ui.scope_builder(UiBuilder::new().accessibility_role(Role::MenuBar), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let buttons: Vec<Response> =
            titles.iter().map(|title| ui.add(ActionButton::new(ButtonStyle::Quiet, title))).collect();
        bar_keyboard(ui, &buttons);
        for (number, button) in buttons.iter().enumerate() {
            opens_menu(button, Some(Role::MenuItem));
            Popup::menu(button).accessible_name(titles.get(number).copied().unwrap_or_default()).show(|ui| {
                begin_menu(ui);
                add(ui, number);
            });
        }
    });
}

/// Opens menus of a bar by key, and the one under the pointer while another is open.
fn bar_keyboard(ui: &Ui, buttons: &[Response]) {
    let popup = |button: &Response| Popup::default_response_id(button);
    let open = buttons.iter().position(|button| Popup::is_id_open(ui.ctx(), popup(button)));
    let on_title = buttons.iter().position(Response::has_focus);
    // With Shift it is the menu of a row.
    let is_f10 = ui.input_mut(|input| consume_alone(input, Key::F10));
    let is_asked = is_alt_alone(ui) || is_f10;
    if is_asked {
        match (open, buttons.first()) {
            (Some(_), _) => Popup::close_all(ui.ctx()),
            (None, Some(first)) => Popup::open_id(ui.ctx(), popup(first)),
            (None, None) => {}
        }
        return;
    }
    let hovered = buttons.iter().position(|button| button.hovered() && !button.clicked());
    if let (Some(open), Some(hovered)) = (open, hovered)
        && open != hovered
        && ui.input(|input| input.pointer.is_moving())
        && let Some(button) = buttons.get(hovered)
    {
        Popup::open_id(ui.ctx(), popup(button));
        return;
    }
    let Some(from) = open.or(on_title) else { return };
    let (left, right, down) = ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        (pressed(Key::ArrowLeft), pressed(Key::ArrowRight), open.is_none() && pressed(Key::ArrowDown))
    });
    let count = buttons.len();
    let to = match (left, right, down) {
        (true, ..) => (from + count - 1) % count,
        (_, true, _) => (from + 1) % count,
        (.., true) => from,
        _ => return,
    };
    let Some(button) = buttons.get(to) else { return };
    // egui would go to whatever lies in this direction.
    ui.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    if open.is_some() || down {
        Popup::open_id(ui.ctx(), popup(button));
    } else {
        button.request_focus();
    }
}

/// Takes a key that was pressed with no modifier at all. The modifiers of the event count: by the end of the frame they may be
/// released.
pub(super) fn consume_alone(input: &mut InputState, key: Key) -> bool {
    let is_it = |event: &Event| matches!(event, Event::Key { key: is, pressed: true, modifiers, .. } if *is == key && modifiers.is_none());
    let count = input.events.len();
    input.events.retain(|event| !is_it(event));
    input.events.len() < count
}

/// Alt was pressed and let go with nothing between; not on macOS, where it types other characters.
fn is_alt_alone(ui: &Ui) -> bool {
    if ui.ctx().os().is_mac() {
        return false;
    }
    let id = Id::unique("alt alone");
    let (was_armed, was_down): (bool, bool) = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let (is_down, is_alone) = ui.input(|input| {
        let other = |event: &Event| {
            matches!(event, Event::Key { .. } | Event::Text(_) | Event::PointerButton { .. } | Event::WindowFocused(_))
        };
        let modifiers = input.modifiers;
        (modifiers.alt, input.focused && !modifiers.ctrl && !modifiers.shift && !input.events.iter().any(other))
    });
    let is_armed = is_down && is_alone && (was_armed || !was_down);
    ui.data_mut(|data| data.insert_temp(id, (is_armed, is_down)));
    was_armed && !is_down && is_alone
}

/// True where the menu of what has the keyboard is asked for: the menu key, or Shift+F10.
pub(super) fn is_menu_key(ui: &Ui) -> bool {
    ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Menu) || input.consume_key(Modifiers::SHIFT, Key::F10))
}

/// The context menu of `response`: at the pointer, or below `at` where it was opened `by_key`.
pub(super) fn context_menu(response: &Response, by_key: bool, at: Rect, add: impl FnOnce(&mut Ui)) {
    // The rule, for each row in sight.
    if !by_key && !response.secondary_clicked() && !paint::has_context_menu(response) {
        return;
    }
    let (ctx, id) = (&response.ctx, Popup::default_response_id(response));
    let slot = id.with("by key");
    if by_key {
        Popup::open_id(ctx, id);
        ctx.data_mut(|data| data.insert_temp(slot, true));
    } else if response.secondary_clicked() {
        ctx.data_mut(|data| data.remove::<bool>(slot));
    }
    let mut popup = Popup::context_menu(response);
    if ctx.data(|data| data.get_temp::<bool>(slot)).unwrap_or(false) {
        popup = popup.anchor(at);
    }
    popup.show(|ui| {
        begin_menu(ui);
        add(ui);
    });
}
