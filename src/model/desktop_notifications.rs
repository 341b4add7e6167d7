//! Notifications of the desktop: what a user learns from them, once, and what a click does.

use std::sync::Arc;

use super::coverage::absent;
use super::news::{Pending, Target, restore_words, target, words};
use super::{Data, Model, StepContext, View, Workspace};
use crate::domain::{Restore, StatusKind};
use crate::insight::{Finding, ToldFindings, Urgency};
use crate::msg::{Effect, ListCommand, Screen, Ticket, WindowCommand, WindowEffect};
use crate::notify::{NotificationSlot, NotifyError};
use crate::settings::NotificationChoice;

impl Workspace {
    /// Takes in the report of a poll that has ended. Returns what is new in it, and what was known before.
    fn new_findings(&mut self) -> Option<(Vec<Arc<Finding>>, ToldFindings)> {
        let (number, result) = self.coverage.settled().filter(|_| self.lists.are_read_whole())?;
        if self.news.looked_at.replace(number) == Some(number) {
            return None;
        }
        let before = self.profile.told.clone();
        let new = self.profile.told.take_in(&result.report.findings, absent(&self.lists));
        Some((new.into_iter().cloned().collect(), before))
    }

    /// The task that was to show a notification panicked.
    pub(super) fn fail_notification(&mut self, ticket: Ticket) {
        self.news.settle(ticket, Err(NotifyError::Refused), &mut self.profile.told);
    }
}

impl Data {
    /// The desktop shows notifications of the open session, as far as the user wants any.
    pub(super) fn wants_notifications(&self) -> bool {
        let is_on = self.settings.preferences.notifications != NotificationChoice::Off;
        is_on && self.session.open().is_some_and(|open| !open.profile.is_demo)
    }
}

impl View {
    /// The user looks at the findings just now.
    fn shows_findings(&self) -> bool {
        self.is_focused && self.screen == Screen::Overview && !self.overview.is_calendar
    }
}

impl Model {
    /// Reports what a poll brought to light. What the user sees anyway, or does not want to know, counts as reported.
    pub(super) fn tell_new_findings(&mut self, cx: &mut StepContext) {
        let wants = self.data.wants_notifications() && !self.view.shows_findings();
        let preferences = &self.data.settings.preferences;
        let least =
            if preferences.notifications == NotificationChoice::All { Urgency::Warning } else { Urgency::Problem };
        if let Some(open) = self.data.session.open_mut()
            && let Some((mut findings, before)) = open.new_findings()
        {
            findings.retain(|finding| finding.urgency >= least);
            if wants && !findings.is_empty() {
                let names = preferences.notification_names.then_some(&*open.lists.service_names);
                let (words, target) = (words(&findings, names), target(&findings));
                let ticket = open.news.send(target, NotificationSlot::Findings, words, cx);
                open.news.pending.push(Pending { ticket, findings, before });
            }
        }
        self.keep_told();
    }

    /// Tells the end of restores that were started here, unless the user looks at the window, which shows it.
    pub(super) fn tell_ended_restores(&mut self, ended: &[Restore], cx: &mut StepContext) {
        let wants = self.data.wants_notifications() && !self.view.is_focused;
        let has_names = self.data.settings.preferences.notification_names;
        let Some(open) = self.data.session.open_mut().filter(|_| wants) else { return };
        // One notification is shown; of several ends one that failed matters more.
        let failed = ended.iter().rev().find(|restore| restore.status_kind() != StatusKind::Good);
        if let Some(restore) = failed.or(ended.last()) {
            let label = has_names.then(|| open.label_of(restore));
            let target = Target::Restore(restore.id.clone());
            open.news.send(target, NotificationSlot::Restore, restore_words(restore, label.as_deref()), cx);
        }
    }

    /// A notification is shown, or not. A failure is shown in the settings until one is shown again.
    pub(super) fn notified(&mut self, ticket: Ticket, result: Result<(), NotifyError>) {
        self.data.notification_problem = result.err();
        if let Some(open) = self.data.session.open_mut() {
            open.news.settle(ticket, result, &mut open.profile.told);
        }
    }

    /// A click only shows something.
    pub(super) fn notification_clicked(&mut self, ticket: Ticket, cx: &mut StepContext) {
        cx.push(Effect::Window(WindowEffect::Raise));
        match self.data.session.open().and_then(|open| open.news.target(ticket)) {
            Some(Target::Overview) => {
                self.handle_window(WindowCommand::Go(Screen::Overview), cx);
                self.view.overview.is_calendar = false;
            }
            Some(Target::Rows(shown)) => self.handle_list(ListCommand::ShowEvidence(shown), cx),
            Some(Target::Restore(id)) => self.handle_list(ListCommand::ShowRestore(id), cx),
            // Of a session that has ended.
            None => {}
        }
    }

    /// What was told goes into the settings of its profile once it is sure: a start in between tells it again rather than never.
    /// Without notifications nothing is reported.
    fn keep_told(&mut self) {
        if !self.data.wants_notifications() {
            return;
        }
        let Data { session, settings, .. } = &mut self.data;
        let Some(open) = session.open().filter(|open| open.news.pending.is_empty()) else { return };
        let saved = settings.profiles.iter_mut().find(|saved| saved.id == open.profile.id);
        if let Some(saved) = saved.filter(|saved| saved.told != open.profile.told) {
            saved.told.clone_from(&open.profile.told);
            self.settings_changed();
        }
    }
}
