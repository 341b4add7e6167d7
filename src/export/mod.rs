//! CSV files and clipboard texts, from the same columns the tables show; the atomic writer.
