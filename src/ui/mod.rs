//! The views, one file per screen or dialog.
use crate::{model::{Data,View}, msg::Commands};
/// tmp
pub fn root_ui(_ui: &mut egui::Ui, _data: &Data, _view: &mut View, _commands: &mut Commands) {}
