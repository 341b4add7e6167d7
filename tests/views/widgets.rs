//! One test per widget.
