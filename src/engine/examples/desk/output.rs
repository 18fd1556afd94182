//! Lines on standard output, whose reader may stop early.

use core::fmt::Arguments;
use std::io::{ErrorKind, Write as _};
use std::process::exit;

/// Prints a line; exits if the reader has closed the output or it cannot be written.
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
