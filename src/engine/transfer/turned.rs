//! Dates of which a spreadsheet has turned day and month: those that hold in its own order, and no others.

use super::plan::{Kind, Plan};
use super::refusal::quoted;
use super::times::{DAY_MILLIS as DAY, Numbers};
use super::timestamp;

/// Rows of each writing by which a file is judged.
const FEWEST: u64 = 4;
/// Days that follow each other are further apart than so many where their months are turned.
const FAR_DAYS: i64 = 20;

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    /// A number of Excel's.
    Number,
    /// `2024-01-13`
    YearFirst,
    /// `13/01/2024`
    YearLast,
}

/// The dates of one writing so far.
#[derive(Debug)]
struct Dates {
    writing: Writing,
    first: String,
    count: u64,
    /// Those whose day cannot be a month.
    late: u64,
    before: Option<i64>,
    /// Those that are far from the one before.
    far: u64,
}

/// The dates of a file so far, by how they are written.
#[derive(Debug, Default)]
pub(super) struct Turned {
    dates: Vec<Dates>,
}

impl Turned {
    /// None yet; `None` for a file of trades, and for one whose dates no spreadsheet turns.
    pub(super) fn new(plan: &Plan) -> Option<Self> {
        let may_be = plan.times.order.is_set() || plan.times.numbers == Numbers::ExcelDays;
        (plan.kind == Kind::Bars && may_be).then(Self::default)
    }

    /// Takes the date of the next row and what it was read as, milliseconds.
    pub(super) fn take(&mut self, text: &str, local: i64) {
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let writing = match digits {
            5 if text.len() == 5 => Writing::Number,
            4 => Writing::YearFirst,
            1 | 2 => Writing::YearLast,
            _ => return,
        };
        let at = self.dates.iter().position(|dates| dates.writing == writing).unwrap_or(self.dates.len());
        if at == self.dates.len() {
            let first = text.to_owned();
            self.dates.push(Dates { writing, first, count: 0, late: 0, before: None, far: 0 });
        }
        let dates = &mut self.dates[at];
        let day = timestamp::format(local)[8..10].parse().unwrap_or(0);
        dates.count += 1;
        dates.late += u64::from(day > 12);
        let before = dates.before.replace(local);
        dates.far += u64::from(before.is_some_and(|before| (local - before).abs() > FAR_DAYS * DAY));
    }

    /// Why the dates cannot be read; `None` where they can.
    pub(super) fn refusal(&self) -> Option<String> {
        let [one, other] = &self.dates[..] else { return None };
        let (turned, left) = if one.late == 0 { (one, other) } else { (other, one) };
        let are_turned = turned.late == 0 && turned.count >= FEWEST && turned.far * 2 > turned.count;
        let are_left = left.late == left.count && left.count > 0;
        (are_turned && are_left).then(|| {
            format!(
                "its dates are of two writings, {} and {}: a spreadsheet has turned day and month of those that it could \
                 read. Save the file again with its dates as text",
                quoted(&turned.first),
                quoted(&left.first)
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(dates: &[(&str, &str)]) -> bool {
        let mut turned = Turned::default();
        for (text, read) in dates {
            turned.take(text, timestamp::parse(read).unwrap() / 1_000);
        }
        turned.refusal().is_some()
    }

    #[test]
    fn dates_that_a_spreadsheet_has_turned_are_told_from_others() {
        let kept = [("13/01/2024", "2024-01-13"), ("14/01/2024", "2024-01-14")];
        let turned = [
            ("45301", "2024-01-09"),
            ("45332", "2024-02-09"),
            ("45361", "2024-03-09"),
            ("45392", "2024-04-09"),
            ("45422", "2024-05-09"),
        ];
        assert!(refused(&[&turned[..], &kept].concat()));
        let days = [
            ("45300", "2024-01-08"),
            ("45301", "2024-01-09"),
            ("45302", "2024-01-10"),
            ("45303", "2024-01-11"),
            ("45304", "2024-01-12"),
        ];
        assert!(!refused(&[&days[..], &kept].concat()), "numbers of days that follow each other");
        assert!(!refused(&turned) && !refused(&kept), "one writing alone");
    }
}
