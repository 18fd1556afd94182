//! A row of the table in words.

use super::board::{Board, legs};
use super::conditions::Conditions;
use super::form;
use super::sort::{Column, Order};
use crate::view::numbers::format::{self, ABSENT};
use spreadscope_engine::scan::{PairTest, Scanned};
use spreadscope_engine::{Pair, Symbol};

/// Rows shown per page.
pub const ROWS: usize = 50;

/// A field of the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its column.
    pub column: &'static str,
    /// The text shown.
    pub text: String,
    /// A remark: why there is no number, or what supplements it.
    pub note: String,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Line {
    /// Both legs.
    pub legs: (Symbol, Symbol),
    /// The pair's name.
    pub name: String,
    /// Whether it has survived; `None` before the correction.
    pub survives: Option<bool>,
    /// Its oddities.
    pub note: String,
    /// What the button that opens it says.
    pub open_title: String,
    /// All fields but the first.
    pub fields: Vec<Field>,
}

impl Line {
    /// Returns the pair.
    pub fn pair(&self) -> Pair {
        Pair { y: self.legs.0.clone(), x: self.legs.1.clone() }
    }
}

/// The rows in view, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// The rows of this page.
    pub lines: Vec<Line>,
    /// Number of pairs that meet the conditions.
    pub shown: usize,
    /// Number of pairs tested.
    pub tested: usize,
}

/// Returns the rows from `page * ROWS` on. Before there is a report, these are the pairs tested so far, by p.
pub fn rows(board: &Board, conditions: &Conditions, order: Order, page: usize) -> Rows {
    let Some((_, report)) = &board.report else {
        let mut tests: Vec<&PairTest> = board.tests.iter().collect();
        tests.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
        let lines = tests.iter().skip(page * ROWS).take(ROWS).map(|test| line(test, None, board, conditions));
        return Rows { lines: lines.collect(), shown: tests.len(), tested: tests.len() };
    };
    let mut pairs: Vec<&Scanned> = report.pairs.iter().filter(|pair| conditions.take(pair)).collect();
    order.sort(&mut pairs, board);
    let lines = pairs.iter().skip(page * ROWS).take(ROWS);
    Rows {
        lines: lines.map(|pair| line(&pair.test, Some(pair), board, conditions)).collect(),
        shown: pairs.len(),
        tested: report.tested(),
    }
}

fn line(test: &PairTest, scanned: Option<&Scanned>, board: &Board, conditions: &Conditions) -> Line {
    let fields = Column::ALL[1..].iter().map(|column| {
        let (text, note) = field(*column, test, scanned, board);
        Field { column: column.as_str(), text, note }
    });
    Line {
        legs: legs(&test.pair),
        name: name(&test.pair),
        survives: scanned.map(|pair| conditions.survivors().takes(pair)),
        note: test.notes.join(" "),
        open_title: board.plan.as_ref().map_or_else(String::new, |plan| form::open_title(plan, test.bars)),
        fields: fields.collect(),
    }
}

/// Returns the pair's name: the coins alone if both have the same quote.
pub fn name(pair: &Pair) -> String {
    match (pair.y.quote(), pair.x.quote()) {
        (Some(y), Some(x)) if y == x => format!("{} / {}", pair.y.base(), pair.x.base()),
        _ => format!("{} / {}", pair.y, pair.x),
    }
}

fn field(column: Column, test: &PairTest, scanned: Option<&Scanned>, board: &Board) -> (String, String) {
    let plain = |text: String| (text, String::new());
    let absent = |note: &str| (ABSENT.to_owned(), note.to_owned());
    let known = |value: &Result<f64, String>, show: fn(f64) -> String| match value {
        Ok(value) => plain(show(*value)),
        Err(reason) => absent(reason),
    };
    let corrected = "corrected once all pairs are tested";
    match column {
        Column::Pair => plain(name(&test.pair)),
        Column::P => plain(p(test.p_value)),
        Column::QBh => scanned.map_or_else(|| absent(corrected), |pair| plain(p(pair.q_bh))),
        Column::QBy => scanned.map_or_else(|| absent(corrected), |pair| plain(p(pair.q_by))),
        Column::SelectionP => known(&test.selection_p_value, p),
        Column::SelectionQ => {
            scanned.map_or_else(|| absent(corrected), |pair| known(&pair.selection_q_bh, p))
        }
        Column::ConfirmedP => known(&test.confirmed_p_value, p),
        Column::HalfLife => half_life(test, board),
        Column::Hedge => plain(format::significant(test.hedge_ratio, 4)),
        Column::Correlation => known(&test.correlation, correlation),
        Column::Crossings => match &test.crossings {
            Ok(count) => plain(count.to_string()),
            Err(reason) => absent(reason),
        },
        Column::Z => known(&test.z_now, |value| format::signed(value, 2)),
        Column::Volume => known(&test.weaker_volume_per_day, format::amount),
        Column::BreakEven => match board.fees.get(&legs(&test.pair)) {
            None => absent("not backtested yet"),
            Some(fee) => known(fee, |bps| format!("{} bps", format::signed(bps, 2))),
        },
        Column::Survived => {
            let survived = board.survived(&test.pair);
            match survived.tested {
                0 => absent("no scan is complete yet"),
                tested => plain(format!("{} of {tested}", survived.survived)),
            }
        }
    }
}

fn half_life(test: &PairTest, board: &Board) -> (String, String) {
    match &test.half_life_bars {
        Err(reason) => (ABSENT.to_owned(), reason.clone()),
        Ok(bars) => {
            let text = format::significant(*bars, 3);
            match board.half_lives.get(&legs(&test.pair)) {
                Some(Ok(interval)) => {
                    let high =
                        interval.high.map_or_else(|| "∞".to_owned(), |high| format::significant(high, 2));
                    let low = format::significant(interval.low, 2);
                    (
                        format!("{text} ({low}–{high})"),
                        "bars, with the 95 % interval by resampling".to_owned(),
                    )
                }
                Some(Err(reason)) => (text, format!("bars; no interval: {reason}")),
                None => (text, "bars".to_owned()),
            }
        }
    }
}

/// A share of 1 in two decimals: one near 0 needs no more.
fn correlation(value: f64) -> String {
    format::fixed((100.0 * value).round() / 100.0, 2)
}

fn p(value: f64) -> String {
    format::p_value(value)
}

#[cfg(test)]
mod tests {
    use super::super::board::tests::board;
    use super::*;
    use spreadscope_engine::scan::scanner::Interval95;

    fn texts(line: &Line) -> Vec<&str> {
        line.fields.iter().map(|field| field.text.as_str()).collect()
    }

    #[test]
    fn a_row_says_each_number_or_why_there_is_none() {
        let mut board = board();
        let first = legs(&board.report.as_ref().unwrap().1.pairs[0].test.pair);
        board.half_lives.insert(first, Ok(Interval95 { low: 3.2, high: None }));
        let rows = rows(&board, &Conditions::default(), Order::default(), 0);
        assert_eq!((rows.lines.len(), rows.shown, rows.tested), (3, 3, 3));
        let best = &rows.lines[0];
        assert_eq!((best.name.as_str(), best.survives), ("ADA / DOT", Some(true)));
        let told = texts(best);
        assert_eq!(told[6], "5.00 (3.2–∞)");
        assert_eq!((told[10], told[12], told[13]), ("\u{2212}2.25", "+12.50 bps", "1 of 1"));
        let other = &rows.lines[1];
        assert_eq!((texts(other)[12], other.fields[12].note.as_str()), (ABSENT, "not backtested yet"));
        assert_eq!(other.survives, Some(false));
        assert_eq!([0.7, 95.3e-6, -0.004, -0.456].map(correlation), ["0.70", "0.00", "0.00", "\u{2212}0.46"]);
    }

    #[test]
    fn before_the_correction_there_is_no_q_and_nothing_survives() {
        let mut board = board();
        let (_, report) = board.report.take().unwrap();
        board.tests = report.pairs.into_iter().map(|pair| pair.test).collect();
        let rows = rows(&board, &Conditions::parse("survivors"), Order::default(), 0);
        assert_eq!((rows.shown, rows.lines[0].survives), (3, None));
        assert_eq!(texts(&rows.lines[0])[1], ABSENT);
    }

    #[test]
    fn rows_come_page_by_page() {
        let board = board();
        assert!(rows(&board, &Conditions::default(), Order::default(), 1).lines.is_empty());
        let named = Conditions { text: "xrp".to_owned(), ..Conditions::default() };
        assert_eq!(rows(&board, &named, Order::default(), 0).shown, 2);
    }
}
