//! What a table is without drawing it: columns, index (filter and sort), selection, layout.
