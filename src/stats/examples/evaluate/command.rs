//! From arguments to text.

use crate::csv::Table;
use crate::options::{HELP, Options, Request};
use crate::{statistics, values};
use std::fs;
use std::io::Read;

/// The text to print, or one sentence about what is wrong.
pub(crate) fn run(arguments: &[String], stdin: &mut impl Read) -> Result<String, String> {
    let options = match Options::parse(arguments)? {
        Request::Help => return Ok(HELP.to_owned()),
        Request::Evaluate(options) => options,
    };
    let mut bytes = Vec::new();
    if options.file == "-" {
        stdin.read_to_end(&mut bytes).map_err(|error| format!("standard input cannot be read: {error}"))?;
    } else {
        bytes =
            fs::read(&options.file).map_err(|error| format!("{} cannot be read: {error}", options.file))?;
    }
    let table = Table::read(&bytes)?;
    let y = table.prices(&options.y, options.prices)?;
    let x = table.prices(&options.x, options.prices)?;
    let found = statistics::all(&y, &x, &options);
    Ok(if options.json { values::as_json(&found) } else { values::as_text(&found) })
}
