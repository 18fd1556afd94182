//! One pair's numbers, before the correction for the number of pairs.

use super::common::{Common, common};
use super::series::{Series, constant};
use crate::base::symbol::{Leg, Pair};
use crate::settings::PriceScale;
use crate::settings::test_options::{self, FitTerms, LagRule};
use crate::{Interval, Reading, Symbol, UnixMillis};
use core::ops::Range;
use serde::{Deserialize, Serialize};
use spreadscope_stats::mackinnon::smallest_p_value;
use spreadscope_stats::{
    BootstrapInterval, BootstrapSpec, EngleGranger, Undefined, engle_granger, half_life, half_life_bootstrap,
    mean_crossings, pearson,
};

/// A number of a pair, or why it is undefined, as a clause.
pub type Known<T = f64> = Result<T, String>;

/// Fewest common bars for a test.
pub const FEWEST_BARS: usize = 60;
/// Fewest bars of the first two thirds, and of the last third: with only 20, the maximum lags would leave
/// nothing to test.
pub const FEWEST_BARS_OF_PART: usize = 30;
/// A close that changes less often than this, and in less than half of the bars, hardly moves: such a market is
/// stationary by itself, so any p-value is small.
const FEWEST_MOVES: usize = 20;
/// With a smaller share of common bars, the series has more holes than bars.
const SMALLEST_SHARE: f64 = 0.5;
/// With a smaller share of common bars, the pair gets a note about gaps.
const SHARE_WITHOUT_WORD: f64 = 0.95;
/// From here on, two markets count as near-copies.
const COPY_R_SQUARED: f64 = 0.9999;
const DAY_MILLIS: f64 = 86_400_000.0;

/// Separates the reasons of two legs, each of which would do on its own.
pub const LEG_SEPARATOR: &str = "; ";

/// How pairs are tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Spec {
    /// The scale on which the hedge ratio is estimated.
    pub price_scale: PriceScale,
    /// How the number of lags is chosen.
    pub lags: LagRule,
    /// The terms of the fit of y on x.
    pub terms: FitTerms,
}

/// The numbers of a testable pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairTest {
    /// y regressed on x; y comes first in the alphabet.
    pub pair: Pair,
    /// Common bars.
    pub bars: usize,
    /// Bars that only one market has, in the time that both cover.
    pub unmatched_bars: usize,
    /// Open time of the first common bar.
    pub first_open_time: UnixMillis,
    /// Open time of the last common bar.
    pub last_open_time: UnixMillis,
    /// Engle-Granger statistic on all bars.
    pub statistic: f64,
    /// Its lags.
    pub lags: usize,
    /// p-value of the null of no cointegration on all bars; never 0.
    pub p_value: f64,
    /// Slope of y on x over all bars.
    pub hedge_ratio: f64,
    /// Intercept over all bars.
    pub intercept: f64,
    /// Half-life of the residual.
    pub half_life_bars: Known,
    /// Correlation of log returns between consecutive common bars.
    pub correlation: Known,
    /// How often the residual crosses its mean.
    pub crossings: Known<usize>,
    /// The last residual over the residuals' standard deviation.
    pub z_now: Known,
    /// Quote volume per day of the leg with less of it: per 24 hours of known bars, holes left out.
    pub weaker_volume_per_day: Known,
    /// p-value on the first two thirds of the bars.
    pub selection_p_value: Known,
    /// p-value on the last third of the bars.
    pub confirmed_p_value: Known,
    /// Remarks on the pair, as sentences.
    pub notes: Vec<String>,
}

impl PairTest {
    /// Open time of the first common bar, and of the bar after the last, if bars are `interval` long.
    pub fn span(&self, interval: Interval) -> [UnixMillis; 2] {
        [self.first_open_time, self.last_open_time + interval.millis()]
    }
}

/// A pair that cannot be tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untested {
    /// The pair.
    pub pair: Pair,
    /// Why, as a clause.
    pub reason: String,
}

/// Tests a pair; the error is the reason why it cannot be tested.
pub(super) fn test(pair: &Pair, y: &Series, x: &Series, spec: Spec) -> Known<PairTest> {
    let both = comparable(pair, y, x)?;
    let bars = both.len();
    let (levels_y, levels_x) = scaled(&both, spec.price_scale);
    let (found, r_squared) = cointegration(levels_y, levels_x, spec)?;
    let cut = 2 * bars / 3;
    let part = |bars: Range<usize>| {
        if bars.len() < FEWEST_BARS_OF_PART {
            return Err(format!("too short: {} of {FEWEST_BARS_OF_PART} bars", bars.len()));
        }
        moves(pair, &both.y.levels[bars.clone()], &both.x.levels[bars.clone()])?;
        let (found, _) = cointegration(&levels_y[bars.clone()], &levels_x[bars], spec)?;
        Ok(p_value(&found, spec))
    };
    let (selection_p_value, confirmed_p_value) = (part(0..cut), part(cut..bars));
    Ok(PairTest {
        pair: pair.clone(),
        bars,
        unmatched_bars: both.unmatched,
        first_open_time: both.first,
        last_open_time: both.last,
        statistic: found.statistic,
        lags: found.lags,
        p_value: p_value(&found, spec),
        hedge_ratio: found.hedge_ratio,
        intercept: found.intercept,
        half_life_bars: of_reading(half_life(found.spread())).map(|half_life| half_life.bars),
        correlation: pearson(&returns(&both.y.logs), &returns(&both.x.logs)).map_err(words),
        crossings: mean_crossings(found.spread()).map(|found| found.crossings).map_err(words),
        z_now: z_now(&found.residuals),
        weaker_volume_per_day: weaker_volume(pair, &both),
        selection_p_value,
        confirmed_p_value,
        notes: notes(pair, &both, r_squared),
    })
}

/// The interval of a pair's half-life by resampling its residual; slow.
pub(super) fn half_life_interval(
    pair: &Pair,
    y: &Series,
    x: &Series,
    spec: Spec,
    bootstrap: &BootstrapSpec,
) -> Known<BootstrapInterval> {
    let both = comparable(pair, y, x)?;
    let (y, x) = scaled(&both, spec.price_scale);
    let (found, _) = cointegration(y, x, spec)?;
    half_life_bootstrap(&found.residuals, bootstrap).map_err(words)
}

/// Both legs' closes on the scale of the regression.
fn scaled<'a>(both: &'a Common<'_>, scale: PriceScale) -> (&'a [f64], &'a [f64]) {
    match scale {
        PriceScale::Levels => (&both.y.levels, &both.x.levels),
        PriceScale::Logs => (&both.y.logs, &both.x.logs),
    }
}

/// The common bars, if there are enough of them and both markets vary.
fn comparable<'a>(pair: &Pair, y: &'a Series, x: &'a Series) -> Known<Common<'a>> {
    let short = [(&pair.y, y), (&pair.x, x)].into_iter().filter_map(|(symbol, series)| match series.len() {
        0 => Some(format!("{symbol} has no bars")),
        bars if bars < FEWEST_BARS => Some(format!("too short: {symbol} has {bars} of {FEWEST_BARS} bars")),
        _ => None,
    });
    of_legs(short)?;
    let both = common(y, x).map_err(|reason| reason.words(pair))?;
    let bars = both.len();
    if bars < FEWEST_BARS {
        return Err(format!(
            "too short: {} and {} have {bars} of {FEWEST_BARS} bars in common",
            pair.y, pair.x
        ));
    }
    if share(&both) < SMALLEST_SHARE {
        return Err(format!("gaps: {}", gaps(pair, &both)));
    }
    moves(pair, &both.y.levels, &both.x.levels)?;
    Ok(both)
}

/// The reasons that concern one leg each, joined; a market that is refused with every partner is named with each.
fn of_legs(reasons: impl Iterator<Item = String>) -> Known<()> {
    let reasons: Vec<String> = reasons.collect();
    if reasons.is_empty() { Ok(()) } else { Err(reasons.join(LEG_SEPARATOR)) }
}

/// Refuses closes that hardly move.
fn moves(pair: &Pair, y: &[f64], x: &[f64]) -> Known<()> {
    of_legs([(&pair.y, y), (&pair.x, x)].into_iter().filter_map(|(symbol, closes)| still(symbol, closes)))
}

/// Why a market does not move enough.
fn still(symbol: &Symbol, closes: &[f64]) -> Option<String> {
    let bars = closes.len();
    if let Some(close) = constant(closes) {
        return Some(format!("{symbol} does not vary: all {bars} closes are {close}"));
    }
    let moves = closes.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let changes = if moves == 1 { "changes" } else { "change" };
    (moves < FEWEST_MOVES.min(bars / 2))
        .then(|| format!("{symbol} hardly varies: {moves} of {bars} closes {changes}"))
}

/// Share of common bars in the time that both markets cover.
fn share(both: &Common<'_>) -> f64 {
    both.len() as f64 / (both.len() + both.unmatched) as f64
}

fn gaps(pair: &Pair, both: &Common<'_>) -> String {
    let (bars, all) = (both.len(), both.len() + both.unmatched);
    format!("{} and {} have {bars} of {all} bars in common", pair.y, pair.x)
}

/// The test, and the share of y's variance explained by x.
fn cointegration(y: &[f64], x: &[f64], spec: Spec) -> Known<(EngleGranger, f64)> {
    let found =
        engle_granger(y, x, &test_options::spec(spec.lags, spec.terms)).map_err(|error| error.to_string())?;
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let total: f64 = y.iter().map(|value| (value - mean).powi(2)).sum();
    let left: f64 = found.residuals.iter().map(|residual| residual * residual).sum();
    Ok((found, 1.0 - left / total))
}

/// The test's p-value, at least the smallest of its table: a p-value of 0 would claim a certainty that no test
/// has.
fn p_value(found: &EngleGranger, spec: Spec) -> f64 {
    found.p_value.max(smallest_p_value(test_options::spec(spec.lags, spec.terms).trend, 2).unwrap_or(0.0))
}

fn returns(logs: &[f64]) -> Vec<f64> {
    logs.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// z of the last residual; the residuals' mean is 0.
fn z_now(residuals: &[f64]) -> Known {
    let squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
    let deviation = (squares / (residuals.len() - 1) as f64).sqrt();
    let z = residuals.last().map(|last| last / deviation).filter(|z| z.is_finite());
    z.ok_or_else(|| words(Undefined::Constant))
}

fn weaker_volume(pair: &Pair, both: &Common<'_>) -> Known {
    for leg in Leg::BOTH {
        if both.volumes[leg as usize] <= 0.0 {
            return Err(format!("no volume is known of {}", pair.symbol(leg)));
        }
    }
    // a day without bars has an unknown volume rather than none
    let per_day =
        |leg: Leg| both.volumes[leg as usize] / (both.known_millis[leg as usize] as f64 / DAY_MILLIS);
    Ok(per_day(Leg::Y).min(per_day(Leg::X)))
}

fn notes(pair: &Pair, both: &Common<'_>, r_squared: f64) -> Vec<String> {
    let mut notes = Vec::new();
    if share(both) < SHARE_WITHOUT_WORD {
        notes.push(format!("Gaps: {}; they are tested as evenly spaced.", gaps(pair, both)));
    }
    notes.extend(both.holes.words());
    if r_squared > COPY_R_SQUARED {
        notes.push(format!(
            "Near-copies: one explains all but {:.1e} of the other's variance.",
            (1.0 - r_squared).max(f64::EPSILON)
        ));
    }
    notes
}

fn of_reading<T>(reading: Reading<T>) -> Known<T> {
    match reading {
        Reading::Ready(value) => Ok(value),
        Reading::Undefined(reason) => Err(words(reason)),
        Reading::Warming { seen, needed } | Reading::Provisional { seen, needed, .. } => {
            Err(format!("{seen} of {needed} bars"))
        }
    }
}

fn words(reason: Undefined) -> String {
    reason.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::series::tests::series;
    use super::*;
    use spreadscope_stats::random::Congruential;

    fn walk(seed: u64, bars: usize) -> Vec<f64> {
        Congruential::new(seed).path(1.0, 100.0).take(bars).collect()
    }

    fn of(y: &[(i64, f64)], x: &[(i64, f64)]) -> Known<PairTest> {
        let names = ["AAA", "BBB"].map(|name| Symbol::new(name).unwrap());
        let pair = Pair { y: names[0].clone(), x: names[1].clone() };
        test(&pair, &series(y.iter().copied()), &series(x.iter().copied()), Spec::default())
    }

    fn each_minute(closes: &[f64]) -> Vec<(i64, f64)> {
        (0..).zip(closes.iter().copied()).collect()
    }

    /// The failure of the scanner in `coderaidershaun/DYDX-course-code-2024#2`.
    #[test]
    fn copies_are_named_and_never_cointegrated_for_certain() {
        let base = walk(1, 300);
        let noise: Vec<f64> = Congruential::new(2).path(0.0, 0.0).take(300).collect();
        let x = each_minute(&base);
        let blurred = |by: f64| {
            let closes: Vec<f64> =
                base.iter().zip(&noise).map(|(close, u)| 3.0 * close + 1.0 + by * u).collect();
            of(&each_minute(&closes), &x)
        };
        for by in [0.0, 1e-12] {
            assert_eq!(blurred(by).unwrap_err(), "one series is the other, scaled and shifted", "{by}");
        }
        for by in [1e-6, 1e-3, 0.1] {
            let near = blurred(by).unwrap();
            assert!(near.p_value > 0.0 && near.p_value < 1e-20, "{near:?}");
            assert!(near.notes.iter().any(|note| note.starts_with("Near-copies: ")), "{near:?}");
        }
    }

    #[test]
    fn what_does_not_vary_or_hardly_does_is_named() {
        let x = each_minute(&walk(1, 300));
        let refused = |closes: &[f64]| of(&each_minute(closes), &x).unwrap_err();
        assert_eq!(refused(&[0.000_007; 300]), "AAA does not vary: all 300 closes are 0.000007");
        let mut step = [5.0; 300];
        step[250..].fill(6.0);
        assert_eq!(refused(&step), "AAA hardly varies: 1 of 300 closes changes");
        let mut halted = walk(2, 300);
        let last = halted[210];
        halted[210..].fill(last);
        let tested = of(&each_minute(&halted), &x).unwrap();
        assert!(tested.selection_p_value.is_ok());
        let reason = tested.confirmed_p_value.unwrap_err();
        assert_eq!(reason, "AAA hardly varies: 10 of 100 closes change");
    }

    #[test]
    fn too_few_bars_and_too_many_gaps_are_named() {
        let (y, x) = (each_minute(&walk(1, 300)), each_minute(&walk(2, 300)));
        assert_eq!(of(&y[..40], &x).unwrap_err(), "too short: AAA has 40 of 60 bars");
        assert_eq!(
            of(&y[..40], &x[..30]).unwrap_err(),
            "too short: AAA has 40 of 60 bars; too short: BBB has 30 of 60 bars"
        );
        assert_eq!(of(&y[..40], &[]).unwrap_err(), "too short: AAA has 40 of 60 bars; BBB has no bars");
        assert_eq!(
            of(&y[..180], &x[130..]).unwrap_err(),
            "too short: AAA and BBB have 50 of 60 bars in common"
        );
        let third: Vec<(i64, f64)> = y.iter().copied().step_by(3).collect();
        assert_eq!(of(&third, &x).unwrap_err(), "gaps: AAA and BBB have 100 of 298 bars in common");
        let gappy: Vec<(i64, f64)> = y.iter().copied().filter(|(minute, _)| minute % 4 > 0).collect();
        let tested = of(&gappy, &x).unwrap();
        assert_eq!((tested.bars, tested.unmatched_bars), (225, 74));
        assert_eq!(
            tested.notes[0],
            "Gaps: AAA and BBB have 225 of 299 bars in common; they are tested as evenly spaced."
        );
        let short = of(&y[..60], &x).unwrap();
        assert!(short.selection_p_value.is_ok(), "{short:?}");
        assert_eq!(short.confirmed_p_value.unwrap_err(), "too short: 20 of 30 bars");
        assert!(of(&y[..90], &x).unwrap().confirmed_p_value.is_ok());
    }

    #[test]
    fn volume_is_that_of_the_leg_with_less_of_it() {
        // every minute is two bars
        let (y, x) = (each_minute(&walk(1, 100)), each_minute(&walk(2, 100)));
        let volume = of(&y, &x).unwrap().weaker_volume_per_day.unwrap();
        let sums = [&y, &x].map(|closes| closes.iter().map(|(_, close)| 2.0 * close).sum::<f64>());
        assert!((volume / (sums[0].min(sums[1]) * 14.4) - 1.0).abs() < 1e-12, "{volume}");
        // the same bars with a day between them: nothing is known of that day
        let apart = |closes: &[(i64, f64)]| {
            closes
                .iter()
                .map(|(at, close)| (at + if *at < 50 { 0 } else { 1_440 }, *close))
                .collect::<Vec<_>>()
        };
        let tested = of(&apart(&y), &apart(&x)).unwrap();
        assert!((tested.weaker_volume_per_day.unwrap() / volume - 1.0).abs() < 1e-12);
        assert!(tested.notes[0].starts_with("Hole: neither has a bar for 1440 bars"), "{:?}", tested.notes);
    }
}
