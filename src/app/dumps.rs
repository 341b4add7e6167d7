//! Keeps pictures of this process' memory from others: no core file, and on Linux no look into it by programs of the same user.

use std::io;

/// Leaves debug builds open to a look from outside, for tests that search their memory without being root.
#[cfg(unix)]
const OPEN_VARIABLE: &str = "SKYBACKUP_TEST_OPEN_MEMORY";

/// Forbids core files for this process and for those it starts, and on Linux every look into its memory. Windows has no call for
/// this that is free of unsafe code.
#[cfg(unix)]
pub fn disable_core_dumps() -> io::Result<()> {
    if cfg!(debug_assertions) && std::env::var_os(OPEN_VARIABLE).is_some() {
        return Ok(());
    }
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    rustix::process::setrlimit(rustix::process::Resource::Core, none)?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// See above.
#[cfg(not(unix))]
pub fn disable_core_dumps() -> io::Result<()> {
    Ok(())
}

/// While this lives, others of the same user may look at this process: the portal that shows file dialogs on Linux answers only
/// processes it can look at. Core files stay forbidden, but where the kernel pipes dumps to a program it heeds no limit: a crash in
/// that time gives this program the memory.
pub(super) struct DumpableGuard {
    #[cfg(target_os = "linux")]
    was_closed: bool,
}

impl DumpableGuard {
    #[cfg(target_os = "linux")]
    pub(super) fn begin() -> Self {
        use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};
        let is_closed = dumpable_behavior().is_ok_and(|now| now == DumpableBehavior::NotDumpable);
        Self { was_closed: is_closed && set_dumpable_behavior(DumpableBehavior::Dumpable).is_ok() }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn begin() -> Self {
        Self {}
    }
}

#[cfg(target_os = "linux")]
impl Drop for DumpableGuard {
    fn drop(&mut self) {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if self.was_closed
            && let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable)
        {
            tracing::warn!("memory stays open to other programs: {error}");
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::DumpableBehavior::{Dumpable, NotDumpable};
    use rustix::process::{Resource, dumpable_behavior, getrlimit};

    use super::*;

    /// The limit cannot be raised again, so it is lowered in a process of its own.
    #[test]
    fn the_process_is_closed_but_for_the_time_of_a_dialog() {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "app::dumps::tests::in_a_process_of_its_own", "--ignored"]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }

    #[test]
    #[ignore = "run by the test above"]
    fn in_a_process_of_its_own() {
        {
            let _open = DumpableGuard::begin();
            assert_eq!(dumpable_behavior().unwrap(), Dumpable);
        }
        assert_eq!(dumpable_behavior().unwrap(), Dumpable, "what was open stays open");
        disable_core_dumps().unwrap();
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
        assert_eq!(dumpable_behavior().unwrap(), NotDumpable);
        {
            let _open = DumpableGuard::begin();
            assert_eq!(dumpable_behavior().unwrap(), Dumpable);
        }
        assert_eq!(dumpable_behavior().unwrap(), NotDumpable);
    }
}
