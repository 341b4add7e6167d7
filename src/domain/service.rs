//! One database service, as `GET /provisioning/v1/services` describes it: what a picker needs.

use super::{ServiceId, Text};

/// A service of the account. Names are not unique; show the id too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// `id`.
    pub id: ServiceId,
    /// `name`.
    pub name: Option<Text>,
    /// `status`: lower snake case, such as `ready`, `stopped`, `pending_scale`.
    pub status: Option<Text>,
    /// `provider`: `aws`, `gcp`, `azure`.
    pub provider: Option<Text>,
    /// `region`.
    pub region: Option<Text>,
    /// `topology`: `es-single`, `es-replica`, `galera`, `serverless-standalone`, …
    pub topology: Option<Text>,
    /// `version`: such as `10.6.11-6-1`.
    pub version: Option<Text>,
    /// `fqdn`: the host name; empty until the service is ready.
    pub fqdn: Option<Text>,
    /// `storage_volume.size` in GB.
    pub storage_gb: Option<u64>,
}

impl Service {
    /// The name, or the id where there is none.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(self.id.as_str())
    }
}
