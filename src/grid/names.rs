//! What services are called where a row alone does not tell: rows that lack the name of their service, and names that two services share.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::FacetCounts;
use crate::domain::ServiceId;
use crate::rows::Words;

/// Only what differs from the rows themselves, so that it is empty for most accounts and an index built without it stays right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceNames {
    /// Names of services of which some row gives only the id.
    missing: BTreeMap<String, String>,
    /// Names that more than one service has.
    shared: BTreeSet<String>,
}

impl ServiceNames {
    /// What `known` services (id and name) and the rows behind `facets` say together.
    #[must_use]
    pub fn new<'a>(known: impl Iterator<Item = (&'a ServiceId, &'a str)>, facets: &[&FacetCounts]) -> Self {
        let mut name_of: BTreeMap<&str, &str> = BTreeMap::new();
        for facets in facets {
            let named = facets.services.iter().filter(|(id, label, _)| !id.is_empty() && label != id);
            name_of.extend(named.map(|(id, label, _)| (id.as_str(), label.as_str())));
        }
        // The list of services is the newest and best witness.
        name_of.extend(known.filter(|(_, name)| !name.is_empty()).map(|(id, name)| (id.as_str(), name)));
        let mut ids_of: BTreeMap<&str, u32> = BTreeMap::new();
        for name in name_of.values() {
            *ids_of.entry(name).or_default() += 1;
        }
        let nameless = facets.iter().flat_map(|facets| &facets.nameless);
        Self {
            missing: nameless
                .filter_map(|id| name_of.get(id.as_str()).map(|name| (id.clone(), (*name).to_owned())))
                .collect(),
            shared: ids_of.into_iter().filter(|(_, ids)| *ids > 1).map(|(name, _)| name.to_owned()).collect(),
        }
    }

    /// What to call a service of which this id and this name are known: `orders`, `reports (dbpgf41870263)` where two services are called
    /// so, the id where no name is known, or nothing.
    #[must_use]
    pub fn label<'a>(&'a self, id: &'a str, name: Option<&'a str>) -> Cow<'a, str> {
        match self.name(id, name) {
            Some(name) if !id.is_empty() && self.shared.contains(name) => Cow::Owned(format!("{name} ({id})")),
            Some(name) => Cow::Borrowed(name),
            None => Cow::Borrowed(id),
        }
    }

    /// Whether a text in lower case could be a part of what any service of these ids and names is called.
    pub(super) fn could_hold(&self, words: [&Words; 2], lower: &[u8]) -> bool {
        let is_in = |sign: &u8| b"()".contains(sign) || words.iter().any(|words| words.could_hold(&[*sign]));
        !self.missing.is_empty() || lower.iter().all(is_in)
    }

    /// The bare name of a service of which this id and this name are known, which two services may have.
    #[must_use]
    pub fn name<'a>(&'a self, id: &str, name: Option<&'a str>) -> Option<&'a str> {
        name.filter(|name| !name.is_empty()).or_else(|| self.missing.get(id).map(String::as_str))
    }
}

/// No names but those of the rows.
pub static NO_NAMES: ServiceNames = ServiceNames { missing: BTreeMap::new(), shared: BTreeSet::new() };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Backup;
    use crate::grid::{Row as _, facet_counts};
    use crate::rows::Rows;

    #[test]
    fn a_service_is_called_by_its_name_wherever_that_is_known() {
        let row = |id: &str, name: Option<&str>| Backup {
            service_id: Some(ServiceId::new(id)),
            service_name: name.map(Into::into),
            ..Backup::default()
        };
        let rows = [
            row("db1", None),
            row("db1", Some("orders")),
            row("db2", None),
            row("db3", None),
            row("db4", Some("reports")),
            row("db5", Some("reports")),
        ];
        let listed = [(ServiceId::new("db2"), "billing")];
        let counts = facet_counts(&Rows::new(rows.clone()));
        let names = ServiceNames::new(listed.iter().map(|(id, name)| (id, *name)), &[&counts]);
        let labels: Vec<String> =
            rows.iter().map(|row| names.label(row.service().0, row.service_name.as_deref()).into_owned()).collect();
        assert_eq!(labels, ["orders", "orders", "billing", "db3", "reports (db4)", "reports (db5)"]);
        assert_eq!(names.label("", None), "");
        assert_eq!(ServiceNames::new(std::iter::empty(), &[&facet_counts(&Rows::new([rows[1].clone()]))]), NO_NAMES);
    }
}
