//! Calls that were being inspected when runs died are tried in a process of their own.

use super::EXIT_OK;
use std::process::{Command, Stdio};

/// The hidden flag that asks for one call to be tried.
pub(super) const FLAG: &str = "--rehearse";

/// Runs this command again for the call `call_id` alone, writing nothing; says whether it came to its end.
pub(super) fn survives(call_id: &str) -> bool {
    let Ok(program) = std::env::current_exe() else { return false };
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1)).arg(format!("{FLAG}={call_id}"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.code() == Some(EXIT_OK.into()))
}
