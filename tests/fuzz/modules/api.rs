//! The pure half of `src/api`: what responses say, and what is requested next. The half that speaks HTTP stays out.

#[path = "../../../src/api/decode.rs"]
mod decode;
#[path = "../../../src/api/error.rs"]
mod error;
#[path = "../../../src/api/error_body.rs"]
mod error_body;
#[path = "../../../src/api/fields.rs"]
mod fields;
#[path = "../../../src/api/paging.rs"]
mod paging;
#[path = "../../../src/api/record.rs"]
mod record;
#[path = "../../../src/api/redact.rs"]
mod redact;
#[path = "../../../src/api/retry.rs"]
mod retry;
#[path = "../../../src/api/wire.rs"]
mod wire;

pub use decode::{DecodeError, DecodedPage, decode_page};
pub use error::{ApiError, ErrorKind};
pub use error_body::ErrorBody;
pub use record::Operation;
pub use wire::ApiRecord;
