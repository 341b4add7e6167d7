//! A SkySQL look-alike: real HTTP on loopback, stateful, seeded.
