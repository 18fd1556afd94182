//! How far a result can be trusted, and that it does not look ahead, in words.

use crate::view::numbers::{calendar, format};
use spreadscope_engine::Interval;
use spreadscope_engine::backtest::bench::message::Ran;
use spreadscope_engine::backtest::{Figure, Truncation, Trust};
use spreadscope_engine::settings::Source;

/// A line: its name, its value and its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub label: &'static str,
    /// Its value, or why there is none.
    pub value: String,
    /// Its meaning.
    pub about: &'static str,
}

fn of(figure: &Figure, text: impl FnOnce(f64) -> String) -> String {
    match &figure.0 {
        Ok(value) => text(*value),
        Err(reason) => format!("none: {reason}"),
    }
}

fn share(value: f64) -> String {
    if value > 0.0 && value < 1e-3 {
        return "below 0.1 %".to_owned();
    }
    format!("{} %", format::fixed(value * 100.0, 1))
}

/// Returns whether a run of live bars cannot ever be long enough: a day of seconds is all that is kept.
pub fn is_too_short(ran: &Ran) -> bool {
    let settings = &ran.parameters.settings;
    settings.interval == Interval::OneSecond
        && settings.source != Source::Recording
        && ran.trust.probabilistic_sharpe.value().is_none()
}

/// Returns the lines of a run, and of the peak of a surface if there is one.
pub fn lines(trust: &Trust) -> Vec<Line> {
    let interval = match (&trust.sharpe_low.0, &trust.sharpe_high.0) {
        (Ok(low), Ok(high)) => format!("{} to {}", format::fixed(*low, 2), format::fixed(*high, 2)),
        (Err(reason), _) | (_, Err(reason)) => format!("none: {reason}"),
    };
    let block = of(&trust.block_length, |length| {
        format!(
            "{} periods, {} series, seed {}",
            format::fixed(length, 1),
            format::count(trust.resamples as u64),
            trust.seed
        )
    });
    vec![
        Line {
            label: "Sharpe, 95 % interval",
            value: interval,
            about: "By a stationary bootstrap: where the ratio may lie, given how short the record is. If the interval includes 0, the profit may be luck.",
        },
        Line {
            label: "Bootstrap blocks",
            value: block,
            about: "The average length of the blocks in which that bootstrap draws returns, so that dependent returns stay together.",
        },
        Line {
            label: "Probability of skill (PSR)",
            value: of(&trust.probabilistic_sharpe, share),
            about: "How likely it is that the true Sharpe ratio is above 0, given length, skew and tails.",
        },
        Line {
            label: "After all trials (DSR)",
            value: of(&trust.deflated_sharpe, share),
            about: "The same against the best that luck alone would have shown among all cells tried. Below 95 %: the peak is no discovery.",
        },
        Line {
            label: "Probability of overfitting (PBO)",
            value: of(&trust.overfitting, share),
            about: "How often the best choice on one half of the time was below the median on the other half. Above 50 %: choosing did harm.",
        },
        Line {
            label: "Cells tried",
            value: format::count(trust.trials as u64),
            about: "Each is a trial, and each makes luck look more like skill.",
        },
    ]
}

/// Returns the result of the comparisons with shorter tapes.
pub fn proof(found: &[Truncation]) -> (bool, String) {
    if let Some((bars, order)) = found.iter().find_map(|part| Some((part.bars, part.differs.as_ref()?))) {
        let sentence = format!(
            "On the first {} bars alone a different order is filled, at {} {} UTC: the run looks ahead. Please report this.",
            format::count(bars as u64),
            calendar::date(order.time.0),
            calendar::clock(order.time.0)
        );
        return (false, sentence);
    }
    let bars: Vec<String> = found.iter().map(|part| format::count(part.bars as u64)).collect();
    let orders = found.iter().map(|part| part.orders).max().unwrap_or(0);
    let sentence = format!(
        "On the first {} bars alone, with rows recomputed, every order is the same ({} at most): no decision looks ahead.",
        bars.join(", "),
        format::count(orders as u64)
    );
    (true, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::{news_of, run, shown};
    use spreadscope_engine::backtest::bench::message::{News, Wanted};

    #[test]
    fn one_run_is_no_choice_among_many_and_says_so() {
        let lines = lines(&shown(&[]).ran.trust);
        assert!(lines[0].value.contains(" to "), "{lines:?}");
        assert!(lines[2].value.ends_with(" %"), "{lines:?}");
        assert_eq!(
            lines[3].value,
            "none: it judges the best of many runs, and this is one: a surface has many"
        );
    }

    #[test]
    fn a_proof_says_what_was_compared_and_a_difference_is_named() {
        let News::Proved(mut found) = news_of([run(&[]), Wanted::Proof]).remove(1) else { panic!() };
        let (holds, sentence) = proof(&found);
        assert!(
            holds && sentence.starts_with("On the first 400, 800, 1,200, 2,000, 2,800, 3,600 bars"),
            "{sentence}"
        );
        let order = shown(&[]).ran.ledger.orders[0];
        found[2].differs = Some(Box::new(order));
        let (holds, sentence) = proof(&found);
        assert!(!holds && sentence.contains("1,200 bars alone a different order"), "{sentence}");
        let at =
            format!("at {} {} UTC: the run", calendar::date(order.time.0), calendar::clock(order.time.0));
        assert!(sentence.contains(&at), "{sentence}");
    }
}
