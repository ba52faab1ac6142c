//! The `callsift` command.

fn main() -> std::process::ExitCode {
    callsift::cli::main()
}
