//! The program `huoyan`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(huoyan_cli::run(std::env::args_os()))
}
