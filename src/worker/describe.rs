//! The protocol of a worker, as programs read it.

use crate::inspect::Plan;
use crate::tables::{SCHEMA_VERSION, TableName, nested_schema};
use crate::worklist::{EARLIER_CALLS, MANIFEST_COLUMNS};
use serde_json::{Value, json};

/// Version of the protocol: raised when what was written for an earlier one does not work any more. Columns may be added.
pub const PROTOCOL: u32 = 1;

/// What a worker that judges by `plan` reads and writes.
#[must_use]
pub fn describe(plan: &Plan) -> Value {
    let output: Vec<Value> = nested_schema()
        .fields()
        .iter()
        .map(|field| json!({"name": field.name(), "type": field.data_type().to_string(), "nullable": field.is_nullable()}))
        .collect();
    json!({
        "protocol": PROTOCOL,
        "tool_version": env!("CARGO_PKG_VERSION"),
        "schema_version": SCHEMA_VERSION,
        "ruleset_hash": plan.ruleset_hash,
        "input": {
            "format": "Arrow IPC stream on standard input, with its end-of-stream mark",
            "columns": MANIFEST_COLUMNS,
            "required": ["call_id"],
            "one_of": ["recording", "transcript"],
            "other_columns": "kept, and rules can ask for them",
            EARLIER_CALLS: "list of structs of these columns: calls of the same customer that started before; optional",
        },
        "output": {
            "format": "Arrow IPC stream on standard output: a row for each row of the input, in its order",
            "columns": output,
            "tables": TableName::PER_BATCH.map(TableName::name),
        },
        "recheck": "with --recheck, rows of the output are the input",
        "exit_codes": {
            "0": "every row was written",
            "2": "a flag, a rule or a row is wrong: another try changes nothing",
            "74": "a pipe failed or the input was cut: try again",
        },
    })
}
