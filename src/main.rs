//! The `callsift` command.

/// Millions of short texts come and go, from one thread to another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    callsift::cli::main()
}
