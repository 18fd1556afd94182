//! What a scan has not tested, what it has left out, and what is odd about the rest.

use super::board::Board;
use super::conditions;
use super::line::name;
use spreadscope_engine::scan::universe::mark_of;
use spreadscope_engine::scan::{LEG_SEPARATOR, Untested};
use spreadscope_engine::{Pair, Symbol};

/// Most markets left out that are named beside the result; all of them are in the list below it.
const NAMED: usize = 6;

/// Returns which markets were left out though they were asked for, and why; `None` if none was.
pub fn left_out(board: &Board) -> Option<String> {
    let named = board.left_out.iter().take(NAMED);
    let names: Vec<String> = named.map(|(symbol, mark)| format!("{symbol} ({})", mark.words())).collect();
    let others = match board.left_out.len().saturating_sub(NAMED) {
        0 => "",
        1 => " and one other",
        others => &format!(" and {others} others"),
    };
    (!names.is_empty()).then(|| format!("Left out: {}{others}.", names.join(", ")))
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
    let marked = board.taken.iter().filter_map(|symbol| Some((symbol, mark_of(symbol)?)));
    told.extend(marked.map(|(symbol, mark)| (symbol.to_string(), format!("takes part: {}", mark.words()))));
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
    let odd = report.pairs.iter().filter(|pair| conditions::is_copy(pair));
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
    fn markets_left_out_are_named_beside_the_result_and_those_that_take_part_are_marked() {
        use spreadscope_engine::scan::universe::Mark;
        let mut board = board();
        let symbol = |name: &str| spreadscope_engine::Symbol::new(name).unwrap();
        board.left_out = vec![
            (symbol("USDCUSDT"), Mark::Stable),
            (symbol("WBTCUSDT"), Mark::Wrapped { of: "BTC".to_owned() }),
        ];
        let named = "Left out: USDCUSDT (stable coin), WBTCUSDT (wrapped BTC).";
        assert_eq!(left_out(&board).as_deref(), Some(named));
        let ends = |count: usize| {
            let left = (0..count).map(|_| (symbol("USDCUSDT"), Mark::Stable)).collect();
            left_out(&Board { left_out: left, ..Board::default() }).unwrap()
        };
        assert!(ends(7).ends_with(" and one other.") && ends(9).ends_with(" and 3 others."));
        board.left_out.clear();
        assert_eq!(left_out(&board), None);
        board.taken = vec![symbol("ADAUSDT"), symbol("WBTCUSDT")];
        let marked = ("WBTCUSDT".to_owned(), "takes part: wrapped BTC".to_owned());
        assert_eq!(
            untested(&board).iter().filter(|(_, why)| why.contains("takes part")).collect::<Vec<_>>(),
            [&marked]
        );
    }
}
