//! Stories through several modules: the backend with the demo service, and the whole application from the window on.

mod backend;
mod ledger;
mod lists;
mod many;
mod overview;
mod profiles;
mod recovery;
mod restore;
mod schedules;
mod sign_in;
mod theme;
mod updates;
mod views;
