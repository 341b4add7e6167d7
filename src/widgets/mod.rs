//! The reusable pieces of every screen.
//!
//! Each takes the `ui` first, then data, and returns a response or a small answer; each has an accessible name. May import egui, theme
//! and grid. Must never know the model, messages, the API or a rule of the domain.

mod alert;
mod badge;
mod board;
mod button;
mod clocks;
mod data_table;
mod empty;
mod field;
mod filter_menu;
mod focus_group;
mod key_value;
mod lanes;
mod menu;
mod modal;
mod note_row;
mod paint;
mod progress;
mod row_list;
mod screen;
mod search;
mod segmented;
mod select;
mod squares;
mod swatches;
mod table_cells;
mod table_group;
mod table_header;
mod table_keyboard;
mod table_nodes;
mod table_parts;
mod table_row;
mod toast;
mod trend_chart;

pub use alert::{Alert, Level, alert_ui, warning_ui};
pub use badge::{kbd, row_status_icon, status_badge, status_icon, tag};
pub use board::{Board, BoardCell, BoardClick, BoardRow, board_skeleton_ui, board_ui};
pub use button::{
    ActionButton, ButtonStyle, danger_button, icon_button, link_button, primary_button, quiet_button, secondary_button,
};
pub use clocks::two_clocks;
pub use data_table::{data_table, focus_table, follow_focus};
pub use empty::{empty_choices_ui, empty_state_ui};
pub use field::{forget_history, labelled_field, secret_field, text_field};
pub use filter_menu::filter_menu;
pub use focus_group::focus_group;
pub use key_value::{key_value, key_value_clocks, key_value_icon, key_value_lines};
pub use lanes::{
    AxisMark, BarLook, LANE_HEIGHT, Lane, LaneAxis, LaneBar, LaneResponse, MarkKind, lane_axis_ui, lane_ui,
    lanes_skeleton_ui,
};
pub use menu::{
    MenuMark, begin_menu, keyboard_after_menu, keyboard_owner, list_item, menu_bar, menu_button, menu_choice, menu_item,
};
pub use modal::{DialogAnswer, ModalDialog, dialog_ui, info_dialog_ui, modal_ui, name_dialog};
pub use note_row::{NOTE_ROW_HEIGHT, NoteRow, note_row};
pub use paint::{
    focus_on_open, glyph_ui, icon as paint_icon, keep_focus_in_sight, live_region, scroll_by_keys, selected,
    speak_changes,
};
pub use progress::progress_bar;
pub use row_list::{ListLine, ListedRow, RowList, list_line_ui, row_list_ui};
pub use screen::{panel_separator, screen_title, section_title};
pub use search::search_field;
pub use segmented::{segmented, toggles};
pub use select::{PICK_LINE_HEIGHT, pick_line};
pub use squares::{SQUARES_HEIGHT, SquareLook, SquareRow, square_row_ui, squares_in};
pub use swatches::swatches;
pub use table_parts::{DataTable, RowMenu};
pub use toast::{Toast, ToastAnswer, keep_toasts_in, toast_ui};
pub use trend_chart::{TrendChart, trend_chart_ui};
