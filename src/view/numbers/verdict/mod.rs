//! The one sentence at the top: is the spread stretched, does the pair revert, and how fast.

pub mod gates;

use crate::view::feed::status;
use crate::view::numbers::format;
use crate::view::screen::model::Model;
use gates::Objection;
use spreadscope_engine::analytics::cointegration::{HalfLife, Outcome, Report, Tests};
use spreadscope_engine::analytics::{Metric, Row};
use spreadscope_engine::connection::{Backfill, Phase};
use spreadscope_engine::{Settings, UnixMillis};

/// The Engle-Granger p-value below which the pair counts as cointegrated.
pub const SIGNIFICANCE: f64 = 0.05;

/// Share of bars without a trade above which the tests count as weak.
const WEAK_CARRIED_SHARE: f64 = 0.5;

/// The tone of the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// There is nothing to judge yet, or the numbers are old.
    Waiting,
    /// No signal.
    Quiet,
    /// Stretched, but the evidence does not support a signal.
    Doubt,
    /// Worth looking at.
    Signal,
    /// A signal whose round trip costs more than it can earn.
    Unpaid,
    /// The state when the feed was last live.
    NotLive,
}

impl Tone {
    /// Returns the tone in one word, so that it does not depend on colour.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Quiet => "No signal",
            Self::Doubt => "Not trusted",
            Self::Signal => "Signal",
            Self::Unpaid => "Does not pay",
            Self::NotLive => "Not live",
        }
    }

    /// Returns the tone as an attribute for the style sheet.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Quiet => "quiet",
            Self::Doubt => "doubt",
            Self::Signal => "signal",
            Self::Unpaid => "unpaid",
            Self::NotLive => "not-live",
        }
    }
}

/// The sentence and its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its tone.
    pub tone: Tone,
    /// The sentence.
    pub sentence: String,
    /// The steps that led to it, in order.
    pub reasons: Vec<String>,
}

impl Verdict {
    /// Appends the cost of a round trip if it does not pay and there is a signal, which is then not a loud one.
    #[must_use]
    pub fn at_a_cost(mut self, clause: Option<String>) -> Self {
        if let Some(clause) = clause.filter(|_| self.tone == Tone::Signal) {
            self.sentence = format!("{}, but {clause}", self.sentence);
            self.tone = Tone::Unpaid;
            self.reasons.push(format!("At the costs of the trade panel {clause}."));
        }
        self
    }
}

/// The inputs of the verdict.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The last closed bar; `None` before the first.
    pub row: Option<&'a Row>,
    /// The settings in force.
    pub settings: &'a Settings,
    /// The last tests; `None` before the first.
    pub tests: Option<&'a Tests>,
    /// The connection.
    pub phase: &'a Phase,
    /// Whether history is still loading.
    pub is_filling: bool,
    /// Progress of the history.
    pub history: &'a Backfill,
    /// The exchange's clock, if it is known.
    pub now: Option<UnixMillis>,
}

/// Judges the pair at this moment.
///
/// A signal needs all of it: a live feed, all history, |z| at or over the threshold on a full window, tests on a full
/// sample with an Engle-Granger p-value under [`SIGNIFICANCE`] and a half-life of a bar or more, a bar not older than
/// that half-life, a hedge ratio that can be held, and one line behind z and the tests.
pub fn judge(evidence: Evidence<'_>) -> Verdict {
    let mut verdict = of_numbers(evidence);
    if let Backfill::Short { exist, needed } = *evidence.history {
        if matches!(evidence.row.map(|row| &row.z), Some(Metric::Warming { .. } | Metric::Provisional { .. }))
        {
            verdict.sentence += ", and the exchange has no older ones";
        }
        let exist = status::exist_of_needed(exist, needed);
        verdict.reasons.push(format!("The windows and the tests need more bars than there are: {exist}."));
    }
    if evidence.row.is_some() && !is_current(evidence.phase) {
        verdict
            .reasons
            .insert(0, "The feed is not live, so this is the past state, not the current one.".into());
        verdict.tone = Tone::NotLive;
    }
    verdict
}

/// Returns whether the numbers are of this moment, or of a recording's, and not of a feed that has stopped.
pub const fn is_current(phase: &Phase) -> bool {
    matches!(phase, Phase::Live | Phase::Recording | Phase::Polling)
}

fn waiting(sentence: String, reason: &str) -> Verdict {
    Verdict { tone: Tone::Waiting, sentence, reasons: vec![reason.to_owned()] }
}

fn of_numbers(evidence: Evidence<'_>) -> Verdict {
    let Evidence { row, settings, tests, phase, is_filling, history, .. } = evidence;
    let threshold = settings.z_threshold;
    let Some(row) = row else {
        return waiting(before_the_first_bar(phase).to_owned(), "No bar has closed yet.");
    };
    if is_filling {
        return waiting(
            coming(history),
            "The rest of the history may change what this part shows: there is no verdict until it is complete.",
        );
    }
    let z = match &row.z {
        Metric::Warming { seen, needed } => {
            return waiting(
                format!("Warming up: z has {}", format::part((*seen, *needed))),
                "The z-score needs a full window of spreads, and each spread a hedge ratio.",
            );
        }
        Metric::Undefined(reason) => {
            return waiting(format!("No z-score: {reason}"), "The z-score does not exist on this window.");
        }
        Metric::Provisional { value, seen, needed } => {
            return waiting(
                format!(
                    "z {} on {}: provisional, no signal",
                    format::fixed(*value, 2),
                    format::part((*seen, *needed))
                ),
                "The window behind the z-score is not full, and a short one exaggerates.",
            );
        }
        Metric::Ready(value) => *value,
    };
    let stretched = z.abs() >= threshold;
    let z_text = format::fixed(z, 2);
    let side = if stretched { "at or beyond" } else { "inside" };
    let mut reasons = vec![format!("z is {z_text}: {side} the threshold of ±{threshold}.")];
    let (tests, report) = match tests.map(|tests| (tests, &tests.outcome)) {
        Some((tests, Outcome::Done(report))) => (tests, report),
        other => {
            let missing = why_no_tests(other.map(|(_, outcome)| outcome));
            reasons.push(format!("No judgement on cointegration: {missing}."));
            return Verdict {
                tone: if stretched { Tone::Doubt } else { Tone::Waiting },
                sentence: format!("z {z_text}; {missing}: no verdict yet"),
                reasons,
            };
        }
    };
    if let Some(part) = part_of_sample(tests, settings) {
        reasons.push(format!("The tests rest on {part}: a short sample finds relations that do not exist."));
        return Verdict {
            tone: if stretched { Tone::Doubt } else { Tone::Waiting },
            sentence: format!("z {z_text}; the tests have {part}: no verdict yet"),
            reasons,
        };
    }
    if tests.carried_share > WEAK_CARRIED_SHARE {
        reasons.push(format!(
            "{} of the tested bars had no trade in one leg: the tests are weak.",
            format::percent(tests.carried_share)
        ));
    }
    let apart = gates::two_lines(row, report, tests.bars, settings);
    reasons.extend(apart.iter().map(|objection| objection.reason.clone()));
    let judged = Judged { z_text: &z_text, stretched, row, report, apart: apart.as_ref() };
    of_report(&judged, &evidence, reasons)
}

/// Returns `59 of 900 bars` if the sample is not full.
pub fn part_of_sample(tests: &Tests, settings: &Settings) -> Option<String> {
    tests.part(settings).map(format::part)
}

/// Returns the report of the tests on a full sample with all history.
///
/// # Errors
/// Why there is none, as a clause.
pub fn full_report(model: &Model) -> Result<&Report, String> {
    let tests = model.tests.as_ref().filter(|_| !model.filling);
    match tests.map(|tests| (tests, &tests.outcome)) {
        Some((tests, Outcome::Done(report))) => match part_of_sample(tests, &model.settings) {
            None => Ok(report),
            Some(part) => Err(format!("the tests have {part}")),
        },
        other => Err(why_no_tests(other.map(|(_, outcome)| outcome))),
    }
}

/// The result of a full sample.
struct Judged<'a> {
    z_text: &'a str,
    stretched: bool,
    row: &'a Row,
    report: &'a Report,
    /// The objection that z and the tests are about two lines; its reason stands already.
    apart: Option<&'a Objection>,
}

fn of_report(judged: &Judged<'_>, evidence: &Evidence<'_>, mut reasons: Vec<String>) -> Verdict {
    let Judged { z_text, stretched, row, report, apart } = *judged;
    let p = format::p_value(report.engle_granger_p_value);
    let cointegrated = report.engle_granger_p_value < SIGNIFICANCE;
    reasons.push(if cointegrated {
        format!("Engle-Granger p is {p}, below {SIGNIFICANCE}: the pair is cointegrated.")
    } else {
        format!("Engle-Granger p is {p}, not below {SIGNIFICANCE}: the two prices need not converge again.")
    });
    let tone = if stretched { Tone::Doubt } else { Tone::Quiet };
    if !cointegrated {
        let but = if stretched { "but " } else { "" };
        let sentence = format!("z {z_text}, {but}not cointegrated (EG p {p}): no signal");
        return Verdict { tone, sentence, reasons };
    }
    let (bars, secs) = match &report.half_life {
        HalfLife::None(reason) => {
            reasons.push(format!("No half-life: {reason}."));
            let sentence =
                format!("z {z_text}, cointegrated (EG p {p}), but no half-life ({reason}): no signal");
            return Verdict { tone, sentence, reasons };
        }
        HalfLife::Reverting { bars, secs } => (*bars, *secs),
    };
    let half_life = format::duration(secs);
    let age_secs = evidence.now.map(|now| {
        let closed = row.open_time + evidence.settings.interval.millis();
        now.since(closed).max(0) as f64 / 1_000.0
    });
    let objections: Vec<Objection> = [
        gates::untradable(row, Some(report), evidence.settings),
        gates::below_a_bar(bars, evidence.settings.interval),
        age_secs.and_then(|age| gates::outlived(age, secs)),
    ]
    .into_iter()
    .flatten()
    .collect();
    reasons.push(format!("A deviation halves in {half_life}, {} bars.", format::fixed(bars, 1)));
    if let Some(first) = objections.first().or(apart.filter(|_| stretched)) {
        let sentence =
            format!("z {z_text}, cointegrated (EG p {p}), half-life {half_life}; {}: no signal", first.short);
        reasons.extend(objections.into_iter().map(|objection| objection.reason));
        return Verdict { tone, sentence, reasons };
    }
    if let Some(age) = age_secs {
        reasons.push(format!("The bar closed {} ago, within one half-life.", format::duration(age)));
    }
    let (tone, conclusion) = if stretched {
        (Tone::Signal, "stretched, reverting")
    } else {
        (Tone::Quiet, "inside its band, no signal")
    };
    let sentence = format!("z {z_text}, cointegrated (EG p {p}), half-life {half_life}: {conclusion}");
    Verdict { tone, sentence, reasons }
}

/// The words in place of numbers while the desk's history is loading.
pub const FILLING: &str = "History is coming in";

/// The words in place of test results while the history is loading.
pub const TESTS_WAIT: &str = "History is coming in: the tests run when it is here.";

/// Returns [`FILLING`], with how much is here of what is awaited.
fn coming(history: &Backfill) -> String {
    match history {
        Backfill::Loading { wanted, .. } if *wanted > 0 => {
            format!("{FILLING}: {}", status::backfill_label(history))
        }
        _ => FILLING.to_owned(),
    }
}

const fn before_the_first_bar(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "Starting the engine",
        Phase::Connecting { .. } => "Connecting to the exchange",
        Phase::Live | Phase::Polling => "Waiting for the first bars",
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

/// Returns what the tests found, without z: the sentence of the test panel.
pub fn of_tests(model: &Model) -> String {
    if model.filling {
        return TESTS_WAIT.to_owned();
    }
    of_sample(model.tests.as_ref(), &model.settings)
}

fn of_sample(tests: Option<&Tests>, settings: &Settings) -> String {
    match tests.map(|tests| &tests.outcome) {
        Some(Outcome::Done(_))
            if let Some(part) = tests.and_then(|tests| part_of_sample(tests, settings)) =>
        {
            format!("The tests have {part}: too early to say.")
        }
        Some(Outcome::Done(report)) => {
            let p = format::p_value(report.engle_granger_p_value);
            if report.engle_granger_p_value >= SIGNIFICANCE {
                format!("Not cointegrated at 5 % (p {p}): the spread may wander off and stay away.")
            } else if let HalfLife::Reverting { bars, secs } = &report.half_life {
                let half_life = format::duration(*secs);
                let objection = gates::below_a_bar(*bars, settings.interval)
                    .map_or_else(String::new, |objection| format!(", {}", objection.short));
                format!("Cointegrated at 5 % (p {p}), half-life {half_life}{objection}.")
            } else {
                format!("Cointegrated at 5 % (p {p}), but without a measurable half-life.")
            }
        }
        other => {
            let text = why_no_tests(other);
            let mut letters = text.chars();
            letters
                .next()
                .map_or(String::new(), |first| format!("{}{}.", first.to_ascii_uppercase(), letters.as_str()))
        }
    }
}

#[cfg(test)]
pub(in crate::view::numbers) mod tests;
