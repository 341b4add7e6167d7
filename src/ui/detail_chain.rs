//! The chain of a backup in its detail pane: in words, and as its members one below the other, each a way to its row.

use egui::{Color32, RichText, Stroke, TextStyle, Ui, pos2, vec2};

use super::detail::{group_ui, kept, note_ui};
use super::text::small_ui;
use crate::domain::{Backup, BackupType, ServiceId, Zone, format_count};
use crate::insight::{
    Chain, ChainMember, ChainRole, ChainVerdict, MemberState, NOT_VERIFIED, ServiceBackups, member_words,
};
use crate::model::Data;
use crate::msg::{Command, Commands, ListCommand};
use crate::theme::{self, Tokens, icon, space};
use crate::widgets::{glyph_ui, link_button};

/// Of a longer chain the first and the last ones are shown.
const MAX_SHOWN: usize = 8;
/// How many of the first.
const FIRST_SHOWN: usize = 3;

/// The chain of an incremental or of binary logs; nothing for a backup that needs no other.
pub(super) fn chain_ui(ui: &mut Ui, row: &Backup, data: &Data, commands: &mut Commands) {
    let Some(service) = &row.service_id else { return };
    if !matches!(row.backup_type, Some(BackupType::Incremental | BackupType::BinaryLog)) {
        return;
    }
    let revision = data.shown_backups().revision();
    let chain = kept(ui, "chain", (row, revision), |row| {
        Chain::of(&ServiceBackups::new(&data.known_lists(service), service), &row.id)
    });
    let Some(chain) = chain.as_ref() else { return };
    let zone = data.zone();
    group_ui(ui, "Chain", |ui| {
        let (glyph, color) = verdict_icon(chain.verdict, theme::tokens(ui));
        sentence_ui(ui, glyph, color, &chain.sentence(zone));
        ui.add_space(space::XS);
        members_ui(ui, &chain.members, service, zone, commands);
        if let Some(span) = chain.span_sentence(zone) {
            note_ui(ui, icon::CLOCK, &span);
        }
        for warning in chain.warnings() {
            note_ui(ui, icon::WARNING, &warning.sentence(zone));
        }
        note_ui(ui, icon::INFO, NOT_VERIFIED);
    });
}

fn verdict_icon(verdict: ChainVerdict, tokens: &Tokens) -> (&'static str, Color32) {
    match verdict {
        ChainVerdict::Whole => (icon::CHECK_CIRCLE, tokens.ok),
        ChainVerdict::Broken => (icon::X_CIRCLE, tokens.bad),
        ChainVerdict::NotKnown => (icon::CIRCLE_DASHED, tokens.text_secondary),
    }
}

fn state_icon(state: MemberState, tokens: &Tokens) -> (&'static str, Color32) {
    match state {
        MemberState::Listed => (icon::CHECK_CIRCLE, tokens.ok),
        MemberState::Expired => (icon::HOURGLASS, tokens.bad),
        MemberState::NotListed => (icon::CLOUD_SLASH, tokens.bad),
        MemberState::Failed | MemberState::Empty => (icon::X_CIRCLE, tokens.bad),
        MemberState::Unfinished => (icon::RUNNING, tokens.running),
        MemberState::Unknown => (icon::CIRCLE_DASHED, tokens.text_secondary),
    }
}

/// An icon and a sentence that wraps.
pub(super) fn sentence_ui(ui: &mut Ui, glyph: &str, color: Color32, sentence: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        glyph_ui(ui, glyph, &TextStyle::Body, color);
        ui.add(egui::Label::new(RichText::new(sentence)).wrap());
    });
}

/// The members from first to last, joined by a line.
pub(super) fn members_ui(
    ui: &mut Ui,
    members: &[ChainMember],
    service: &ServiceId,
    zone: &Zone,
    commands: &mut Commands,
) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        lines_ui(ui, members, service, zone, commands);
    });
}

fn lines_ui(ui: &mut Ui, members: &[ChainMember], service: &ServiceId, zone: &Zone, commands: &mut Commands) {
    let hidden = if members.len() > MAX_SHOWN { members.len() - MAX_SHOWN } else { 0 };
    let after_hidden = FIRST_SHOWN + hidden;
    for (number, member) in members.iter().enumerate() {
        if hidden > 0 && number == FIRST_SHOWN {
            ui.horizontal(|ui| {
                ui.add_space(space::XL);
                small_ui(ui, format!("{} more", format_count(hidden)));
            });
        }
        if number < FIRST_SHOWN || number >= after_hidden {
            let is_last = number + 1 == members.len();
            member_ui(ui, (member, number + 1), is_last, (service, zone), commands);
        }
    }
}

/// One member: where it is in the chain, what it is, whether it is there. True words for a screen reader, a click for the way to it.
fn member_ui(
    ui: &mut Ui,
    (member, number): (&ChainMember, usize),
    is_last: bool,
    (service, zone): (&ServiceId, &Zone),
    commands: &mut Commands,
) {
    let tokens = theme::tokens(ui);
    let (glyph, color) = state_icon(member.state, tokens);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, theme::height::ROW_COMPACT), egui::Sense::hover());
        if !is_last {
            let line = Stroke::new(1.5, tokens.line_strong);
            let x = rect.center().x;
            ui.painter().line_segment([pos2(x, rect.center().y + 8.0), pos2(x, rect.bottom() + 4.0)], line);
        }
        crate::widgets::paint_icon(ui.painter(), rect.center(), glyph, 14.0, color);
        let words = format!("{number}. {}", member_words(member, zone));
        let is_known = member.at.is_some();
        if member.role == ChainRole::This || !is_known {
            let own = if is_known { format!("{words} (this one)") } else { format!("{words} {}", member.id.shown()) };
            ui.add(egui::Label::new(own).truncate());
        } else if link_button(ui, &words).on_hover_text("Show this backup").clicked() {
            commands.push(Command::List(ListCommand::ShowBackup(service.clone(), member.id.clone())));
        }
        ui.label(RichText::new(member.state.name()).small().color(color));
    });
}
