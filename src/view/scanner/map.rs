//! The map of all pairs: coin by coin, with the confidence in each pair.

use super::board::Board;
use super::conditions::Conditions;
use super::line::name;
use crate::view::numbers::format;
use core::fmt::Write as _;
use spreadscope_engine::Symbol;
use spreadscope_engine::scan::{Known, Scanned};
use std::collections::{BTreeMap, BTreeSet};

/// Most coins on the map.
pub const MOST_COINS: usize = 60;

/// The confidence in a pair, shown by shape and lightness rather than hue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It survives.
    Survives,
    /// Its q is below 0.2.
    Near,
    /// Its p is below 0.05.
    SmallP,
    /// None of these.
    Nothing,
    /// It was not tested.
    Untested,
}

impl Level {
    /// All levels, the surest first.
    pub const ALL: [Self; 5] = [Self::Survives, Self::Near, Self::SmallP, Self::Nothing, Self::Untested];

    /// Returns its name in the document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Survives => "survives",
            Self::Near => "near",
            Self::SmallP => "small-p",
            Self::Nothing => "nothing",
            Self::Untested => "untested",
        }
    }

    /// Returns its shape.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Survives => "●",
            Self::Near => "◐",
            Self::SmallP => "○",
            Self::Nothing => "·",
            Self::Untested => "×",
        }
    }

    /// Returns its words in the legend.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Survives => "survives",
            Self::Near => "q < 0.2",
            Self::SmallP => "p < 0.05 alone",
            Self::Nothing => "nothing",
            Self::Untested => "not tested",
        }
    }

    fn of(pair: &Scanned, conditions: &Conditions) -> Self {
        match pair {
            pair if conditions.survivors().takes(pair) => Self::Survives,
            pair if conditions.correction.q(pair) < 0.2 => Self::Near,
            pair if pair.test.p_value < 0.05 => Self::SmallP,
            _ => Self::Nothing,
        }
    }
}

/// Returns the coins of the map in alphabetical order: those of the pairs with the smallest p if there are too many.
pub fn coins(board: &Board) -> Vec<Symbol> {
    let Some((_, report)) = &board.report else { return Vec::new() };
    let mut pairs: Vec<&Scanned> = report.pairs.iter().collect();
    pairs.sort_by(|a, b| a.test.p_value.total_cmp(&b.test.p_value));
    let pairs = pairs.into_iter().map(|pair| &pair.test.pair);
    let pairs = pairs.chain(report.untested.iter().map(|untested| &untested.pair));
    let mut coins = BTreeSet::new();
    for coin in pairs.flat_map(|pair| [&pair.y, &pair.x]) {
        if coins.len() < MOST_COINS {
            coins.insert(coin);
        }
    }
    coins.into_iter().cloned().collect()
}

/// Returns which coins are not on the map; `None` if all are.
pub fn missing(board: &Board) -> Option<String> {
    let (_, report) = board.report.as_ref()?;
    let pairs = report.pairs.iter().map(|pair| &pair.test.pair);
    let pairs = pairs.chain(report.untested.iter().map(|untested| &untested.pair));
    let all: BTreeSet<&Symbol> = pairs.flat_map(|pair| [&pair.y, &pair.x]).collect();
    (all.len() > MOST_COINS).then(|| {
        format!(
            "{MOST_COINS} of {} coins, those of the pairs with the smallest p. The table has all pairs.",
            all.len()
        )
    })
}

/// Returns the inside of the table as HTML: a row for each y, a column for each x. This way a thousand elements
/// are laid out at once instead of one by one.
pub fn html(board: &Board, conditions: &Conditions) -> String {
    let coins = coins(board);
    let Some((_, report)) = &board.report else { return String::new() };
    let place: BTreeMap<&Symbol, usize> = coins.iter().zip(0..).collect();
    let mut cells: BTreeMap<(usize, usize), (Level, String)> = BTreeMap::new();
    for pair in &report.pairs {
        let (Some(y), Some(x)) = (place.get(&pair.test.pair.y), place.get(&pair.test.pair.x)) else {
            continue;
        };
        let q = format::p_value(conditions.correction.q(pair));
        let known = |p: &Known| p.as_ref().map_or_else(Clone::clone, |p| format::p_value(*p));
        let words = format!(
            "{}: p {}, q {q}, confirmed p {}",
            name(&pair.test.pair),
            format::p_value(pair.test.p_value),
            known(&pair.test.confirmed_p_value)
        );
        cells.insert((*y, *x), (Level::of(pair, conditions), words));
    }
    for untested in &report.untested {
        if let (Some(y), Some(x)) = (place.get(&untested.pair.y), place.get(&untested.pair.x)) {
            let words = format!("{}: not tested, {}", name(&untested.pair), untested.reason);
            cells.insert((*y, *x), (Level::Untested, words));
        }
    }
    let mut out = String::from("<thead><tr><td></td>");
    let word = |coin: &Symbol| escaped(coin.base());
    for coin in coins.iter().skip(1) {
        push(&mut out, format_args!("<th scope=\"col\"><span>{}</span></th>", word(coin)));
    }
    out.push_str("</tr></thead><tbody>");
    let mut is_first = true;
    for (y, coin) in coins.iter().enumerate().take(coins.len().saturating_sub(1)) {
        push(&mut out, format_args!("<tr><th scope=\"row\">{}</th>", word(coin)));
        for x in 1..coins.len() {
            let Some((level, words)) = cells.get(&(y, x)) else {
                out.push_str("<td></td>");
                continue;
            };
            let words = escaped(words);
            // a single tab stop; the arrow keys reach the other cells
            let tab = if core::mem::take(&mut is_first) { 0 } else { -1 };
            push(
                &mut out,
                format_args!(
                    "<td><button type=\"button\" data-cell=\"{y}-{x}\" data-level=\"{}\" tabindex=\"{tab}\" \
                     aria-label=\"{words}\" title=\"{words}\">{}</button></td>",
                    level.as_str(),
                    level.mark()
                ),
            );
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody>");
    out
}

fn push(out: &mut String, words: core::fmt::Arguments<'_>) {
    out.write_fmt(words).expect("Invariant: a String takes any text");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
    out
}

/// Returns the place of a cell from its name in the document, `3-7`.
pub fn cell(text: &str) -> Option<(usize, usize)> {
    let (y, x) = text.split_once('-')?;
    Some((y.parse().ok()?, x.parse().ok()?))
}

/// Returns the cell that a key leads to from `at`, on a map of `coins` coins.
pub fn moved(at: (usize, usize), key: &str, coins: usize) -> Option<(usize, usize)> {
    let (y, x) = at;
    let (y, x) = match key {
        "ArrowLeft" => (y, x.checked_sub(1)?),
        "ArrowRight" => (y, x + 1),
        "ArrowUp" => (y.checked_sub(1)?, x),
        "ArrowDown" => (y + 1, x),
        "Home" => (y, y + 1),
        "End" => (y, coins.checked_sub(1)?),
        _ => return None,
    };
    // the map has only its upper half, where y comes before x
    (y < x && x < coins).then_some((y, x))
}

#[cfg(test)]
mod tests {
    use super::super::board::tests::{board, scanned};
    use super::*;

    /// Of a hundred stocks the one pair that survived was not on the map, which began with the alphabet.
    #[test]
    fn a_map_of_too_many_coins_has_those_of_the_surest_pairs_and_says_so() {
        let mut board = board();
        assert_eq!(missing(&board), None);
        let report = &mut board.report.as_mut().unwrap().1;
        report.untested.clear();
        report.pairs = (0..40).map(|n| scanned(&format!("A{n:02}"), &format!("B{n:02}"), 0.5, 0.9)).collect();
        report.pairs.push(scanned("YYY", "ZZZ", 1e-6, 1e-4));
        let coins = coins(&board);
        assert_eq!(coins.len(), MOST_COINS);
        assert!(coins.is_sorted() && coins[58..].iter().map(Symbol::as_str).eq(["YYY", "ZZZ"]));
        assert!(html(&board, &Conditions::default()).contains("data-level=\"survives\""));
        assert!(missing(&board).is_some_and(|words| words.starts_with("60 of 82 coins")));
    }

    #[test]
    fn every_pair_has_its_field_and_says_what_it_is() {
        let board = board();
        let html = html(&board, &Conditions::default());
        assert_eq!(coins(&board).len(), 4);
        assert_eq!(html.matches("<button").count(), 4);
        assert_eq!(html.matches("tabindex=\"0\"").count(), 1);
        assert!(html.contains("data-cell=\"0-1\" data-level=\"survives\""), "{html}");
        assert!(html.contains("aria-label=\"ADA / HALT: not tested, HALTUSDT does not vary"), "{html}");
        assert_eq!(html.matches("data-level=\"nothing\"").count(), 2);
    }

    #[test]
    fn a_name_out_of_a_file_is_text_and_nothing_else() {
        let mut board = board();
        board.report.as_mut().unwrap().1.untested[0].reason = "<img src=x onerror=\"y\"> & more".to_owned();
        let html = html(&board, &Conditions::default());
        assert!(
            html.contains("&lt;img src=x onerror=&quot;y&quot;&gt; &amp; more") && !html.contains("<img")
        );
    }

    #[test]
    fn arrows_stay_within_the_upper_half() {
        assert_eq!(moved((0, 1), "ArrowRight", 4), Some((0, 2)));
        assert_eq!((moved((0, 1), "ArrowLeft", 4), moved((0, 1), "ArrowDown", 4)), (None, None));
        assert_eq!((moved((0, 2), "ArrowDown", 4), moved((1, 2), "End", 4)), (Some((1, 2)), Some((1, 3))));
        assert_eq!((moved((1, 3), "Home", 4), moved((0, 1), "a", 4)), (Some((1, 2)), None));
        assert_eq!((cell("3-7"), cell("x")), (Some((3, 7)), None));
    }
}
