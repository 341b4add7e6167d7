//! The form of a schedule as raw texts: any keystroke is a valid draft, parsing tells what is missing.

use super::bucket_draft::BucketDraft;
use super::field::{DraftField, FieldError};
use super::new_schedule::NewSchedule;
use super::when::When;
use crate::cron::{LocalClock, PlanZone};
use crate::domain::{BackupType, Recurrence, Schedule, ServiceId};

/// Where the backup is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StorageChoice {
    /// In the storage of SkySQL.
    #[default]
    SkySql,
    /// In the customer's own bucket.
    OwnBucket,
}

/// The form. All fields are what was typed; [`ScheduleDraft::parse`] judges them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScheduleDraft {
    /// The picked or typed service: an id, or a host name.
    pub service: String,
    /// The chosen type.
    pub backup_type: BackupType,
    /// Once, or again and again.
    pub when: When,
    /// SkySQL or an own bucket.
    pub storage: StorageChoice,
    /// The customer's own bucket.
    pub bucket: BucketDraft,
}

impl ScheduleDraft {
    /// The draft of a schedule to be edited, with times on the given clock; `None` for one that runs once, which cannot be changed.
    #[must_use]
    pub fn of(schedule: &Schedule, zone: PlanZone) -> Option<Self> {
        let text = match &schedule.recurrence {
            Some(Recurrence::Once) => return None,
            Some(Recurrence::Cron(text)) => text.as_str(),
            None => "",
        };
        Some(Self {
            service: schedule.service_id.as_ref().map(ToString::to_string).unwrap_or_default(),
            backup_type: schedule.backup_type.clone().unwrap_or(BackupType::Full),
            when: When::of(text, zone),
            ..Self::default()
        })
    }

    /// Everything checked, ready to be sent; or all that is wrong, in the order of the form.
    pub fn parse(&self, clock: LocalClock<'_>) -> Result<NewSchedule, Vec<FieldError>> {
        let mut errors = Vec::new();
        let service_id = ServiceId::from_typed(&self.service);
        if service_id.is_none() {
            let message = if self.service.trim().is_empty() {
                "Choose a service"
            } else {
                "This is not a service ID: enter at least five letters and digits, or the host name of the service"
            };
            errors.push(FieldError::new(DraftField::Service, message));
        }
        if let BackupType::Other(_) = self.backup_type {
            errors.push(FieldError::new(DraftField::BackupType, "Choose one of the five types"));
        }
        let recurrence = match self.when.cron(clock) {
            None => Some(Recurrence::Once),
            Some(Ok(cron)) => Some(Recurrence::Cron(cron.as_str().into())),
            Some(Err(error)) => {
                errors.push(error);
                None
            }
        };
        let storage = match self.storage {
            StorageChoice::SkySql => None,
            StorageChoice::OwnBucket => Some(self.bucket.parse(&mut errors)),
        };
        match (service_id, recurrence) {
            (Some(service_id), Some(recurrence)) if errors.is_empty() => {
                Ok(NewSchedule { service_id, backup_type: self.backup_type.clone(), recurrence, storage })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bucket_draft::CredentialsInput;
    use super::*;
    use crate::cron::CronField;
    use crate::domain::Zone;

    fn clock() -> LocalClock<'static> {
        static UTC: std::sync::LazyLock<Zone> = std::sync::LazyLock::new(Zone::utc);
        LocalClock { zone: &UTC, now: "2026-11-23T12:00:00Z".parse().unwrap() }
    }

    fn draft() -> ScheduleDraft {
        ScheduleDraft { service: "dbpgf41870263.sysp0000.db2.skysql.com".to_owned(), ..ScheduleDraft::default() }
    }

    fn own_bucket(path: &str) -> ScheduleDraft {
        let bucket =
            BucketDraft { path: path.to_owned(), credentials: CredentialsInput::None, ..BucketDraft::default() };
        ScheduleDraft { storage: StorageChoice::OwnBucket, bucket, ..draft() }
    }

    fn errors(draft: &ScheduleDraft) -> Vec<DraftField> {
        draft.parse(clock()).map_or_else(|errors| errors.into_iter().map(|error| error.field).collect(), |_| Vec::new())
    }

    #[test]
    fn a_filled_form_is_a_schedule() {
        let new = draft().parse(clock()).unwrap();
        assert_eq!(new.service_id.as_str(), "dbpgf41870263");
        assert_eq!(new.recurrence, Recurrence::Cron("0 2 * * *".into()));
        assert_eq!(new.storage, None);

        let once = ScheduleDraft { when: When::once(), ..draft() };
        assert_eq!(once.parse(clock()).unwrap().recurrence, Recurrence::Once);

        let storage = own_bucket(" s3://my-bucket/x/ ").parse(clock()).unwrap().storage.unwrap();
        assert_eq!(storage.bucket, "s3://my-bucket/x/");
        assert_eq!(storage.credentials, None);
    }

    #[test]
    fn each_mistake_is_named_at_its_field() {
        use DraftField::{BackupType as Type, Bucket, Cron as At, Service};
        let with_cron_in = |mut draft: ScheduleDraft, text: &str| {
            draft.when.set_expression(text);
            draft
        };
        let with_cron = |text: &str| with_cron_in(draft(), text);
        let cases = [
            (draft(), vec![]),
            (ScheduleDraft::default(), vec![Service]),
            (ScheduleDraft { service: "db".to_owned(), ..draft() }, vec![Service]),
            (ScheduleDraft { backup_type: BackupType::Other("clone".into()), ..draft() }, vec![Type]),
            (with_cron("0 25 * * *"), vec![At(Some(CronField::Hour))]),
            (with_cron("cron"), vec![At(None)]),
            (with_cron("0 0 31 2 *"), vec![At(Some(CronField::DayOfMonth))]),
            (own_bucket(""), vec![Bucket]),
            (
                ScheduleDraft { service: String::new(), ..with_cron_in(own_bucket("x"), "x") },
                vec![Service, At(None), Bucket],
            ),
        ];
        for (draft, want) in cases {
            assert_eq!(errors(&draft), want, "{draft:?}");
        }
    }

    #[test]
    fn a_schedule_is_edited_as_a_draft_unless_it_runs_once() {
        let schedule = |text: &str| Schedule {
            service_id: Some(ServiceId::new("dbpgf41870263")),
            backup_type: Some(BackupType::Dump),
            recurrence: Some(Recurrence::read(text)),
            ..Schedule::default()
        };
        let of = |text: &str| ScheduleDraft::of(&schedule(text), PlanZone::Utc);
        let draft = of("0 4 * * 0").unwrap();
        assert_eq!((draft.when.original(), draft.backup_type), (Some("0 4 * * 0"), BackupType::Dump));
        assert_eq!(of("once"), None);
        // Nothing is known of when it runs, and nothing is made up.
        for (text, original) in [("cron", "cron"), ("", "")] {
            let draft = of(text).unwrap();
            assert_eq!((draft.when.original(), draft.when.is_kept()), (Some(original), true), "{text}");
        }
        assert!(ScheduleDraft::of(&Schedule::default(), PlanZone::Utc).is_some_and(|draft| draft.when.is_kept()));
    }
}
