//! The views, one file per screen or dialog.
