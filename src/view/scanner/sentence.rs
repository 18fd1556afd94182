//! The result of a scan, in sentences.

use super::board::Board;
use super::conditions::{Conditions, correction_name, is_copy};
use super::line::name;
use crate::view::numbers::format::{self, count};
use spreadscope_engine::Symbol;
use spreadscope_engine::scan::Scanned;
use spreadscope_engine::scan::filter::Correction;
use spreadscope_engine::scan::scanner::{Choice, Stage};
use std::collections::BTreeMap;

/// The result and its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanSentence {
    /// `0 of 190 pairs survive at q < 0.05 (Benjamini-Hochberg).`
    pub lead: String,
    /// Its meaning.
    pub meaning: String,
    /// How far the method can be trusted with this number of bars.
    pub caution: String,
    /// The changes since the scan before.
    pub changed: String,
}

/// Share of scans of independent random walks in which Benjamini-Hochberg finds something at q < 0.05, by
/// number of bars.
const FALSE_FINDS: &str = "Where no two coins are related, 19.8 % of scans with 100 bars find a pair all the same, 10.3 % \
                           with 250 bars, and 5.6 % with 1,000.";

/// Returns the result of `board` under `conditions`.
pub fn sentence(board: &Board, conditions: &Conditions) -> ScanSentence {
    if let Some(failed) = &board.failed {
        return ScanSentence { lead: failed.clone(), ..ScanSentence::default() };
    }
    let Some((_, report)) = &board.report else {
        return ScanSentence { lead: before(board), ..ScanSentence::default() };
    };
    let survivors = conditions.survivors();
    let survived: Vec<_> = report.pairs.iter().filter(|pair| survivors.takes(pair)).collect();
    let (found, tested) = (survived.len(), report.tested());
    let level = conditions.level;
    let so_far = if report.left > 0 {
        format!(" so far; {} have not been tested", report.left)
    } else {
        String::new()
    };
    let verb = if found == 1 { "survives" } else { "survive" };
    let lead = format!(
        "{found} of {} {verb} at q < {level} ({}){so_far}.",
        pairs(tested),
        correction_name(conditions.correction)
    );
    let is_confirmed = |pair: &&&Scanned| pair.test.confirmed_p_value.as_ref().is_ok_and(|p| *p < 0.05);
    let confirmed = survived.iter().filter(is_confirmed).count();
    let by_chance = 0.05 * tested as f64;
    let meaning = if tested == 0 {
        "No two of these markets could be tested together: the reasons are below.".to_owned()
    } else if found == 0 {
        format!(
            "A normal answer: on these bars no pair stands out from unrelated coins. \
             About {by_chance:.0} of {} would have p < 0.05 by chance alone.",
            pairs(tested)
        )
    } else {
        let tested_again = match (found, confirmed) {
            (1, 1) => {
                "Its p is small on the last third too, which was not used for the selection (p < 0.05)."
                    .to_owned()
            }
            (1, _) => "On the last third, which was not used for the selection, it is not small (p ≥ 0.05)."
                .to_owned(),
            _ => format!(
                "{confirmed} of them have a small p on the last third too, which was not used for the selection (p < 0.05)."
            ),
        };
        format!(
            "About {:.0} % of what survives at this level is expected to be false, as long as the tests are independent of each \
             other.{}{} {tested_again} Surviving does not mean paying: look at the break-even fee.",
            level * 100.0,
            shared_coin(&survived).unwrap_or_default(),
            not_to_be_traded(&survived)
        )
    };
    let caution = [caution(board, conditions), without_fees(board)].join(" ").trim().to_owned();
    ScanSentence { lead, meaning, caution, changed: changed(board) }
}

/// Returns why no pair has a break-even fee, if that is the same for all.
fn without_fees(board: &Board) -> String {
    let mut fees = board.fees.values();
    let Some(Err(reason)) = fees.next() else { return String::new() };
    if fees.all(|fee| fee.as_ref().err() == Some(reason)) {
        format!("No pair has a break-even fee: {reason}.")
    } else {
        String::new()
    }
}

/// Fewest surviving pairs of one coin that are told.
const SHARED: usize = 3;

/// Returns the coin in most of the surviving pairs, after a space, if they are many: one that reverts to its mean by
/// itself makes all its pairs survive.
fn shared_coin(survived: &[&Scanned]) -> Option<String> {
    let mut counts: BTreeMap<&Symbol, usize> = BTreeMap::new();
    for coin in survived.iter().flat_map(|pair| [&pair.test.pair.y, &pair.test.pair.x]) {
        *counts.entry(coin).or_default() += 1;
    }
    let (coin, &count) = counts.iter().rev().max_by_key(|(_, count)| **count)?;
    let is_shared = count >= SHARED && 3 * count >= survived.len();
    is_shared.then(|| {
        format!(
            " But {count} of these {} have {}: pairs of one coin survive together where it reverts to its mean by itself on these \
             bars, or where its partners are copies of each other.",
            survived.len(),
            coin.base()
        )
    })
}

/// Returns how many of the surviving pairs nobody can trade, each kind after a space: those without a hedge, and copies.
fn not_to_be_traded(survived: &[&Scanned]) -> String {
    let of = |kind: fn(&Scanned) -> bool, one: &str, several: &str| match survived
        .iter()
        .filter(|pair| kind(pair))
        .count()
    {
        0 => String::new(),
        1 => format!(" 1 of them {one}."),
        count => format!(" {} of them {several}.", format::count(count as u64)),
    };
    let hedge = "a ratio of 0 or less: both legs on one side, and no pair trade";
    let copy = "near-copies of each other: there is no spread to trade";
    of(|pair| pair.test.hedge_ratio <= 0.0, &format!("has {hedge}"), &format!("have {hedge}"))
        + &of(is_copy, &format!("is of two {copy}"), &format!("are of {copy}"))
}

fn pairs(number: usize) -> String {
    let shown = format::count(number as u64);
    if number == 1 { format!("{shown} pair") } else { format!("{shown} pairs") }
}

fn caution(board: &Board, conditions: &Conditions) -> String {
    let bars =
        board.report.iter().flat_map(|(_, report)| report.pairs.iter().map(|pair| pair.test.bars)).min();
    let shortest = bars
        .map_or_else(String::new, |bars| format!(" The shortest pair here has {} bars.", count(bars as u64)));
    match conditions.correction {
        Correction::Hochberg => {
            format!("Benjamini-Hochberg is lenient on short samples. {FALSE_FINDS}{shortest}")
        }
        Correction::Yekutieli => format!(
            "Benjamini-Yekutieli holds however the tests depend on each other, and finds less. Where no two coins are related, \
             5.8 % of scans with 100 bars find a pair all the same, 2.4 % with 250 bars, and 1.2 % with 1,000.{shortest}"
        ),
    }
}

fn changed(board: &Board) -> String {
    let names = |pairs: &[spreadscope_engine::Pair]| {
        pairs.iter().take(5).map(name).collect::<Vec<_>>().join(", ")
            + if pairs.len() > 5 { " and others" } else { "" }
    };
    let mut parts = Vec::new();
    if !board.changes.entered.is_empty() {
        parts.push(format!("New since the previous scan: {}.", names(&board.changes.entered)));
    }
    if !board.changes.left.is_empty() {
        parts.push(format!("No longer: {}.", names(&board.changes.left)));
    }
    parts.join(" ")
}

fn before(board: &Board) -> String {
    match board.run {
        None => "No scan yet. Choose markets and bars, and scan: every pair of them is tested.".to_owned(),
        Some(_) if board.progress.cancelled => {
            "The scan was cancelled before any pair was tested.".to_owned()
        }
        Some(_) if !board.tests.is_empty() => {
            "Pairs are being tested. Which of them survive is known once all have been, since q depends on their number."
                .to_owned()
        }
        Some(_) => "The scan has started.".to_owned(),
    }
}

/// Returns the progress of the scan in words, and as a share of 1.
pub fn progress(board: &Board) -> (String, f64) {
    let progress = &board.progress;
    let share = if progress.all == 0 { 0.0 } else { progress.done as f64 / progress.all as f64 };
    let weight = if progress.weight == 0 {
        String::new()
    } else {
        format!(", request weight {} so far", progress.weight)
    };
    let of = format!("{} of {}", count(progress.done as u64), count(progress.all as u64));
    let words = match progress.stage {
        Stage::Choosing => "Requesting the list of markets…".to_owned(),
        Stage::Pricing => format!("Prices of {of} markets{weight}"),
        Stage::Testing => format!("{of} pairs tested"),
        Stage::Backtesting => format!("{of} pairs backtested"),
        Stage::Done if progress.weight > 0 => format!("Done, request weight {}", progress.weight),
        Stage::Done => "Done".to_owned(),
    };
    let has_results = board.report.is_some() || !board.tests.is_empty();
    let stopped = match (progress.cancelled, has_results) {
        (true, true) => ". Cancelled: these results stay",
        (true, false) => ". Cancelled",
        (false, _) => "",
    };
    let waits = progress.waits.as_ref().map_or_else(String::new, |waits| format!(". Waiting: {waits}"));
    (format!("{words}{stopped}{waits}."), if progress.stage == Stage::Done { 1.0 } else { share })
}

/// Returns what was scanned, in a sentence; `dated` says a moment with its date, since a bar may be a day and the scan
/// an old one.
pub fn scanned(board: &Board, dated: &dyn Fn(i64) -> String) -> String {
    let Some(plan) = &board.plan else { return String::new() };
    let chosen = match &plan.choice {
        Choice::MostTraded { quote, count } => format!("the {count} most traded in {quote}"),
        Choice::These(symbols) => format!("{} markets", symbols.len()),
        Choice::Imported => "imported files".to_owned(),
        Choice::Stored => "stored bars".to_owned(),
    };
    let last = board
        .report
        .iter()
        .flat_map(|(_, report)| report.pairs.iter().map(|pair| pair.test.last_open_time.0))
        .max();
    let end = last.map_or_else(String::new, |open| {
        format!(", the last one closed at {}", dated(open + plan.interval.millis()))
    });
    // files and new markets have fewer than wanted
    let most =
        board.report.iter().flat_map(|(_, report)| report.pairs.iter().map(|pair| pair.test.bars)).max();
    let bars = match most {
        Some(most) if most < plan.bars => {
            format!("at most {} of the {} wanted bars", count(most as u64), count(plan.bars as u64))
        }
        _ => format!("{} bars", count(plan.bars as u64)),
    };
    format!("Of {chosen}: {bars} of {}{end}.", plan.interval.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::board::tests::{board, scanned as tested};
    use super::*;

    #[test]
    fn nothing_found_is_a_normal_answer_and_says_what_it_means() {
        let mut board = board();
        board.report.as_mut().unwrap().1.pairs.remove(0);
        let shown = sentence(&board, &Conditions::default());
        assert_eq!(shown.lead, "0 of 2 pairs survive at q < 0.05 (Benjamini-Hochberg).");
        assert!(shown.meaning.starts_with("A normal answer: "), "{}", shown.meaning);
        for figure in ["100 bars", "19.8 %", "10.3 %", "5.6 %", "has 1,000 bars"] {
            assert!(shown.caution.contains(figure), "{}", shown.caution);
        }
    }

    #[test]
    fn what_survives_is_said_with_how_much_of_it_is_confirmed() {
        let board = board();
        let of = |text: &str| sentence(&board, &Conditions::parse(text));
        let found = of("");
        assert_eq!(found.lead, "1 of 3 pairs survives at q < 0.05 (Benjamini-Hochberg).");
        assert!(found.meaning.contains("small on the last third too"), "{}", found.meaning);
        assert!(!found.meaning.contains("ratio of 0 or less"), "{}", found.meaning);
        let mut unhedged = board.clone();
        unhedged.report.as_mut().unwrap().1.pairs[0].test.hedge_ratio = -0.5;
        let shown = sentence(&unhedged, &Conditions::parse(""));
        assert!(shown.meaning.contains("1 of them has a ratio of 0 or less"), "{}", shown.meaning);
        unhedged.report.as_mut().unwrap().1.pairs[0]
            .test
            .notes
            .push("Near-copies: one explains all.".to_owned());
        let shown = sentence(&unhedged, &Conditions::parse("")).meaning;
        assert!(shown.contains("1 of them is of two near-copies of each other"), "{shown}");
        // one reason for all is told once
        let mut files = board.clone();
        for fee in files.fees.values_mut() {
            *fee = Err("closes alone".to_owned());
        }
        let said = "No pair has a break-even fee: closes alone.";
        assert!(sentence(&files, &Conditions::parse("")).caution.ends_with(said));
        assert!(!found.caution.contains("No pair has"));
        assert_eq!(of("by,q:0.01").lead, "1 of 3 pairs survives at q < 0.01 (Benjamini-Yekutieli).");
        assert!(of("by").caution.contains("1.2 %"));
        let mut partial = board.clone();
        partial.report.as_mut().unwrap().1.left = 7;
        assert!(
            sentence(&partial, &Conditions::default()).lead.ends_with(" so far; 7 have not been tested.")
        );
    }

    /// Nine of sixteen survivors were pairs of one coin with strangers.
    #[test]
    fn a_coin_in_many_of_the_surviving_pairs_is_named() {
        let with = |partners: &[&str], others: usize| {
            let mut board = board();
            let report = &mut board.report.as_mut().unwrap().1;
            report.pairs = partners.iter().map(|x| tested("ARBUSDT", x, 1e-6, 1e-4)).collect();
            report.pairs.extend(
                (0..others).map(|number| tested(&format!("A{number}"), &format!("B{number}"), 1e-6, 1e-4)),
            );
            sentence(&board, &Conditions::default()).meaning
        };
        let partners = ["CHZUSDT", "DOGEUSDT", "NEARUSDT", "XLMUSDT"];
        let told = with(&partners, 2);
        assert!(told.contains("But 4 of these 6 have ARB: pairs of one coin survive together"), "{told}");
        for meaning in [with(&partners[..2], 0), with(&partners[..3], 7)] {
            assert!(meaning.contains("independent of each other. ") && !meaning.contains("ARB"), "{meaning}");
        }
    }

    #[test]
    fn progress_and_what_was_scanned_are_told() {
        let mut board = board();
        assert_eq!(progress(&board), ("Done.".to_owned(), 1.0));
        board.progress.stage = Stage::Pricing;
        (board.progress.done, board.progress.all, board.progress.weight) = (5, 50, 90);
        assert_eq!(
            progress(&board),
            ("Prices of 5 of 50 markets, request weight 90 so far.".to_owned(), 0.1)
        );
        let told = scanned(&board, &|millis| millis.to_string());
        assert_eq!(
            told,
            "Of the 10 most traded in USDT: 1,000 bars of 5m, the last one closed at 1700000400000."
        );
        board.progress.cancelled = true;
        assert!(progress(&board).0.ends_with(". Cancelled: these results stay."));
        let nothing = Board { report: None, tests: Vec::new(), ..board.clone() };
        assert!(progress(&nothing).0.ends_with("so far. Cancelled."), "{}", progress(&nothing).0);
        board.plan.as_mut().unwrap().bars = 5_000;
        let told = scanned(&board, &|millis| millis.to_string());
        assert!(told.contains("at most 1,000 of the 5,000 wanted bars of 5m"), "{told}");
        assert!(super::sentence(&Board::default(), &Conditions::default()).lead.starts_with("No scan yet."));
    }
}
