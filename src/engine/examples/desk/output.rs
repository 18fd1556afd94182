//! Lines on standard output, which may be read by somebody who has seen enough.

use core::fmt::Arguments;
use std::io::{ErrorKind, Write as _};
use std::process::exit;

/// Prints a line. Where nobody reads it any more there is nothing left to do, and where it cannot be written nothing can.
pub(super) fn line(text: Arguments<'_>) {
    if let Err(error) = writeln!(std::io::stdout().lock(), "{text}") {
        if error.kind() == ErrorKind::BrokenPipe {
            exit(0);
        }
        eprintln!("standard output: {error}");
        exit(1);
    }
}

/// Prints a line, as `println!` does.
macro_rules! say {
    ($($text:tt)*) => { $crate::output::line(format_args!($($text)*)) };
}
pub(super) use say;
