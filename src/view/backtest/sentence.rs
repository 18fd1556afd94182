//! The answer at the top: would it have paid?

use super::shown::Shown;
use super::{fields, given_bars};
use crate::view::numbers::format;
use spreadscope_engine::backtest::{Refusal, Refusals, mean_half_spread_bps, remarks};
use spreadscope_engine::transfer::common::left_out_words;

/// The answer in a word, two numbers and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The answer in a word.
    pub word: &'static str,
    /// Its colour: `pays`, `doubt` or `none`.
    pub tone: &'static str,
    /// The fee at which nothing would be left; `None` without a fill.
    pub break_even: Option<String>,
    /// The user's fee.
    pub fee: String,
    /// The answer in a sentence.
    pub sentence: String,
    /// Remarks needed to read it correctly.
    pub notes: Vec<String>,
}

/// Returns the answer of a run.
pub fn answer(shown: &Shown) -> Answer {
    let ran = &shown.ran;
    let rules = &ran.parameters.rules;
    let whole = &ran.metrics[0];
    let interval = ran.parameters.settings.interval;
    let span = format::duration(ran.bars as f64 * interval.secs());
    let fee = bps(rules.fee_bps);
    let (Some(edge), Some(break_even)) = (whole.gross_edge_bps.value(), whole.break_even_fee_bps.value())
    else {
        return Answer {
            word: "No trade",
            tone: "none",
            break_even: None,
            fee,
            sentence: nothing_traded(shown, &span),
            notes: notes(shown),
        };
    };
    // the half-spread of a busy market is some thousandths
    let slippage = mean_half_spread_bps(rules, whole)
        .map_or_else(|| plain(rules.slippage_bps), |mean| format!("{} on average", format::fixed(mean, 3)));
    let trips = if whole.trades == 1 { "round trip" } else { "round trips" };
    let (span, lost) = match ran.ledger.ruined_at {
        Some(bar) => (format::duration(bar.since(ran.from) as f64 / 1e3), ", and the capital was lost"),
        None => (span, ""),
    };
    let costs = format!(
        "{} {trips} in {span}{lost}: gross edge {} of turnover, slippage {}, your fee {}",
        format::count(whole.trades as u64),
        bps(edge),
        slippage,
        plain(rules.fee_bps),
    );
    let (word, tone, end) = if whole.net > 0.0 {
        ("It pays", "pays", format!("it pays, up to a fee of {}", bps(break_even)))
    } else if break_even > 0.0 {
        ("Does not pay", "doubt", format!("it does not pay; it would below a fee of {}", bps(break_even)))
    } else {
        ("Does not pay", "doubt", "it does not pay, and would not even without a fee".to_owned())
    };
    Answer {
        word,
        tone,
        break_even: Some(bps(break_even)),
        fee,
        sentence: format!("{costs}: {end}."),
        notes: notes(shown),
    }
}

fn bps(value: f64) -> String {
    format!("{} bps", plain(value))
}

/// Formats with up to two decimals, without trailing zeros.
fn plain(value: f64) -> String {
    trimmed(value, 2)
}

/// Formats with up to `decimals` decimals, without trailing zeros.
fn trimmed(value: f64, decimals: usize) -> String {
    let text = format::fixed(value, decimals);
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

fn nothing_traded(shown: &Shown, span: &str) -> String {
    let ran = &shown.ran;
    let decided = ran.z.iter().filter(|z| z.is_finite()).count();
    if decided == 0 {
        return format!(
            "Too little data: {}. Choose shorter windows, load older bars, or wait.",
            ran.parameters.no_z(ran.bars)
        );
    }
    let farthest = ran.z.iter().filter(|z| z.is_finite()).fold(0.0_f64, |far, z| far.max(z.abs()));
    let entry = ran.parameters.rules.entry_z;
    if farthest < entry && ran.entered_by.is_none() {
        // as many decimals as tell them apart
        let differ = |decimals: &usize| trimmed(farthest, *decimals) != trimmed(entry, *decimals);
        let decimals = (2..9).find(differ).unwrap_or(2);
        return format!(
            "Nothing was traded in {span}: |z| reached {} and the entry is {}.",
            trimmed(farthest, decimals),
            trimmed(entry, decimals)
        );
    }
    match refusals(&ran.ledger.refusals).first() {
        Some((why, bars)) => format!(
            "Nothing was traded in {span}: in {} bars the entry was reached, and {why}.",
            format::count(*bars as u64)
        ),
        None => format!("Nothing was traded in {span}."),
    }
}

/// Returns why nothing was entered where the entry was reached, and in how many bars; the most frequent reason
/// first.
pub fn refusals(refusals: &Refusals) -> Vec<(&'static str, usize)> {
    let mut all: Vec<_> = refusals.iter().filter(|(_, bars)| *bars > 0).collect();
    all.sort_by_key(|(_, bars)| core::cmp::Reverse(*bars));
    all.into_iter().map(|(refusal, bars)| (refusal_words(refusal), bars)).collect()
}

/// Returns why an entry was refused, as a clause.
pub(super) const fn refusal_words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Side => "the side is not traded",
        Refusal::BeyondStop => "|z| was beyond the stop",
        Refusal::NotRearmed => "|z| had not come back since the last stop",
        Refusal::Cooldown => "it was too soon after the last exit",
        Refusal::Ruined => "the capital was lost",
        Refusal::Halted => "the drawdown stop had ended trading",
        Refusal::Ratio => "the hedge ratio was not above 0",
        Refusal::PValue => "the p-value was too high",
        Refusal::HalfLife => "the half-life was too long",
        Refusal::Correlation => "the correlation was too low",
        Refusal::Volume => "the volume was too low",
        Refusal::FilterUndefined => "a filter's number was not defined",
        Refusal::Untraded => "a leg did not trade for as long as the order waited",
    }
}

fn notes(shown: &Shown) -> Vec<String> {
    let ran = &shown.ran;
    let rules = &ran.parameters.rules;
    let [whole, without] = &ran.metrics;
    let kept = i64::try_from(ran.bars).unwrap_or(i64::MAX);
    let left_out = left_out_words(ran.parameters.settings.interval, ran.left_out, kept);
    let mut notes: Vec<String> = given_bars::note(ran).into_iter().chain(left_out).collect();
    notes.extend(remarks(rules, &ran.ledger).iter().map(|remark| fields::in_words(remark)));
    if let Some(rule) = &ran.entered_by {
        notes.push(format!("The alert rule “{rule}” decides when to enter."));
    }
    if ran.ledger.forced_from.is_some() {
        notes.push(format!(
            "The last round trip was closed by the end of the data; without it the net is {}.",
            format::signed(without.net, 2)
        ));
    }
    if whole.few && whole.trades > 0 {
        notes.push(format!("{} round trips are few: win rate and profit factor mean little.", whole.trades));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::shown;

    #[test]
    fn the_fee_decides_and_the_sentence_says_at_which_it_would_pay() {
        let dear = answer(&shown(&[("fee_bps", "40")]));
        assert_eq!((dear.word, dear.tone), ("Does not pay", "doubt"));
        let fee = dear.break_even.clone().unwrap();
        assert!(
            dear.sentence.ends_with(&format!("it does not pay; it would below a fee of {fee}.")),
            "{dear:?}"
        );
        let free = answer(&shown(&[("fee_bps", "0")]));
        assert_eq!(
            (free.word, free.break_even),
            ("It pays", Some(fee)),
            "the break-even fee knows of no fee"
        );
        assert!(
            free.sentence.contains("slippage 1, your fee 0: it pays, up to a fee of"),
            "{}",
            free.sentence
        );
    }

    #[test]
    fn nothing_traded_says_why() {
        let far = answer(&shown(&[("entry_z", "50")]));
        assert!(
            far.sentence.contains("|z| reached") && far.sentence.ends_with("and the entry is 50."),
            "{far:?}"
        );
        let short = answer(&shown(&[("z_window_bars", "5000")]));
        let said = "Too little data: there are 4,000 bars, and z needs 5,119 in which both legs traded: 120 for the hedge \
                    ratio, and 5,000 of the spread. Choose shorter windows, load older bars, or wait.";
        assert_eq!(short.sentence, said);
        let refused = answer(&shown(&[("min_correlation", "1")]));
        assert!(refused.sentence.ends_with("the correlation was too low."), "{refused:?}");
        assert_eq!((refused.word, refused.break_even), ("No trade", None));
    }

    #[test]
    fn what_must_be_known_is_noted() {
        let mut short = shown(&[]);
        assert!(answer(&short).notes.iter().all(|note| !note.contains("left out")));
        short.ran.left_out = 5_000;
        assert_eq!(
            answer(&short).notes[0],
            "Of the bars of 1m that both legs have, the newest 4,000 are used: 5,000 older ones are left out."
        );
        let same = answer(&shown(&[("fill", "same_close"), ("entry_z", "2.5")]));
        assert!(same.notes.iter().any(|note| note.contains("optimistic")), "{same:?}");
        let by_book = answer(&shown(&[("slippage_by", "recorded_half_spread")]));
        assert!(
            by_book.notes.iter().any(|note| note.contains("fills had a book, each cost 1 bps")),
            "{by_book:?}"
        );
        assert!(by_book.sentence.contains("slippage 1.000 on average, your fee 10"), "{by_book:?}");
    }
}
