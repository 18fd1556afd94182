//! The one sentence at the top: is the spread stretched, is the pair one that comes back, how fast.

use crate::view::format;
use spreadscope_engine::analytics::Metric;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome, Report, Tests};
use spreadscope_engine::connection::Phase;

/// The Engle-Granger p-value below which the pair counts as cointegrated.
pub const SIGNIFICANCE: f64 = 0.05;

/// Share of bars without a trade above which the tests are called weak.
const WEAK_CARRIED_SHARE: f64 = 0.5;

/// How the sentence is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// There is nothing to judge yet, or the numbers are old.
    Waiting,
    /// No signal.
    Quiet,
    /// Stretched, but the evidence does not carry a signal.
    Doubt,
    /// Worth looking at.
    Signal,
    /// How things stood when the feed was last heard.
    NotLive,
}

impl Tone {
    /// The tone in one word, so that colour is not needed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Quiet => "No signal",
            Self::Doubt => "Not trusted",
            Self::Signal => "Signal",
            Self::NotLive => "Not live",
        }
    }

    /// The tone as an attribute for the style sheet.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Quiet => "quiet",
            Self::Doubt => "doubt",
            Self::Signal => "signal",
            Self::NotLive => "not-live",
        }
    }
}

/// The sentence and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence.
    pub sentence: String,
    /// The steps that led to it, in order.
    pub reasons: Vec<String>,
}

/// What the sentence is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// z of the last closed bar; `None` before the first.
    pub z: Option<&'a Metric>,
    /// The |z| that counts as stretched.
    pub threshold: f64,
    /// The last tests; `None` before the first.
    pub tests: Option<&'a Tests>,
    /// The connection.
    pub phase: &'a Phase,
}

/// Judges the pair as it stands.
///
/// A signal needs all four: a live feed, |z| at or over the threshold on a full window, an Engle-Granger
/// p-value under [`SIGNIFICANCE`], and a half-life.
pub fn judge(evidence: Evidence<'_>) -> Verdict {
    let mut verdict = of_numbers(evidence);
    if evidence.z.is_some() && !matches!(evidence.phase, Phase::Live | Phase::Recording) {
        verdict
            .reasons
            .insert(0, "The feed is not live, so this is how things stood, not how they are.".into());
        verdict.tone = Tone::NotLive;
    }
    verdict
}

fn of_numbers(evidence: Evidence<'_>) -> Verdict {
    let threshold = evidence.threshold;
    let waiting = |sentence: String, reason: &str| Verdict {
        tone: Tone::Waiting,
        sentence,
        reasons: vec![reason.to_owned()],
    };
    let z = match evidence.z {
        None => return waiting(before_the_first_bar(evidence.phase).to_owned(), "No bar has closed yet."),
        Some(Metric::Warming { seen, needed }) => {
            return waiting(
                format!("Warming up: z has {seen} of {needed} bars"),
                "The z-score needs a full window of spreads, and each spread a hedge ratio.",
            );
        }
        Some(Metric::Undefined(reason)) => {
            return waiting(format!("No z-score: {reason}"), "The z-score does not exist on this window.");
        }
        Some(Metric::Provisional { value, seen, needed }) => {
            return waiting(
                format!("z {} on {seen} of {needed} bars: provisional, no signal", format::fixed(*value, 2)),
                "The window behind the z-score is not full, and a short one exaggerates.",
            );
        }
        Some(Metric::Ready(value)) => *value,
    };
    let stretched = z.abs() >= threshold;
    let z_text = format::fixed(z, 2);
    let mut reasons = vec![if stretched {
        format!("z is {z_text}: at or beyond the threshold of ±{threshold}.")
    } else {
        format!("z is {z_text}: inside the threshold of ±{threshold}.")
    }];
    let report = match evidence.tests.map(|tests| &tests.outcome) {
        Some(Outcome::Done(report)) => report,
        other => {
            let missing = why_no_tests(other);
            reasons.push(format!("No judgement on cointegration: {missing}."));
            return Verdict {
                tone: if stretched { Tone::Doubt } else { Tone::Waiting },
                sentence: format!("z {z_text}; {missing}: no verdict yet"),
                reasons,
            };
        }
    };
    if let Some(tests) = evidence.tests.filter(|tests| tests.carried_share > WEAK_CARRIED_SHARE) {
        reasons.push(format!(
            "{} of the tested bars had no trade in one leg: the tests are weak.",
            format::percent(tests.carried_share)
        ));
    }
    of_report(&z_text, stretched, report, reasons)
}

fn of_report(z_text: &str, stretched: bool, report: &Report, mut reasons: Vec<String>) -> Verdict {
    let p = format::p_value(report.engle_granger_p_value);
    let cointegrated = report.engle_granger_p_value < SIGNIFICANCE;
    reasons.push(if cointegrated {
        format!("Engle-Granger p is {p}, below {SIGNIFICANCE}: the two prices hold together.")
    } else {
        format!(
            "Engle-Granger p is {p}, not below {SIGNIFICANCE}: the two prices need not come back together."
        )
    });
    if !cointegrated {
        let but = if stretched { "but " } else { "" };
        return Verdict {
            tone: if stretched { Tone::Doubt } else { Tone::Quiet },
            sentence: format!("z {z_text}, {but}not cointegrated (EG p {p}): no signal"),
            reasons,
        };
    }
    match &report.half_life {
        HalfLife::None(reason) => {
            reasons.push(format!("No half-life: {reason}."));
            Verdict {
                tone: if stretched { Tone::Doubt } else { Tone::Quiet },
                sentence: format!(
                    "z {z_text}, cointegrated (EG p {p}), but no half-life ({reason}): no signal"
                ),
                reasons,
            }
        }
        HalfLife::Reverting { secs, bars } => {
            let half_life = format::duration(*secs);
            reasons.push(format!(
                "Half of a deviation is gone after {} bars, {half_life}.",
                format::fixed(*bars, 1)
            ));
            let (tone, conclusion) = if stretched {
                (Tone::Signal, "stretched, reverting")
            } else {
                (Tone::Quiet, "inside its band, no signal")
            };
            Verdict {
                tone,
                sentence: format!("z {z_text}, cointegrated (EG p {p}), half-life {half_life}: {conclusion}"),
                reasons,
            }
        }
    }
}

const fn before_the_first_bar(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "Starting the engine",
        Phase::Connecting { .. } => "Connecting to the exchange",
        Phase::Live => "Waiting for the first bars",
        Phase::Recording => "The recording has no bars of both legs",
        Phase::Stale { .. } => "No data yet: the connection is open but silent",
        Phase::Waiting { .. } => "No data yet: not connected",
        Phase::Blocked { .. } => "No data yet: the exchange is out of reach",
    }
}

fn why_no_tests(outcome: Option<&Outcome>) -> String {
    match outcome {
        Some(Outcome::Warming { seen, needed }) => format!("the tests have {seen} of {needed} bars"),
        Some(Outcome::Undefined(reason)) => format!("the tests cannot be computed ({reason})"),
        Some(Outcome::Done(_)) | None => "the tests have not run yet".to_owned(),
    }
}

/// Says what the tests found, without z: the sentence of the tests' own panel.
pub fn of_tests(tests: Option<&Tests>) -> String {
    match tests.map(|tests| &tests.outcome) {
        Some(Outcome::Done(report)) => {
            let p = format::p_value(report.engle_granger_p_value);
            if report.engle_granger_p_value >= SIGNIFICANCE {
                format!("Not cointegrated at 5 % (p {p}): the spread may wander off and stay away.")
            } else if let HalfLife::Reverting { secs, .. } = &report.half_life {
                format!("Cointegrated at 5 % (p {p}), half-life {}.", format::duration(*secs))
            } else {
                format!("Cointegrated at 5 % (p {p}), but without a measurable half-life.")
            }
        }
        other => {
            let text = why_no_tests(other);
            let mut letters = text.chars();
            letters
                .next()
                .map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::UnixMillis;
    use spreadscope_engine::analytics::cointegration::CriticalValues;
    use spreadscope_engine::settings::test_options::{FitTerms, LagRule};

    fn tests(p: f64, half_life: HalfLife) -> Tests {
        let critical = CriticalValues { one_percent: -3.9, five_percent: -3.34, ten_percent: -3.05 };
        Tests {
            open_time: UnixMillis(0),
            bars: 900,
            carried_share: 0.0,
            epps: Vec::new(),
            outcome: Outcome::Done(Report {
                lag_rule: LagRule::Aic,
                fit_terms: FitTerms::Constant,
                hedge_ratio: 16.0,
                hedge_ratio_std_error: 0.1,
                intercept: 5.0,
                statistic: -3.6,
                lags: 1,
                adf_statistic: -3.5,
                adf_lags: 1,
                observations: 898,
                adf_p_value: 0.005,
                adf_critical: critical,
                engle_granger_p_value: p,
                engle_granger_critical: critical,
                half_life,
            }),
        }
    }

    fn sentence(z: &Metric, tests: Option<&Tests>) -> (Tone, String) {
        let verdict = judge(Evidence { z: Some(z), threshold: 2.0, tests, phase: &Phase::Live });
        (verdict.tone, verdict.sentence)
    }

    const HALF_LIFE: HalfLife = HalfLife::Reverting { bars: 85.0, secs: 85.0 };

    #[test]
    fn a_stretched_cointegrated_pair_is_a_signal() {
        assert_eq!(
            sentence(&Metric::Ready(-2.4), Some(&tests(0.012, HALF_LIFE))),
            (
                Tone::Signal,
                "z \u{2212}2.40, cointegrated (EG p 0.012), half-life 85 s: stretched, reverting".into()
            )
        );
    }

    #[test]
    fn the_same_z_without_cointegration_is_none() {
        assert_eq!(
            sentence(&Metric::Ready(2.3), Some(&tests(0.31, HALF_LIFE))),
            (Tone::Doubt, "z 2.30, but not cointegrated (EG p 0.310): no signal".into())
        );
    }

    #[test]
    fn a_significance_of_exactly_five_percent_does_not_pass() {
        assert_eq!(sentence(&Metric::Ready(2.3), Some(&tests(SIGNIFICANCE, HALF_LIFE))).0, Tone::Doubt);
    }

    #[test]
    fn a_z_on_the_threshold_counts_as_stretched_as_the_alerts_have_it() {
        assert_eq!(sentence(&Metric::Ready(2.0), Some(&tests(0.01, HALF_LIFE))).0, Tone::Signal);
        assert_eq!(sentence(&Metric::Ready(1.999), Some(&tests(0.01, HALF_LIFE))).0, Tone::Quiet);
    }

    #[test]
    fn no_half_life_no_signal() {
        let tests = tests(0.01, HalfLife::None("the slope is not negative".into()));
        let (tone, text) = sentence(&Metric::Ready(3.0), Some(&tests));
        assert_eq!(tone, Tone::Doubt);
        assert!(text.ends_with("but no half-life (the slope is not negative): no signal"), "{text}");
    }

    #[test]
    fn what_is_not_ready_is_said_and_is_no_signal() {
        let evidence = tests(0.01, HALF_LIFE);
        let cases = [
            (Metric::Warming { seen: 12, needed: 300 }, "Warming up: z has 12 of 300 bars"),
            (
                Metric::Provisional { value: 3.0, seen: 30, needed: 300 },
                "z 3.00 on 30 of 300 bars: provisional, no signal",
            ),
            (Metric::Undefined("no variance".into()), "No z-score: no variance"),
        ];
        for (z, text) in cases {
            assert_eq!(sentence(&z, Some(&evidence)), (Tone::Waiting, text.into()));
        }
        assert_eq!(sentence(&Metric::Ready(2.5), None).0, Tone::Doubt);
    }

    #[test]
    fn a_dead_feed_gives_no_signal_whatever_the_numbers_say() {
        let tests = tests(0.001, HALF_LIFE);
        let z = Metric::Ready(4.0);
        let phase = Phase::Stale { silent_millis: 20_000 };
        let verdict = judge(Evidence { z: Some(&z), threshold: 2.0, tests: Some(&tests), phase: &phase });
        assert_eq!(verdict.tone, Tone::NotLive);
        assert!(verdict.reasons[0].contains("not live"), "{:?}", verdict.reasons);
    }

    #[test]
    fn before_the_first_bar_it_says_what_is_being_waited_for() {
        let phases = [Phase::Idle, Phase::Connecting { attempt: 1 }, Phase::Live];
        let sentences = phases
            .map(|phase| judge(Evidence { z: None, threshold: 2.0, tests: None, phase: &phase }).sentence);
        assert_eq!(
            sentences,
            ["Starting the engine", "Connecting to the exchange", "Waiting for the first bars"]
        );
    }

    #[test]
    fn the_panel_says_it_without_z() {
        assert_eq!(of_tests(None), "The tests have not run yet.");
        assert!(of_tests(Some(&tests(0.2, HALF_LIFE))).starts_with("Not cointegrated at 5 % (p 0.200)"));
    }
}
