//! The command line: `demo`, `serve`, `migrate`, `keys`, `user`, `report`, `verify`, `openapi`.

#![forbid(unsafe_code)]

mod cli;

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(cli::run())
}
