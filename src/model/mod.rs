//! The whole state and its pure transitions.
