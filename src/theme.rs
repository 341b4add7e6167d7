//! Tokens of the look (colour, space, text), light and dark, and the fonts.
