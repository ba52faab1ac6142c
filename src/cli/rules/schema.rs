//! `callsift rules schema`: the JSON Schema of a file that people write.

use crate::cli::args::{RulesSchema, SchemaOf};
use crate::cli::{EXIT_OK, print_json};
use crate::packs::{Written, schema};

/// Runs the command; returns the exit code.
pub(super) fn run(args: &RulesSchema) -> u8 {
    let of = match args.of {
        SchemaOf::Rule => Written::Rule,
        SchemaOf::List => Written::List,
        SchemaOf::Pack => Written::Pack,
        SchemaOf::Scorecard => Written::Scorecard,
        SchemaOf::Overrides => Written::Overrides,
        SchemaOf::Sets => Written::Sets,
        SchemaOf::Whitelist => Written::Whitelist,
    };
    print_json(&format!("{:#}\n", schema(of)), EXIT_OK)
}
