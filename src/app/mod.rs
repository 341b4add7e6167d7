//! The glue: the eframe application, native dialogs, the clipboard. The only one who knows everybody.
