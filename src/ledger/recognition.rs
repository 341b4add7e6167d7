//! Whether what a key lists is the account that a ledger is about. The API names no account, but another one has other services.

use std::collections::BTreeSet;

use crate::domain::Text;

/// How much is known of that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Recognition {
    /// It is, or there is nothing to compare it with.
    #[default]
    Recognized,
    /// None of the services that the ledger knows was listed yet.
    Open {
        /// These services.
        known: BTreeSet<Text>,
        /// The user was asked.
        is_asked: bool,
    },
}

/// What to do with rows that were listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Record them.
    Record,
    /// Record nothing before more is known.
    Wait,
    /// Record nothing, and ask the user: none of this many known services is listed.
    Ask(usize),
}

impl Recognition {
    /// Of a ledger in which the rows that were listed last are of these services.
    pub fn of<'a>(services: impl Iterator<Item = &'a str>) -> Self {
        let known: BTreeSet<Text> = services.filter(|id| !id.is_empty()).map(Text::from).collect();
        if known.is_empty() { Self::Recognized } else { Self::Open { known, is_asked: false } }
    }

    /// Judges rows of these services. `is_whole` where they are all that is listed: then another account shows. A whole list without
    /// any service is of an account that has lost its own.
    pub fn judge<'a>(&mut self, mut services: impl Iterator<Item = &'a str>, is_whole: bool) -> Judgement {
        let Self::Open { known, is_asked } = self else { return Judgement::Record };
        let mut has_any = false;
        let is_known = services.any(|id| {
            has_any |= !id.is_empty();
            known.contains(id)
        });
        if is_known || is_whole && !has_any {
            *self = Self::Recognized;
            return Judgement::Record;
        }
        if is_whole && !std::mem::replace(is_asked, true) { Judgement::Ask(known.len()) } else { Judgement::Wait }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn judged(recognition: &mut Recognition, services: &[&str], is_whole: bool) -> Judgement {
        recognition.judge(services.iter().copied(), is_whole)
    }

    #[test]
    fn a_ledger_that_knows_nothing_takes_any_account() {
        for known in [&[][..], &["", ""]] {
            let mut recognition = Recognition::of(known.iter().copied());
            assert_eq!(judged(&mut recognition, &["db1"], true), Judgement::Record);
        }
    }

    #[test]
    fn one_known_service_is_enough_and_settles_it() {
        let mut recognition = Recognition::of(["db1", "db2", "db1"].into_iter());
        assert_eq!(
            judged(&mut recognition, &["db9"], false),
            Judgement::Wait,
            "the first page may be of a new service"
        );
        assert_eq!(judged(&mut recognition, &["db9", "db2"], false), Judgement::Record);
        assert_eq!(judged(&mut recognition, &["db9"], true), Judgement::Record, "from now on");
    }

    #[test]
    fn other_services_alone_are_asked_about_once_and_recorded_by_no_list() {
        let mut recognition = Recognition::of(["db1", "db2"].into_iter());
        assert_eq!(judged(&mut recognition, &["db8", "db9", ""], true), Judgement::Ask(2));
        assert_eq!(judged(&mut recognition, &["db8"], true), Judgement::Wait);
        assert_eq!(judged(&mut recognition, &["db8"], false), Judgement::Wait);
        recognition = Recognition::Recognized;
        assert_eq!(judged(&mut recognition, &["db8"], true), Judgement::Record, "kept here");
    }

    #[test]
    fn an_account_that_has_lost_all_services_is_the_same_one() {
        let mut recognition = Recognition::of(["db1"].into_iter());
        assert_eq!(judged(&mut recognition, &[], false), Judgement::Wait);
        assert_eq!(judged(&mut recognition, &[], true), Judgement::Record);
    }

    proptest! {
        #[test]
        fn nothing_is_recorded_before_a_known_service_is_listed(
            known in proptest::collection::btree_set(0_u8..6, 1..4),
            lists in proptest::collection::vec((proptest::collection::vec(0_u8..12, 1..4), any::<bool>()), 0..8),
        ) {
            let name = |number: &u8| format!("db{number}");
            let known: Vec<String> = known.iter().map(name).collect();
            let mut recognition = Recognition::of(known.iter().map(String::as_str));
            let (mut is_recognized, mut asked) = (false, 0);
            for (list, is_whole) in lists {
                let list: Vec<String> = list.iter().map(name).collect();
                is_recognized |= list.iter().any(|service| known.contains(service));
                let judgement = recognition.judge(list.iter().map(String::as_str), is_whole);
                prop_assert_eq!(judgement == Judgement::Record, is_recognized);
                asked += usize::from(matches!(judgement, Judgement::Ask(_)));
            }
            prop_assert!(asked <= 1);
        }
    }
}
