//! Reusable pieces of the window that know nothing of backups.
