//! Every route over real HTTP, and every fault as a client meets it.
