//! SkySQL over HTTP, usable without the window: every operation of the backup API, as facts in and facts out.
//!
//! Owns: the connection rules (which address, which proxy, no redirect), the key header, whether changes may leave, retries, paging,
//! the wire format, error words.
//! May import: `domain`, `secrets`, and of `draft` what is sent. The only module that uses reqwest.
//! Must never: know egui, the model or the keyring; put the key or a body into a log or an error.

mod access;
mod by_service;
mod call;
mod client;
mod curl;
mod decode;
mod error;
mod error_body;
mod fetcher;
mod fields;
mod listing;
mod paging;
mod preview;
mod query;
mod record;
mod redact;
mod refresh;
mod request;
mod retry;
mod transport;
mod update;
mod wire;

pub use access::Access;
pub use client::{Attempt, Client, Deleted, Refreshed};
pub use curl::Shell;
pub use decode::{DecodeError, DecodedPage, decode_page};
pub use error::{ApiError, Cause, ErrorKind, NotSent};
#[doc(hidden)]
pub use error_body::ErrorBody;
pub use listing::OnProgress;
pub use paging::{Completeness, Listing, Progress, ResumePoint};
pub use preview::RequestPreview;
pub use query::{BackupQuery, ListQuery, Order, RestoreQuery, ScheduleQuery};
pub use record::{ClientEvent, Observer, Operation, RequestRecord};
pub use refresh::{Baseline, LightListing, Segment};
#[doc(hidden)]
pub use retry::{ClientLimits, Clock};
pub use update::{UpdateError, newest_version};
pub use wire::ApiRecord;
