//! The look and feel of the pieces.

mod about;
mod calendar;
mod cells;
mod cron;
mod exports;
mod form;
mod gallery;
mod groups;
mod keyboard;
mod names;
mod notifications;
mod overview;
mod recovery;
mod restore;
mod restores;
mod sign_in;
mod signed_in;
mod spoken;
mod table;
mod tables;
mod timeline;
mod trend;
mod widgets;
mod zone;
