//! One line per test: its number, its p or critical value, and its verdict in a word.

use super::about::{about, put_in, worked};
use crate::view::numbers::format::{self, ABSENT};
use spreadscope_engine::analytics::evidence::{
    Answer, Evidence, EvidenceKind, Examined, Finding, FitDirection, Found, Group, PValue, RankFound, Stance,
    TestFound,
};
use spreadscope_engine::settings::PriceScale;

/// A test on one sample, as the panel shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFinding {
    /// The number.
    pub number: String,
    /// What it is judged by.
    pub judged: String,
    /// The verdict in a word.
    pub word: &'static str,
    /// The verdict as an attribute.
    pub stance: &'static str,
    /// Why there is no number, if there is none.
    pub reason: Option<String>,
}

/// A line of the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceLine {
    /// Which test.
    pub kind: EvidenceKind,
    /// Its name.
    pub title: &'static str,
    /// The result on the desk's own bars.
    pub main: ShownFinding,
    /// The result on the comparison, with its name; `None` where it is that of the same test on the same bars.
    pub beside: Option<(String, ShownFinding)>,
    /// The formula's values.
    pub worked: Option<String>,
    /// The values put into it.
    pub put_in: Option<String>,
}

/// Returns the question of `group`.
pub const fn group_title(group: Group) -> &'static str {
    match group {
        Group::Together => "Are the two cointegrated?",
        Group::Stationary => "Is the spread stationary?",
        Group::Reversion => "How does it revert?",
        Group::Break => "Did it break?",
    }
}

/// Returns the line of the test of `kind`, even before anything has been computed, so that the layout stays
/// still. `clock` gives the time of day of a moment.
pub fn line(kind: EvidenceKind, evidence: Option<&Evidence>, clock: &dyn Fn(i64) -> String) -> EvidenceLine {
    let main = evidence.map(|evidence| &evidence.main);
    // the other direction of the same bars has the same answer here
    let is_the_same = |beside: &Examined| {
        kind.is_of_both_directions() && main.is_some_and(|main| main.interval == beside.interval)
    };
    let beside = evidence.and_then(|evidence| evidence.beside.as_ref()).filter(|beside| !is_the_same(beside));
    EvidenceLine {
        kind,
        title: about(kind).title,
        main: main.map_or_else(absent, |main| shown_finding(kind, main, clock)),
        beside: beside.map(|beside| (name(kind, beside), shown_finding(kind, beside, clock))),
        worked: main.and_then(|main| worked(kind, main)),
        put_in: main.and_then(|main| put_in(kind, main)),
    }
}

/// Returns a sentence about the sample, of prices or of their logarithms.
pub fn sample(evidence: Option<&Evidence>, scale: PriceScale, clock: &dyn Fn(i64) -> String) -> String {
    let Some(Evidence { main, .. }) = evidence else { return "Not computed yet.".to_owned() };
    if main.bars == 0 {
        return format!("No bars of {} yet.", main.interval.as_str());
    }
    let end = clock(main.open_time.0 + main.interval.millis());
    let mut bars = main.findings.iter().map(|finding| finding.bars);
    let first = bars.next().unwrap_or(main.bars);
    // groups that look at fewer bars say so in their heads
    let bars = if bars.all(|other| other == first) { first } else { main.bars };
    let bars = format::count(bars as u64);
    let carried = format::percent(main.carried_share);
    format!(
        "{bars} bars of {} to {end}, {}, {} lags; {carried} with a carried price.",
        main.interval.as_str(),
        regressed(main.direction, scale),
        main.lag_rule.label()
    )
}

/// Returns what was fitted to what.
const fn regressed(direction: FitDirection, scale: PriceScale) -> &'static str {
    match (direction, scale) {
        (_, PriceScale::Levels) => direction.as_str(),
        (FitDirection::YOnX, PriceScale::Logs) => "ln y on ln x",
        (FitDirection::XOnY, PriceScale::Logs) => "ln x on ln y",
    }
}

/// Returns the question of `group`, with its number of bars if the sample is only part of a full one, or if the
/// number differs from the sample's.
pub fn group_head(group: Group, evidence: Option<&Evidence>) -> String {
    let title = group_title(group).to_owned();
    let Some(Evidence { main, .. }) = evidence else { return title };
    let Some(own) = main.findings.iter().find(|finding| finding.kind.group() == group) else { return title };
    let differ = main.findings.windows(2).any(|pair| pair[0].bars != pair[1].bars);
    match own.part() {
        Some(part) => format!("{title} {}", format::part(part)),
        None if differ => format!("{title} {} bars", format::count(own.bars as u64)),
        None => title,
    }
}

/// Returns the name of a sample for comparison, with its bars if the test has only part of a full sample. The
/// direction of its fits is left out where the test has its own.
fn name(kind: EvidenceKind, examined: &Examined) -> String {
    let part = examined.finding(kind).and_then(Finding::part);
    let part = part.map_or_else(String::new, |part| format!(", {}", format::part(part)));
    let direction = if kind.is_of_both_directions() {
        String::new()
    } else {
        format!(", {}", examined.direction.as_str())
    };
    format!("{}{direction}{part}", examined.interval.as_str())
}

fn absent() -> ShownFinding {
    ShownFinding { number: ABSENT.to_owned(), judged: String::new(), word: "", stance: "none", reason: None }
}

fn shown_finding(kind: EvidenceKind, examined: &Examined, clock: &dyn Fn(i64) -> String) -> ShownFinding {
    let Some(finding) = examined.finding(kind) else { return absent() };
    let found = match &finding.answer {
        Answer::Found(found) => found,
        Answer::Warming { seen, needed } => {
            let reason = format!("Warming up: {}.", format::part((*seen, *needed)));
            return ShownFinding { reason: Some(reason), ..absent() };
        }
        Answer::Undefined(reason) => {
            return ShownFinding {
                number: "none".to_owned(),
                reason: Some(format!("None: {reason}.")),
                ..absent()
            };
        }
    };
    let (number, judged) = match *found {
        Found::Test(test) => tested(&test),
        Found::Break { test, at } => {
            let (number, p) = tested(&test);
            (number, format!("{p}, {}", clock(at.0)))
        }
        Found::Rank(rank) => {
            let critical = format::fixed(rank.none.critical.five_percent, 2);
            (format::fixed(rank.none.statistic, 2), format!("5 %: {critical}, rank {}", rank.rank))
        }
        Found::HalfLife(half_life) => {
            let bounds = half_life.resampled.unwrap_or(half_life.interval);
            let lasting = |bars: f64| format::duration(bars * examined.interval.secs());
            let high = bounds.high.map_or_else(|| "∞".to_owned(), lasting);
            let how = if half_life.resampled.is_some() { ", resampled" } else { "" };
            (lasting(half_life.bars), format!("{} to {high}{how}", lasting(bounds.low)))
        }
        Found::OrnsteinUhlenbeck { theta, mu, sigma, .. } => {
            let [theta, mu, sigma] = [theta, mu, sigma].map(|found| format::significant(found.value, 3));
            (format!("θ {theta}"), format!("μ {mu}, σ {sigma}"))
        }
        Found::VarianceRatio { ratio, p_value, .. } => {
            (format::fixed(ratio, 2), format!("p {}", format::p_value(p_value)))
        }
        Found::Hurst { exponent, walk, .. } => {
            let high = walk.high.map_or_else(|| "∞".to_owned(), |high| format::fixed(high, 2));
            (format::fixed(exponent, 2), format!("walk: {} to {high}", format::fixed(walk.low, 2)))
        }
        Found::MeanCrossings { per_100_bars, expected_per_100_bars, .. } => (
            format::fixed(per_100_bars, 1),
            format!("per 100; {} expected", format::fixed(expected_per_100_bars, 1)),
        ),
        Found::PastShare { cointegrated, tested, .. } => {
            let share = cointegrated as f64 / tested as f64;
            (format::percent(share), format!("of {} lookbacks", format::count(tested as u64)))
        }
    };
    let (word, stance) = match (finding.stance(), *found) {
        (None, _) => ("too early", "none"),
        (Some(stance), Found::Rank(RankFound { rank: 2, .. })) => ("both stationary", stance_name(stance)),
        (Some(stance), _) => (word(kind, stance), stance_name(stance)),
    };
    ShownFinding { number, judged, word, stance, reason: None }
}

fn tested(test: &TestFound) -> (String, String) {
    let p = match test.p_value {
        PValue::Exactly(p) => format::p_value(p),
        PValue::AtMost(p) => format!("≤{}", format::p_value(p)),
        PValue::AtLeast(p) => format!("≥{}", format::fixed(p, 3)),
        PValue::Between { low, high } => format!("{} to {}", format::exact(low), format::exact(high)),
    };
    (format::fixed(test.statistic, 2), format!("p {p}"))
}

const fn stance_name(stance: Stance) -> &'static str {
    match stance {
        Stance::For => "for",
        Stance::Undecided => "undecided",
        Stance::Against => "against",
    }
}

const fn word(kind: EvidenceKind, stance: Stance) -> &'static str {
    match (kind, stance) {
        (EvidenceKind::Kpss, Stance::For) => "no objection",
        (EvidenceKind::MeanCrossings, Stance::Undecided) => "as expected",
        (EvidenceKind::MeanCrossings, Stance::Against) => "too few",
        (EvidenceKind::VarianceRatio | EvidenceKind::Hurst, Stance::For) => "reverts",
        (EvidenceKind::VarianceRatio | EvidenceKind::Hurst, Stance::Undecided) => "like a walk",
        (EvidenceKind::VarianceRatio | EvidenceKind::Hurst, Stance::Against) => "trends",
        (EvidenceKind::ZivotAndrews, Stance::For) => "with a break",
        (EvidenceKind::PastShare, Stance::For) => "mostly",
        (EvidenceKind::PastShare, _) => "seldom",
        (_, Stance::For) => match kind.group() {
            Group::Together => "cointegrated",
            Group::Stationary => "stationary",
            Group::Reversion | Group::Break => "reverts",
        },
        (_, Stance::Undecided) => "not shown",
        (_, Stance::Against) => "objects",
    }
}

#[cfg(test)]
mod tests {
    use super::super::weigh::tests::{WALK, evidence};
    use super::*;
    use spreadscope_engine::analytics::cointegration::CriticalValues;
    use spreadscope_engine::analytics::evidence::{Bounds, Estimate, HalfLifeFound, PutIn, Reversion};
    use spreadscope_engine::{Interval, UnixMillis};

    fn test(p_value: PValue) -> TestFound {
        let critical = CriticalValues { one_percent: 0.739, five_percent: 0.463, ten_percent: 0.347 };
        TestFound { statistic: 0.91, p_value, critical, lags: 4.0 }
    }

    fn shown(kind: EvidenceKind, found: Found) -> [String; 3] {
        let evidence = evidence(&[(kind, found)]);
        let told = line(kind, Some(&evidence), &|millis| format!("at{millis}")).main;
        [told.number, told.judged, told.word.to_owned()]
    }

    #[test]
    fn a_number_never_stands_under_the_direction_of_another() {
        let kinds = [EvidenceKind::EngleGrangerYOnX, EvidenceKind::EngleGrangerXOnY, EvidenceKind::Adf];
        let mut both = evidence(&kinds.map(|kind| (kind, Found::Test(test(PValue::Exactly(0.2))))));
        both.beside = Some(Examined { direction: FitDirection::XOnY, ..both.main.clone() });
        let names = |both: &Evidence| {
            kinds.map(|kind| line(kind, Some(both), &|_| String::new()).beside.map(|(name, _)| name))
        };
        assert_eq!(names(&both), [None, None, Some("1s, x on y".to_owned())]);
        both.beside = Some(Examined { interval: Interval::OneMinute, ..both.main.clone() });
        assert_eq!(names(&both), ["1m", "1m", "1m, y on x"].map(|name| Some(name.to_owned())));
    }

    #[test]
    fn what_was_fitted_follows_the_price_scale() {
        let evidence = evidence(&[]);
        let said = |scale| sample(Some(&evidence), scale, &|millis| format!("at{millis}"));
        assert!(said(PriceScale::Levels).contains(", y on x, "), "{}", said(PriceScale::Levels));
        assert!(said(PriceScale::Logs).contains(", ln y on ln x, "), "{}", said(PriceScale::Logs));
        let mut none = evidence.clone();
        none.main.bars = 0;
        assert_eq!(sample(Some(&none), PriceScale::Levels, &|_| "1970".to_owned()), "No bars of 1s yet.");
        let formula = |scale| super::super::formula(EvidenceKind::EngleGrangerYOnX, scale);
        assert!(formula(PriceScale::Levels).ends_with("residual e of y on x"));
        assert!(formula(PriceScale::Logs).ends_with("residual e of ln y on ln x"));
    }

    #[test]
    fn the_values_put_in_have_the_formulas_letters() {
        let mut found = evidence(&[(EvidenceKind::Adf, Found::Test(test(PValue::Exactly(0.2))))]);
        let line = |found: &Evidence| line(EvidenceKind::Adf, Some(found), &|_| String::new()).put_in;
        assert_eq!(line(&found), None);
        found.main.findings[0].put_in =
            vec![(PutIn::Slope, -0.051_23), (PutIn::SlopeStdError, 0.0103), (PutIn::Rows, 898.0)];
        assert_eq!(
            line(&found).as_deref(),
            Some("Values put in: b \u{2212}0.05123, standard error 0.01030, T 898.")
        );
    }

    #[test]
    fn lags_are_counted_and_a_bandwidth_has_its_fraction() {
        let said = |lags| {
            let found = Found::Test(TestFound { lags, ..test(PValue::Exactly(0.2)) });
            worked(EvidenceKind::Kpss, &evidence(&[(EvidenceKind::Kpss, found)]).main).unwrap()
        };
        assert!(said(0.0).contains(", lags 0; "), "{}", said(0.0));
        assert!(said(14.0).contains(", lags 14; "), "{}", said(14.0));
        assert!(said(17.237).contains(", lags 17.2; "), "{}", said(17.237));
    }

    #[test]
    fn a_line_has_its_number_what_it_is_judged_by_and_a_word() {
        let kpss = Found::Test(test(PValue::AtMost(0.0001)));
        assert_eq!(shown(EvidenceKind::Kpss, kpss), ["0.91", "p ≤0.00010", "objects"]);
        let between = Found::Test(test(PValue::Between { low: 0.01, high: 0.05 }));
        assert_eq!(shown(EvidenceKind::Kpss, between), ["0.91", "p 0.01 to 0.05", "objects"]);
        let least = Found::Break { test: test(PValue::AtMost(1e-5)), at: UnixMillis(7) };
        assert_eq!(shown(EvidenceKind::ZivotAndrews, least)[1], "p ≤1.0×10⁻⁵, at7");
        let broken = Found::Break { test: test(PValue::Exactly(0.3)), at: UnixMillis(7) };
        assert_eq!(shown(EvidenceKind::ZivotAndrews, broken), ["0.91", "p 0.300, at7", "not shown"]);
        let half_life = Found::HalfLife(HalfLifeFound {
            bars: 6.6,
            reversion: Reversion { t_statistic: -5.0, five_percent: -3.3 },
            interval: Bounds { low: 5.0, high: Some(9.0) },
            resampled: Some(Bounds { low: 4.0, high: None }),
        });
        assert_eq!(shown(EvidenceKind::HalfLife, half_life), ["6.6 s", "4.0 s to ∞, resampled", "reverts"]);
        let share = Found::PastShare { cointegrated: 60, tested: 240, apart: 4 };
        assert_eq!(shown(EvidenceKind::PastShare, share), ["25 %", "of 240 lookbacks", "seldom"]);
        let young = Found::PastShare { cointegrated: 4, tested: 4, apart: 1 };
        assert_eq!(shown(EvidenceKind::PastShare, young), ["100 %", "of 4 lookbacks", "too early"]);
    }

    #[test]
    fn a_group_that_looks_at_other_bars_says_how_many() {
        let mut evidence = evidence(&[
            (EvidenceKind::Kpss, Found::Test(test(PValue::Exactly(0.2)))),
            (EvidenceKind::Hurst, Found::Hurst { exponent: 0.4, longest_bars: 64, walk: WALK }),
        ]);
        let head = |evidence: &Evidence| group_head(Group::Reversion, Some(evidence));
        assert_eq!(head(&evidence), "How does it revert?");
        let hurst = |evidence: &Evidence| {
            let line = line(EvidenceKind::Hurst, Some(evidence), &|_| String::new());
            (line.main.word, line.main.stance, line.worked.unwrap())
        };
        let steps = "steps up to 64 bars; unrelated pairs: 0.4200 to 0.5600";
        assert_eq!(hurst(&evidence), ("reverts", "for", format!("0.4000 on 900 bars of 1s, {steps}")));
        evidence.main.findings[1].bars = 120;
        assert_eq!(head(&evidence), "How does it revert? 120 of 900 bars");
        let early = format!("0.4000 on 120 of 900 bars of 1s, {steps}");
        assert_eq!(hurst(&evidence), ("too early", "none", early));
        evidence.main.findings[1].full_bars = 120;
        assert_eq!(head(&evidence), "How does it revert? 120 bars");
        assert_eq!(hurst(&evidence), ("reverts", "for", format!("0.4000 on 120 bars of 1s, {steps}")));
        assert_eq!(group_head(Group::Together, None), "Are the two cointegrated?");
    }

    #[test]
    fn a_speed_that_a_walk_would_have_as_well_is_not_called_reversion() {
        let of = |t_statistic| {
            let estimate = |value| Estimate { value, std_error: 0.004 };
            let (theta, mu, sigma) = (estimate(0.012), estimate(0.0), estimate(1.0));
            let reversion = Reversion { t_statistic, five_percent: -3.35 };
            shown(EvidenceKind::OrnsteinUhlenbeck, Found::OrnsteinUhlenbeck { theta, mu, sigma, reversion })
        };
        // the normal interval around θ is above 0 both times
        assert_eq!(of(-3.0), ["θ 0.0120", "μ 0.00, σ 1.00", "not shown"]);
        assert_eq!(of(-3.4)[2], "reverts");
    }

    #[test]
    fn a_test_that_cannot_be_computed_says_why() {
        let mut evidence = evidence(&[]);
        let answer = Answer::Undefined("the values do not vary".to_owned());
        evidence.main.findings.push(Finding {
            kind: EvidenceKind::Adf,
            bars: 900,
            full_bars: 900,
            put_in: Vec::new(),
            answer,
        });
        evidence.beside = Some(evidence.main.clone());
        let shown = line(EvidenceKind::Adf, Some(&evidence), &|_| String::new());
        assert_eq!((shown.main.number.as_str(), shown.main.stance), ("none", "none"));
        for told in [&shown.main, &shown.beside.unwrap().1] {
            assert_eq!(told.reason.as_deref(), Some("None: the values do not vary."));
        }
        let before = line(EvidenceKind::Adf, None, &|_| String::new());
        assert_eq!((before.title, before.main.number.as_str(), before.worked), ("ADF", ABSENT, None));
    }
}
