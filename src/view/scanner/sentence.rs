//! The result of a scan, in sentences.

use super::board::Board;
use super::conditions::{Conditions, correction_name};
use super::line::name;
use crate::view::numbers::format::{self, count};
use spreadscope_engine::scan::filter::Correction;
use spreadscope_engine::scan::scanner::{Choice, Stage};
use spreadscope_engine::scan::{LEG_SEPARATOR, Untested};
use spreadscope_engine::{Pair, Symbol};

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
const FALSE_FINDS: &str = "With 100 bars a world of independent walks has a false find in 19.8 % of scans, with 250 in \
                           10.3 %, with 1,000 in 5.6 %.";

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
    let is_confirmed = |pair: &&&spreadscope_engine::scan::Scanned| {
        pair.test.confirmed_p_value.as_ref().is_ok_and(|p| *p < 0.05)
    };
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
            "About {:.0} % of what survives at this level is expected to be false. {tested_again} Surviving does not mean \
             paying: look at the break-even fee.",
            level * 100.0
        )
    };
    ScanSentence { lead, meaning, caution: caution(board, conditions), changed: changed(board) }
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
            "Benjamini-Yekutieli holds however the tests depend on each other, and finds less. With 100 bars a world \
             of independent walks has a false find in 5.8 % of scans, with 250 in 2.4 %, with 1,000 in 1.2 %.{shortest}"
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
            "Pairs are being tested. Survivors are known once all have been: q depends \
                                               on how many there are."
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
    let stopped = if progress.cancelled { ". Cancelled: these results stay" } else { "" };
    let waits = progress.waits.as_ref().map_or_else(String::new, |waits| format!(". Waiting: {waits}"));
    (format!("{words}{stopped}{waits}."), if progress.stage == Stage::Done { 1.0 } else { share })
}

/// Returns what was scanned, in a sentence.
pub fn scanned(board: &Board, clock: &dyn Fn(i64) -> String) -> String {
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
        format!(", the last one closed at {}", clock(open + plan.interval.millis()))
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

/// Returns what could not be tested, grouped by reason: a market without any testable pair is listed once.
pub fn untested(board: &Board) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> =
        board.refused.iter().map(|(symbol, reason)| (symbol.to_string(), reason.clone())).collect();
    told.extend(
        board
            .left_out
            .iter()
            .map(|(symbol, mark)| (symbol.to_string(), format!("left out: {}", mark.words()))),
    );
    let Some((_, report)) = &board.report else { return told };
    let markets: Vec<&str> = report
        .pairs
        .iter()
        .map(|pair| &pair.test.pair)
        .chain(report.untested.iter().map(|untested| &untested.pair))
        .flat_map(|pair| [pair.y.as_str(), pair.x.as_str()])
        .collect();
    let mut own: Vec<(&str, &str)> = Vec::new();
    let mut of_both: Vec<&Untested> = Vec::new();
    for untested in &report.untested {
        let names = [untested.pair.y.as_str(), untested.pair.x.as_str()];
        let blamed = |reason: &str| {
            let mut blamed = names.into_iter().filter(|name| reason.contains(name));
            blamed.next().filter(|_| blamed.next().is_none())
        };
        let reasons: Vec<&str> = untested.reason.split(LEG_SEPARATOR).collect();
        let each: Vec<&str> = reasons.iter().filter_map(|reason| blamed(reason)).collect();
        if each.len() < reasons.len() || !each.iter().all(|market| markets.contains(market)) {
            of_both.push(untested);
            continue;
        }
        // each reason concerns one market, whatever its partner
        for (market, reason) in each.into_iter().zip(reasons) {
            if !own.iter().any(|(named, _)| *named == market) {
                own.push((market, reason));
            }
        }
    }
    told.extend(gathered(of_both));
    told.extend(own.into_iter().map(|(market, reason)| (market.to_owned(), reason.to_owned())));
    let odd = report.pairs.iter().filter(|pair| super::conditions::is_copy(pair));
    told.extend(
        odd.map(|pair| (name(&pair.test.pair), format!("tested, but odd: {}", pair.test.notes.join(" ")))),
    );
    told
}

/// Groups pairs whose reason may be due to either leg: a market with many of them is listed once, with the
/// first reason.
fn gathered(mut untested: Vec<&Untested>) -> Vec<(String, String)> {
    let mut told = Vec::new();
    while let Some(first) = untested.first() {
        let has = |pair: &Pair, market: &Symbol| pair.y == *market || pair.x == *market;
        let pairs_of = |market: &Symbol| untested.iter().filter(|other| has(&other.pair, market)).count();
        let of = [&first.pair.y, &first.pair.x].map(|market| (pairs_of(market), market.clone()));
        let [y, x] = of;
        let (others, market) = if x.0 > y.0 { x } else { y };
        if others < 3 {
            told.push((name(&first.pair), first.reason.clone()));
            untested.remove(0);
        } else {
            told.push((market.to_string(), format!("with {others} others, {}", first.reason)));
            untested.retain(|other| !has(&other.pair, &market));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::super::board::tests::board;
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
        assert_eq!(of("by,q:0.01").lead, "1 of 3 pairs survives at q < 0.01 (Benjamini-Yekutieli).");
        assert!(of("by").caution.contains("1.2 %"));
        let mut partial = board.clone();
        partial.report.as_mut().unwrap().1.left = 7;
        assert!(
            sentence(&partial, &Conditions::default()).lead.ends_with(" so far; 7 have not been tested.")
        );
    }

    #[test]
    fn a_market_that_cannot_be_tested_is_told_once_and_what_is_left_out_too() {
        let mut board = board();
        let report = &mut board.report.as_mut().unwrap().1;
        let mut again = report.untested[0].clone();
        again.pair.y = spreadscope_engine::Symbol::new("DOTUSDT").unwrap();
        report.untested.push(again);
        report.pairs[1].test.notes.push("Near-copies: one explains all.".to_owned());
        let told = untested(&board);
        let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["USDCUSDT", "HALTUSDT", "ADA / XRP"]);
        assert_eq!(told[0].1, "left out: stable coin");
        // all of these are too short, and the last of them is never y
        let report = &mut board.report.as_mut().unwrap().1;
        report.pairs.clear();
        let symbols = ["AAA", "BBB", "CCC"].map(|name| spreadscope_engine::Symbol::new(name).unwrap());
        let of = |y: usize, x: usize| {
            let reason = format!("too short: {} has 40 of 60 bars; {} has no bars", symbols[y], symbols[x]);
            Untested { pair: Pair { y: symbols[y].clone(), x: symbols[x].clone() }, reason }
        };
        report.untested = vec![of(0, 1), of(0, 2), of(1, 2)];
        let told = untested(&board);
        let names: Vec<&str> = told[1..].iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["AAA", "BBB", "CCC"], "{told:?}");
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
        board.plan.as_mut().unwrap().bars = 5_000;
        let told = scanned(&board, &|millis| millis.to_string());
        assert!(told.contains("at most 1,000 of the 5,000 wanted bars of 5m"), "{told}");
        assert!(super::sentence(&Board::default(), &Conditions::default()).lead.starts_with("No scan yet."));
    }
}
