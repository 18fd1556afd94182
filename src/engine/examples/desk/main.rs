//! The desk without a page: what it does with files, natively. Each subcommand is a file.
//!
//! ```text
//! cargo run --release -p spreadscope_engine --example desk -- import FILE… [--json] [--bars SYMBOL]
//! cargo run --release -p spreadscope_engine --example desk -- backtest FILE… --y SYMBOL --x SYMBOL [--help]
//! cargo run --release -p spreadscope_engine --example desk -- scan FILE… [--json]
//! ```

mod backtest;
mod backtest_files;
mod backtest_report;
mod import;
mod load;
mod output;
mod report;
mod scan;
mod scan_report;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let done = match arguments.next().as_deref() {
        Some("import") => import::run(arguments),
        Some("backtest") => backtest::run(arguments),
        Some("scan") => scan::run(arguments),
        _ => Err(format!("usage: {}\n       {}\n       {}", import::USAGE, backtest::USAGE, scan::USAGE)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
