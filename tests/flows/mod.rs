//! Stories through several rooms: what a person sets off at one end arrives at the other.

mod backend;
