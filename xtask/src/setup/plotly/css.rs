//! Plotly's own rules as a stylesheet.
//!
//! plotly.js inserts its rules into the page by script, which a content security policy without inline styles
//! refuses. Here they are a file instead, extracted from the very script that is served, so that both always
//! agree. Rules for what is cut (toolbars, notices, drag cursors) are left out.

use crate::failure::{Failure, Outcome};
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

/// Start of the object of selectors and declarations.
const FIRST: &str = "var rules = {";
/// The selectors that match something in a chart, as plotly.js holds them.
const KEPT: [&str; 4] = ["X,X div", "X .crisp", "X .user-select-none", "X .main-svg"];
/// What plotly.js itself substitutes for the letters in its selectors.
const PLOT: &str = ".js-plotly-plot .plotly";
const NOTIFIER: &str = ".plotly-notifier";

/// Returns the stylesheet that this plotly.js would insert.
///
/// plotly.js inserts each rule before the previous one, so the order is that of the object reversed.
///
/// # Errors
/// The text does not hold the rules in the expected form.
pub(super) fn extract(script: &str) -> Outcome<String> {
    let unknown = || Failure::new("this plotly.js holds its style rules in a form that is not known");
    if !script.contains(&format!("\"{PLOT}\"")) || !script.contains(&format!("\"{NOTIFIER}\"")) {
        return Err(unknown());
    }
    let (_, text) = script.split_once(FIRST).ok_or_else(unknown)?;
    let mut rules = rules(text).ok_or_else(unknown)?;
    rules.retain(|(selector, _)| KEPT.contains(&selector.as_str()));
    if rules.len() != KEPT.len() {
        return Err(unknown());
    }
    let mut sheet = String::from("/* plotly.js 3.7.0 | Copyright Plotly, Inc. | MIT licence */\n");
    for (selector, declarations) in rules.iter().rev() {
        let selector = selector.replace('X', PLOT).replace('Y', NOTIFIER);
        writeln!(sheet, "{selector}{{{declarations}}}").map_err(|_never| unknown())?;
    }
    Ok(sheet)
}

/// Returns the entries of an object literal, from after its opening brace to the closing one.
fn rules(text: &str) -> Option<Vec<(String, String)>> {
    let mut letters = text.chars().peekable();
    let mut rules = Vec::new();
    loop {
        skip_spaces(&mut letters);
        let selector = key(&mut letters)?;
        skip_spaces(&mut letters);
        let declarations = literal(&mut letters)?;
        rules.push((selector, declarations));
        skip_spaces(&mut letters);
        match letters.next()? {
            ',' => {}
            '}' => return Some(rules),
            _ => return None,
        }
    }
}

fn skip_spaces(letters: &mut Peekable<Chars<'_>>) {
    while letters.next_if(char::is_ascii_whitespace).is_some() {}
}

/// Returns a key, quoted or bare, after consuming the colon behind it.
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

/// Returns a string in either kind of quotes; the only escapes are of a quote or a backslash.
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

    const RULES: &str = "var rules = {
  \"X,X div\": 'font-family:\"Open Sans\";margin:0;',
  \"X a\": \"color:red;\",
  \"X .crisp\": \"shape-rendering:crispEdges;\",
  \"X .user-select-none\": \"user-select:none;\",
  \"X .main-svg\": \"position:absolute;\",
  Y: \"top:0;\"
};";
    const TAIL: &str =
        "for (a in rules) a.replace(/X/g, \".js-plotly-plot .plotly\").replace(/Y/g, \".plotly-notifier\");";

    #[test]
    fn rules_of_charts_come_out_in_the_order_that_plotly_gives_them() {
        let sheet = extract(&format!("{RULES}{TAIL}")).unwrap();
        let rules: Vec<&str> = sheet.lines().skip(1).collect();
        assert_eq!(
            rules,
            [
                ".js-plotly-plot .plotly .main-svg{position:absolute;}",
                ".js-plotly-plot .plotly .user-select-none{user-select:none;}",
                ".js-plotly-plot .plotly .crisp{shape-rendering:crispEdges;}",
                ".js-plotly-plot .plotly,.js-plotly-plot .plotly div{font-family:\"Open Sans\";margin:0;}",
            ]
        );
    }

    #[test]
    fn an_unknown_form_is_refused() {
        let without_one = format!("{}{TAIL}", RULES.replace("X .crisp", "X .sharp"));
        let computed = format!("var rules = {{\"X,X div\": f(), Y: \"\"}};{TAIL}");
        for script in [String::new(), TAIL.to_owned(), RULES.to_owned(), computed, without_one] {
            assert!(extract(&script).is_err(), "{script}");
        }
    }
}
