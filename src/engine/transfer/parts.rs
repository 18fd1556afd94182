//! Dates whose year, month and day stand in columns of their own, and hours beside dates.

use super::names;
use super::refusal::quoted;
use super::role::Role;
use super::times::Moment;

const SEC: i64 = 1_000_000;

/// The columns of a date in three columns, and of the clock beside it, by their names.
pub(super) fn of_date(names: &[Vec<String>]) -> Option<Vec<(Role, usize)>> {
    let date: Vec<(Role, usize)> = Role::OF_DATE
        .into_iter()
        .map(|role| Some((role, names::find(names, role)?)))
        .collect::<Option<_>>()?;
    let clock = of_clock(names);
    // a time of day beside them is told from a whole time by what stands in it
    let whole = names::find(names, Role::TimeOfDay).filter(|_| clock.is_empty());
    let found = date.into_iter().chain(clock).chain(whole.map(|at| (Role::TimeOfDay, at)));
    Some(found.collect())
}

/// The columns of an hour, a minute and a second; none where there is no hour.
pub(super) fn of_clock(names: &[Vec<String>]) -> Vec<(Role, usize)> {
    let Some(hour) = names::find(names, Role::Hour) else { return Vec::new() };
    let mut found = vec![(Role::Hour, hour)];
    for role in [Role::Minute, Role::Second] {
        // `Min` is the lowest price where there is a highest
        let is_low = |at: usize| names[at][0] == "min" && names::find(names, Role::High).is_some();
        let named = names::find(names, role).filter(|at| !is_low(*at) || has_low(names));
        found.extend(named.map(|at| (role, at)));
    }
    found
}

/// Whether the lowest price has another name than `Min`.
fn has_low(names: &[Vec<String>]) -> bool {
    names::find(names, Role::Low).is_some_and(|at| names[at][0] != "min")
}

/// The date that three cells make, as one text.
///
/// # Errors
/// Which of them cannot be, and what it was.
pub(super) fn date<'c>(cell: impl Fn(Role) -> Result<&'c str, String>) -> Result<String, String> {
    let month = cell(Role::Month)?.trim();
    let year = number(Role::Year, cell(Role::Year)?, 1_800, 2_100)?;
    let day = number(Role::Day, cell(Role::Day)?, 1, 31)?;
    if month.starts_with(char::is_alphabetic) {
        return Ok(format!("{day} {month} {year}"));
    }
    let month = number(Role::Month, month, 1, 12)?;
    Ok(format!("{year}-{month:02}-{day:02}"))
}

/// Adds hour, minute and second, where there are columns of them, to the moment of a date.
///
/// # Errors
/// Which of them cannot be, and what it was.
pub(super) fn with_clock<'c>(
    date: Moment,
    cell: impl Fn(Role) -> Result<Option<&'c str>, String>,
) -> Result<Moment, String> {
    let Some(hour) = cell(Role::Hour)? else { return Ok(date) };
    // 24 is the end of the day
    let hour = number(Role::Hour, hour, 0, 24)?;
    let of = |role| cell(role)?.map_or(Ok(0), |text| number(role, text, 0, 59));
    let micros = ((hour * 60 + of(Role::Minute)?) * 60 + of(Role::Second)?) * SEC;
    Ok(Moment { micros: date.micros + micros, local: date.local + micros, is_date: false, ..date })
}

fn number(role: Role, text: &str, least: i64, most: i64) -> Result<i64, String> {
    let text = text.trim();
    let whole = text.strip_suffix(".0").unwrap_or(text).parse::<i64>().ok();
    whole
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("{} must be {least} to {most}, was {}", role.name(), quoted(text)))
}

/// Whether a cell may be an hour of a clock.
pub(super) fn is_hour(text: &str) -> bool {
    number(Role::Hour, text, 0, 24).is_ok()
}
