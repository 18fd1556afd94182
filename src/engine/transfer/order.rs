//! Which number of a date is the day, the month or the year, by the dates of a file.

use super::calendar;
use super::date_text;
use super::timestamp::UnixMicros;
use core::cmp::Reverse;
use std::borrow::Cow;

/// Four years.
const FAR: UnixMicros = 4 * 366 * 86_400_000_000;

/// The order of the numbers of a date whose year is not told by four digits in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Order {
    /// No date of the file needs it.
    #[default]
    NotNeeded,
    /// It cannot be told from the dates: the user has to say.
    Ambiguous,
    /// `02/01/1990` is 2 January.
    DayFirst,
    /// `02/01/1990` is 1 February.
    MonthFirst,
    /// `240102` is 2 January 2024.
    YearFirst,
}

impl Order {
    /// Whether it is known.
    pub const fn is_set(self) -> bool {
        matches!(self, Self::DayFirst | Self::MonthFirst | Self::YearFirst)
    }

    /// The order of the dates in `cells`; none of them is later than `latest`.
    pub(super) fn of(cells: &[&str], latest: UnixMicros) -> Self {
        let plain: Vec<Cow<'_, str>> = cells.iter().map(|cell| date_text::plain(cell)).collect();
        let dates: Vec<&str> = plain.iter().map(|cell| date_of(cell)).collect();
        if let Some(order) = of_short(&dates, latest) {
            return order;
        }
        let (mut day_first, mut month_first, mut either, mut points) = (false, false, false, false);
        for date in dates {
            let Some(Numbers { first, second, sign, .. }) = Numbers::of(date) else { continue };
            day_first |= first > 12;
            month_first |= second > 12;
            points |= sign == '.';
            either = true;
        }
        match (day_first, month_first) {
            _ if !either => Self::NotNeeded,
            (true, false) => Self::DayFirst,
            (false, true) => Self::MonthFirst,
            // a point stands in dates whose day is first
            _ if points => Self::DayFirst,
            _ => Self::Ambiguous,
        }
    }
}

/// Whether it cannot be told which of the first two numbers of a date is the day.
pub(super) fn is_doubtful(cell: &str) -> bool {
    let told = |Numbers { first, second, sign, .. }: Numbers| {
        sign == '.' || first > 12 || second > 12 || first == second
    };
    Numbers::of(date_of(&date_text::plain(cell))).is_some_and(|numbers| !told(numbers))
}

/// What a date says of the order of the first two of its numbers: that the day is first, or the month; `None` where it
/// says neither.
pub(super) fn told_by(cell: &str) -> Option<Order> {
    let Numbers { first, second, last_digits, .. } = Numbers::of(date_of(&date_text::plain(cell)))?;
    match (first > 12, second > 12) {
        (true, false) if last_digits == 4 => Some(Order::DayFirst),
        (false, true) => Some(Order::MonthFirst),
        _ => None,
    }
}

/// The order of dates with two digits of the year: the one in which they are nearest to each other. Where the year is
/// first and signs part the numbers, it must be nearest by far.
fn of_short(dates: &[&str], latest: UnixMicros) -> Option<Order> {
    let is_bare = |date: &&str| date.len() == 6 && date.bytes().all(|byte| byte.is_ascii_digit());
    let is_signed = |date: &&str| Numbers::of(date).is_some_and(|numbers| numbers.last_digits == 2);
    let bare: Vec<&str> = dates.iter().copied().filter(is_bare).collect();
    let judged =
        if bare.is_empty() { dates.iter().copied().filter(is_signed).collect() } else { bare.clone() };
    if judged.len() * 2 < dates.len() || judged.is_empty() {
        return None;
    }
    let span = |order: Order| {
        let days = judged.iter().map(|date| Some(calendar::parse_until(date, order, latest)?.local));
        let days = days.collect::<Option<Vec<UnixMicros>>>()?;
        let (first, last) = (*days.iter().min()?, *days.iter().max()?);
        (last <= latest).then_some((last - first, Reverse(last)))
    };
    let [year, day, month] =
        [Order::YearFirst, Order::DayFirst, Order::MonthFirst].map(|order| (span(order), order));
    let fits = |(span, order): (Option<_>, Order)| Some((span?, order));
    if bare.is_empty() {
        let ((of_year, Reverse(last)), _) = fits(year)?;
        let others: Vec<(UnixMicros, Reverse<UnixMicros>)> =
            [day, month].into_iter().filter_map(fits).map(|(span, _)| span).collect();
        let is_nearer = others.iter().all(|(span, _)| of_year < span / 4);
        // of one date the year that is newest by far
        let is_newer = others.iter().all(|(span, Reverse(other))| of_year == *span && last - other > FAR);
        return (is_nearer || is_newer).then_some(Order::YearFirst);
    }
    let best = [year, day, month].into_iter().filter_map(fits).min_by_key(|(span, _)| *span);
    Some(best.map_or(Order::YearFirst, |(_, order)| order))
}

/// A date of three numbers of which the last is the year, or may be.
struct Numbers {
    first: u32,
    second: u32,
    last_digits: usize,
    sign: char,
}

impl Numbers {
    fn of(date: &str) -> Option<Self> {
        let sign = date.chars().find(|sign| !sign.is_ascii_digit()).filter(|sign| "/-.".contains(*sign))?;
        let parts: Vec<&str> = date.split(sign).collect();
        let [first, second, last] = parts[..] else { return None };
        let fits =
            first.len() <= 2 && matches!(last.len(), 2 | 4) && last.bytes().all(|byte| byte.is_ascii_digit());
        let (first, second) = (first.parse().ok()?, second.parse().ok()?);
        fits.then_some(Self { first, second, last_digits: last.len(), sign })
    }
}

/// The date of a cell, without the time of day behind it.
fn date_of(cell: &str) -> &str {
    cell.trim().split([' ', 'T', ',']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LATEST: UnixMicros = 1_800_000_000_000_000;

    #[test]
    fn the_order_is_told_by_the_dates() {
        let cases: [(&[&str], Order); 14] = [
            (&["2024-01-02", "2024-01-03"], Order::NotNeeded),
            (&["02/01/2024", "13/01/2024"], Order::DayFirst),
            (&["01/02/2024 09:30", "01/13/2024 09:30"], Order::MonthFirst),
            (&["02/01/2024", "03/01/2024"], Order::Ambiguous),
            (&["02 / 01 / 2024", "13 / 01 / 2024"], Order::DayFirst),
            (&["02.01.24", "03.01.24"], Order::DayFirst),
            (&["24-01-30", "24-01-31", "24-02-01"], Order::YearFirst),
            (&["30-01-24", "31-01-24", "01-02-24"], Order::DayFirst),
            (&["240130", "240131", "240201"], Order::YearFirst),
            (&["300124", "310124", "010224"], Order::DayFirst),
            (&["240102"], Order::YearFirst),
            (&["24-01-02 09:30", "24-01-02 09:31"], Order::YearFirst),
            (&["02-01-24 09:30", "02-01-24 09:31"], Order::Ambiguous),
            (&["010124 0930", "010124 0931"], Order::DayFirst),
        ];
        for (dates, order) in cases {
            assert_eq!(Order::of(dates, LATEST), order, "{dates:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(texts in prop::collection::vec("[0-9/.\\- T]{0,12}", 0..5)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            prop_assert_eq!(Order::of(&texts, LATEST), Order::of(&texts, LATEST));
        }
    }
}
