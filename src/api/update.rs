//! The newest version of this program, from one small file. It is no call of SkySQL: it has no key, and goes to an address that the
//! build has fixed.

use super::retry::ClientLimits;
use super::transport::builder;
use crate::domain::{ApiUrl, Version};

/// Largest file read.
const FILE_BYTES: usize = 64 * 1024;

/// Why no version could be read.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The address was not reached, or broke off.
    #[error("the file did not come: {0}")]
    Transport(#[from] reqwest::Error),
    /// The response is no success, or names another address.
    #[error("HTTP {0}")]
    Status(u16),
    /// The response is larger than any version.
    #[error("the file is too large")]
    TooLarge,
    /// The file holds something else.
    #[error("the file holds no version")]
    NoVersion,
}

/// Reads the version in this file, which holds nothing else but a line end. One attempt with a client of its own: no key, no
/// redirect, no retry.
pub async fn newest_version(file: &ApiUrl, limits: &ClientLimits) -> Result<Version, UpdateError> {
    let client = builder(file, limits).build()?;
    let request = client.get(file.as_str()).timeout(limits.attempt).send();
    let mut response = request.await.map_err(reqwest::Error::without_url)?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(UpdateError::Status(response.status().as_u16()));
    }
    let mut text = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        if chunk.len() > FILE_BYTES.saturating_sub(text.len()) {
            return Err(UpdateError::TooLarge);
        }
        text.extend_from_slice(&chunk);
    }
    let text = str::from_utf8(&text).map_err(|_no_text| UpdateError::NoVersion)?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    Version::parse(line.strip_suffix('\r').unwrap_or(line)).ok_or(UpdateError::NoVersion)
}
