//! The look and feel of the pieces.

mod gallery;
mod table;
mod widgets;
