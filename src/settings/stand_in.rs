//! Types that other rooms bring; replaced by theirs when they are there.
#![allow(missing_docs, unreachable_pub, reason = "temporary")]
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    pub columns: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CsvPreset {
    #[default]
    Excel,
    Scripts,
}

#[derive(Debug)]
pub struct ApiKey(zeroize::Zeroizing<String>);
pub struct CleanedKey {
    pub key: ApiKey,
}
impl ApiKey {
    pub fn clean(text: &str) -> Result<CleanedKey, ()> {
        if text.len() < 8 {
            return Err(());
        }
        Ok(CleanedKey { key: ApiKey(zeroize::Zeroizing::new(text.to_owned())) })
    }
    pub fn expose(&self) -> &str {
        &self.0
    }
}

pub struct ApiUrl(String);
impl ApiUrl {
    pub fn parse(text: &str) -> Result<ApiUrl, ()> {
        Ok(ApiUrl(text.trim_end_matches('/').to_owned()))
    }
    pub fn origin(&self) -> String {
        self.0.clone()
    }
}
