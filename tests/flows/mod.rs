//! The whole application, from the window to the demo service.

mod lists;
mod schedules;
mod sign_in;
mod story;
