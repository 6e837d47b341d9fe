//! The command line: `demo`, `serve`, `migrate`, `keys`, `user`, `report`, `verify`, `openapi`.

#![forbid(unsafe_code)]

mod cli;

/// Takes and gives back memory, for the C libraries too. A sixth more records a second and a third
/// less memory than the system's: see `docs/decisions/0141-memory-by-mimalloc.md`.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(cli::run())
}
