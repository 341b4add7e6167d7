//! Whether a client may change anything, held where requests leave.

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Method;

use super::record::Operation;
use super::request::Request;

/// What a client may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everything its key allows.
    Full,
    /// Reading alone: no request that could change something leaves this computer.
    ReadOnly,
}

/// The access of a client, which all its clones share and which can be turned at any time. Begins read only.
#[derive(Default)]
pub(super) struct Gate {
    is_open: AtomicBool,
}

impl Gate {
    pub(super) fn set(&self, access: Access) {
        self.is_open.store(access == Access::Full, Ordering::SeqCst);
    }

    /// Reads always pass. A read is what the table of operations calls one and what goes out as a GET; the one look-up that needs a
    /// POST is let in by name.
    pub(super) fn allows(&self, request: &Request) -> bool {
        let method = if request.operation == Operation::FindRestoreTargets { Method::POST } else { Method::GET };
        let is_read = !request.operation.is_write() && request.method == method;
        is_read || self.is_open.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation with every method: only a read that is sent as it has to be leaves a client that is read only.
    #[test]
    fn only_reads_pass_a_closed_gate_and_all_pass_an_open_one() {
        let methods = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        let gate = Gate::default();
        for operation in Operation::ALL {
            for method in &methods {
                let request = Request { method: method.clone(), ..Request::list(operation, "/") };
                gate.set(Access::ReadOnly);
                let is_lookup = operation == Operation::FindRestoreTargets;
                let expected = if is_lookup { Method::POST } else { Method::GET };
                let is_read = *method == expected && !operation.is_write();
                assert_eq!(gate.allows(&request), is_read, "{method} {operation:?}");
                gate.set(Access::Full);
                assert!(gate.allows(&request), "{method} {operation:?}");
            }
        }
    }
}
