//! Plotly's own rules as a stylesheet.
//!
//! plotly.js puts its rules into the page by script, which a content security policy without inline styles
//! refuses. The page has them as a file instead: read out of the very script that is served, so that both always
//! agree.

use crate::failure::{Failure, Outcome};
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// Where the object of selector and declarations begins.
const FIRST: &str = "{\"X,X div\":";
/// What plotly.js itself writes for the letters in its selectors.
const PLOT: &str = ".js-plotly-plot .plotly";
const NOTIFIER: &str = ".plotly-notifier";

/// The stylesheet that plotly.js of this text would insert.
///
/// plotly.js inserts each rule before the last, so the order is the object's turned round.
///
/// # Errors
/// The text does not hold the rules in the form that is known.
pub(super) fn extract(script: &str) -> Outcome<String> {
    let unknown = || Failure::new("this plotly.js holds its style rules in a form that is not known");
    if !script.contains(&format!("\"{PLOT}\"")) || !script.contains(&format!("\"{NOTIFIER}\"")) {
        return Err(unknown());
    }
    let start = script.find(FIRST).ok_or_else(unknown)?;
    let rules = rules(&script[start + 1..]).ok_or_else(unknown)?;
    let mut sheet = String::from("/* plotly.js 3.7.0 | Copyright Plotly, Inc. | MIT licence */\n");
    for (selector, declarations) in rules.iter().rev() {
        let selector = selector.replace('X', PLOT).replace('Y', NOTIFIER);
        writeln!(sheet, "{selector}{{{declarations}}}").map_err(|_never| unknown())?;
    }
    Ok(sheet)
}

/// The entries of an object literal, from after its opening brace to the closing one.
fn rules(text: &str) -> Option<Vec<(String, String)>> {
    let mut letters = text.chars().peekable();
    let mut rules = Vec::new();
    loop {
        let selector = key(&mut letters)?;
        let declarations = literal(&mut letters)?;
        rules.push((selector, declarations));
        match letters.next()? {
            ',' => {}
            '}' => return Some(rules),
            _ => return None,
        }
    }
}

/// A key, quoted or a bare word, and the colon after it.
fn key(letters: &mut Peekable<Chars<'_>>) -> Option<String> {
    if matches!(letters.peek()?, '"' | '\'') {
        let key = literal(letters)?;
        return (letters.next()? == ':').then_some(key);
    }
    let mut key = String::new();
    loop {
        match letters.next()? {
            ':' => return Some(key),
            letter if letter.is_ascii_alphanumeric() => key.push(letter),
            _ => return None,
        }
    }
}

/// A string in either quotes; the only escapes are of a quote or a backslash.
fn literal(letters: &mut Peekable<Chars<'_>>) -> Option<String> {
    let quote = letters.next().filter(|letter| matches!(letter, '"' | '\''))?;
    let mut text = String::new();
    loop {
        match letters.next()? {
            '\\' => text.push(letters.next().filter(|letter| matches!(letter, '"' | '\'' | '\\'))?),
            letter if letter == quote => return Some(text),
            letter => text.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIL: &str =
        "for(a in b)a.replace(/X/g,\".js-plotly-plot .plotly\").replace(/Y/g,\".plotly-notifier\")";

    #[test]
    fn rules_come_out_in_the_order_that_plotly_gives_them() {
        let script = format!(
            "var s={{\"X,X div\":'font-family:\"Open Sans\";margin:0;',\"X a\":\"color:red;\",Y:\"top:0;\"}};{TAIL}"
        );
        let sheet = extract(&script).unwrap();
        let rules: Vec<&str> = sheet.lines().skip(1).collect();
        assert_eq!(
            rules,
            [
                ".plotly-notifier{top:0;}",
                ".js-plotly-plot .plotly a{color:red;}",
                ".js-plotly-plot .plotly,.js-plotly-plot .plotly div{font-family:\"Open Sans\";margin:0;}",
            ]
        );
    }

    #[test]
    fn an_unknown_form_is_refused() {
        for script in [String::new(), TAIL.to_owned(), format!("{{\"X,X div\":f(),Y:\"\"}}{TAIL}")] {
            assert!(extract(&script).is_err(), "{script}");
        }
    }
}
