//! Planned runs of one service at the same time, in words, each leading to the schedules.

use egui::{ScrollArea, Ui};

use super::name;
use crate::domain::format_count;
use crate::insight::{Evidence, Overlap, Timeline, TimelineLane};
use crate::model::Data;
use crate::msg::{Command, Commands, ListCommand, ShownEvidence};
use crate::theme::{self, icon, space};
use crate::widgets::{NOTE_ROW_HEIGHT, NoteRow, focus_group, keep_focus_in_sight, note_row, section_title};

const TITLE: f32 = 36.0;
const ADVICE: &str = "Move one of them if this slows the service";

/// The height that all overlaps take.
pub(super) fn height(count: usize) -> f32 {
    TITLE + count as f32 * NOTE_ROW_HEIGHT + space::XS
}

pub(super) fn overlaps_ui(ui: &mut Ui, data: &Data, timeline: &Timeline, commands: &mut Commands) {
    let overlaps: Vec<(&TimelineLane, &Overlap)> = timeline.overlaps().collect();
    ui.horizontal(|ui| {
        ui.set_height(TITLE);
        ui.add_space(space::L);
        section_title(ui, &format!("Overlaps ({})", format_count(overlaps.len())));
    });
    ui.spacing_mut().item_spacing.y = 0.0;
    focus_group(ui, "overlaps", |ui| {
        let area = ScrollArea::vertical().id_salt("overlaps").auto_shrink(false);
        area.show_rows(ui, NOTE_ROW_HEIGHT, overlaps.len(), |ui, rows| {
            for number in rows {
                let Some((lane, overlap)) = overlaps.get(number) else { continue };
                if overlap_ui(ui, data, timeline, (lane, overlap), number) {
                    let rows = Evidence::Schedules(overlap.schedules.to_vec());
                    let (service, backup_type) = (lane.service.clone(), None);
                    commands.push(Command::List(ListCommand::ShowEvidence(ShownEvidence {
                        service,
                        backup_type,
                        rows,
                    })));
                }
            }
            keep_focus_in_sight(ui);
        });
    });
}

/// One overlap as a button; true if it was clicked.
fn overlap_ui(
    ui: &mut Ui,
    data: &Data,
    timeline: &Timeline,
    (lane, overlap): (&TimelineLane, &Overlap),
    number: usize,
) -> bool {
    let color = theme::tokens(ui).warn;
    let (title, text) = (name(data, lane), overlap.sentence(timeline.span, data.zone(), data.now));
    let name = &*format!("Overlap: {title}. {text}. {ADVICE}");
    let note = NoteRow { icon: icon::WARNING, color, title: &title, text: &text, advice: ADVICE, name };
    note_row(ui, number, note).clicked()
}
