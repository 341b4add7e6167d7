//! Command, Effect and Event: what a person wants, what the outside shall do, what came back.
