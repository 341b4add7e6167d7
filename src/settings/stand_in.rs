//! Types that the table and export rooms bring; replaced by theirs when they are there.
#![allow(missing_docs, unreachable_pub, reason = "temporary")]
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CsvPreset {
    #[default]
    Excel,
    Scripts,
}
