//! What a user does to restore a backup, up to the last click.

use egui::Role;
use egui_kittest::kittest::By;
use skybackup::domain::{Backup, BackupType};

use super::story::Story;

/// Where restores are created, and listed.
pub(crate) const RESTORES: &str = "/skybackup/v1/restores";
/// On Google Cloud, with full backups every night.
pub(crate) const REPORTS: &str = "dbpgf62094417";
/// On Google Cloud, with room for all of it.
pub(crate) const ANALYTICS: &str = "dbpgf27715608";

impl Story {
    /// Selects the newest full backup of a service that succeeded.
    pub(crate) fn select_full(&mut self, service: &str) -> Backup {
        self.type_into(Role::TextInput, "Search backups", service);
        self.until("only its backups are shown", |story| {
            let table = story.model().data.backups();
            let rows = table.rows();
            let mut shown = table.index.order.iter().map(|&at| rows.get(at).unwrap());
            !table.is_indexing() && shown.all(|row| row.service_id.as_ref().is_some_and(|id| id.as_str() == service))
        });
        let table = self.model().data.backups();
        let (rows, order) = (table.rows(), &table.index.order);
        let is_so = |row: &Backup| row.backup_type == Some(BackupType::Full) && row.is_finished();
        let shown = order.iter().map(|&at| rows.get(at).unwrap());
        let (place, backup) = shown.enumerate().find(|(_, row)| is_so(row)).unwrap();
        let ending = format!(", row {} of {}", place + 1, order.len());
        self.click_at(&By::new().label_contains(&ending));
        self.until("the row is selected", |story| {
            story.model().data.backups().chosen().is_some_and(|chosen| chosen.id == backup.id)
        });
        backup
    }

    /// From the backups to the checks of a restore of reports into analytics-dwh.
    pub(crate) fn begin_restore(&mut self) -> Backup {
        let backup = self.select_full(REPORTS);
        self.click("Restore…");
        self.until_shown("The services that SkySQL names");
        self.click_at(&By::new().role(Role::ListBoxOption).label_contains(ANALYTICS));
        self.click("Next");
        self.until_shown("SkySQL lists this service as a target");
        self.until_shown("Both are on gcp");
        backup
    }

    /// The same up to the last step, with the name typed: "Restore into analytics-dwh" sends it.
    pub(crate) fn fill_restore(&mut self) -> Backup {
        let backup = self.begin_restore();
        self.click("Next");
        self.until_shown("All data of analytics-dwh is erased and replaced");
        self.fill(Role::TextInput, "Type analytics-dwh to confirm", "analytics-dwh");
        backup
    }
}
