//! The zone that a file says its times are of: in a line above its rows, in a column, in a member of its JSON.

use super::plan::{Form, Plan};
use super::zone::{Clock, Zone};
use super::{dialect, lines};

/// Text above the rows of JSON in which a zone is looked for.
const HEAD: usize = 4_096;

/// The zone that `text` says its times are of, as `plan` has it read; `None` where it says none.
pub(super) fn of(text: &str, plan: &Plan) -> Option<Zone> {
    match &plan.form {
        Form::Table(table) => {
            let above = usize::try_from(table.skipped_lines).ok()?;
            let header = table.header_line.checked_sub(1).and_then(|at| usize::try_from(at).ok());
            let lines = lines::of(text).take(above).enumerate().filter(|(at, _)| Some(*at) != header);
            lines
                .map(|(_, line)| line)
                .find_map(of_line)
                .or_else(|| of_column(text, &table.names, table.delimiter))
        }
        Form::Document { .. } | Form::Objects { .. } => of_members(text),
        Form::Ndjson | Form::Frames => None,
    }
}

/// Words behind which a line about the file names a zone.
const WORDS: [&str; 9] = [
    "timezone",
    "time zone",
    "time-zone",
    "time_zone",
    "zeitzone",
    "fuseau",
    "zona horaria",
    "times are",
    "times in",
];

/// The zone that a line about the file names: `# Timezone: America/New_York`, `All times are in UTC+8`.
pub(super) fn of_line(line: &str) -> Option<Zone> {
    let line = line.trim_matches(|sign: char| !sign.is_alphanumeric() && !matches!(sign, '+' | ')'));
    let lower = line.to_lowercase();
    let said =
        WORDS.iter().find_map(|word| lower.split_once(word).map(|(before, _)| before.len() + word.len()));
    let said = said.or_else(|| lower.starts_with("tz").then_some(2));
    let named = || line.contains('/').then(|| Zone::named(line).filter(|zone| Clock::of(zone).is_ok()))?;
    // a lower case that is longer or shorter is of no word above
    let Some(rest) = said.and_then(|at| line.get(at..)) else { return named() };
    let is_between = |sign: char| {
        matches!(sign, ':' | '=' | ',' | ';' | '"' | '\'' | '|' | '(' | ')') || sign.is_whitespace()
    };
    let words: Vec<&str> = rest.split(is_between).filter(|word| !word.is_empty()).collect();
    // the name of a place tells daylight saving, and the distance behind it does not
    let places = words.iter().filter(|word| word.contains('/')).copied();
    let first = words.iter().copied().find(|word| !matches!(*word, "in" | "are" | "is" | "all"));
    places.chain(first).find_map(Zone::named)
}

/// The zone that stands in each row under the name of one.
fn of_column(text: &str, names: &[String], delimiter: char) -> Option<Zone> {
    let is_zone = |name: &String| {
        matches!(
            plain(name).as_str(),
            "timezone" | "tz" | "zone" | "exchangetimezone" | "timezonename" | "exchangetimezonename"
        )
    };
    let at = names.iter().position(is_zone)?;
    let rows = dialect::candidates(text).take(dialect::ROWS_JUDGED);
    let cells = rows.filter_map(|(_, line)| {
        let cells = super::csv::cells(line, delimiter).ok()?;
        (cells.len() == names.len()).then(|| cells[at].trim().to_owned())
    });
    let cells: Vec<String> = cells.filter(|cell| *cell != names[at]).collect();
    let first = cells.first()?;
    cells.iter().all(|cell| cell == first).then(|| Zone::named(first))?
}

/// The zone that a member in front of the rows names: `"6. Time Zone": "US/Eastern"`.
pub(super) fn of_members(text: &str) -> Option<Zone> {
    let head = &text[..text.char_indices().nth(HEAD).map_or(text.len(), |(at, _)| at)];
    let mut texts = head.split('"').skip(1);
    let mut found = None;
    while let (Some(name), Some(between)) = (texts.next(), texts.next()) {
        if !matches!(
            plain(name).as_str(),
            "timezone" | "tz" | "exchangetimezone" | "exchangetimezonename" | "timezonename"
        ) {
            continue;
        }
        let zone = (between.trim() == ":").then(|| texts.next()).flatten().and_then(Zone::named);
        texts.next();
        // the name of a place tells daylight saving, and its abbreviation may not
        let is_better = found.is_none() || zone.as_ref().is_some_and(|zone| zone.words().contains('/'));
        found = if is_better { zone.or(found) } else { found };
    }
    found
}

fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_about_the_file_may_name_a_zone() {
        let said = |line: &str| of_line(line).map(|zone| zone.words());
        for (line, zone) in [
            ("# Timezone: America/New_York", "America/New_York"),
            ("\"Time Zone\",\"US/Eastern\"", "US/Eastern"),
            ("# All times are in Europe/Berlin", "Europe/Berlin"),
            ("Zeitzone;UTC+8", "+08:00"),
            ("# tz=Asia/Tokyo", "Asia/Tokyo"),
            ("# Times are UTC", "UTC"),
            ("# Timezone: EST", "America/New_York"),
            ("# Exchange timezone: Asia/Hong_Kong (UTC+8)", "Asia/Hong_Kong"),
            ("# America/New_York", "America/New_York"),
            ("# Timezone: America/Atlantis", "America/Atlantis"),
        ] {
            assert_eq!(said(line).as_deref(), Some(zone), "{line}");
        }
        for line in [
            "# source: https://example.org/times",
            "KO, daily",
            "# updated 2024/01/02",
            "# Timezone: exchange",
        ] {
            assert_eq!(said(line), None, "{line}");
        }
    }

    #[test]
    fn a_member_in_front_of_the_rows_may_name_a_zone() {
        let said = |text: &str| of_members(text).map(|zone| zone.words());
        let alpha =
            r#"{"Meta Data":{"2. Symbol":"KO","6. Time Zone":"US/Eastern"},"Time Series (60min)":{}}"#;
        assert_eq!(said(alpha).as_deref(), Some("US/Eastern"));
        let yahoo =
            r#"{"meta":{"timezone":"EST","exchangeTimezoneName":"America/New_York","gmtoffset":-18000}}"#;
        assert_eq!(said(yahoo).as_deref(), Some("America/New_York"));
        assert_eq!(said(r#"{"timezone":null,"a":"b"}"#), None);
    }
}
