//! SkySQL over HTTP: transport, retry, paging, decode, wire types. Sole user of reqwest.
