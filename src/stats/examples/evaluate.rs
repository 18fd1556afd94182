//! Prints every statistic of one pair, from a file of prices.
//!
//! ```sh
//! cargo run --release -p spreadscope_stats --example evaluate -- --help
//! cargo run --release -p spreadscope_stats --example evaluate -- prices.csv --y btc --x eth --json
//! ```

#[path = "evaluate/command.rs"]
mod command;
#[path = "evaluate/csv.rs"]
mod csv;
#[path = "evaluate/live.rs"]
mod live;
#[path = "evaluate/options.rs"]
mod options;
#[path = "evaluate/statistics.rs"]
mod statistics;
#[path = "evaluate/values.rs"]
mod values;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match command::run(&arguments, &mut std::io::stdin()) {
        Ok(text) => {
            use std::io::Write as _;
            // a reader that stops early, such as `head`, is not an error
            match std::io::stdout().write_all(text.as_bytes()) {
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                    eprintln!("evaluate: the result cannot be written: {error}");
                    ExitCode::FAILURE
                }
                _ => ExitCode::SUCCESS,
            }
        }
        Err(error) => {
            eprintln!("evaluate: {error}");
            ExitCode::from(2)
        }
    }
}
