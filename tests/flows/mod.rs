//! The whole application, from the window to the demo service.

mod story;
mod sign_in;
mod lists;
