//! What each test is: its formula, its source, and what it cannot tell.

use crate::view::numbers::format::{self, ABSENT};
use spreadscope_engine::analytics::evidence::{Estimate, EvidenceKind, Examined, Found, PutIn, Reversion};
use spreadscope_engine::settings::PriceScale;

/// The facts about a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub title: &'static str,
    /// Its formula.
    pub formula: &'static str,
    /// Its authors.
    pub source: &'static str,
    /// What it cannot tell.
    pub cannot: &'static str,
}

/// Returns the caveat that holds for every test on the spread.
pub const fn cannot_tell_of_all() -> &'static str {
    "The spread is the residual of one fit over the sample, so plain tests on it are too optimistic. \
     Every test looks back: none says that the pair will hold together from here on."
}

/// Returns the formula of the test of `kind`, for prices or for their logarithms.
pub const fn formula(kind: EvidenceKind, scale: PriceScale) -> &'static str {
    match (kind, scale) {
        (EvidenceKind::EngleGrangerYOnX, PriceScale::Logs) => {
            "t of b in Δe(t) = b·e(t−1) + Σ c(i)·Δe(t−i) on the residual e of ln y on ln x"
        }
        (EvidenceKind::EngleGrangerXOnY, PriceScale::Logs) => "the same on the residual of ln x on ln y",
        _ => about(kind).formula,
    }
}

/// Returns the facts about the test of `kind`; its formula is that for prices.
#[expect(clippy::too_many_lines, reason = "a table of all tests")]
pub const fn about(kind: EvidenceKind) -> About {
    match kind {
        EvidenceKind::EngleGrangerYOnX => About {
            title: "Engle-Granger, y on x",
            formula: "t of b in Δe(t) = b·e(t−1) + Σ c(i)·Δe(t−i) on the residual e of y on x",
            source: "Engle, Granger 1987; p-values and critical values MacKinnon 1994, 2010",
            cannot: "It finds one relation at most, and only a constant one.",
        },
        EvidenceKind::EngleGrangerXOnY => About {
            title: "Engle-Granger, x on y",
            formula: "the same on the residual of x on y",
            source: "Engle, Granger 1987; p-values and critical values MacKinnon 1994, 2010",
            cannot: "Taking the better of two directions is testing twice: at 5 % that errs on 9 to 10 % of unrelated pairs.",
        },
        EvidenceKind::JohansenTrace => About {
            title: "Johansen, trace",
            formula: "−T Σ ln(1 − λ(i)) over the eigenvalues above the rank that is tested, one lagged change",
            source: "Johansen 1988, 1991; critical values MacKinnon, Haug, Michelis 1996",
            cannot: "At 5 % it errs on 12 % of unrelated pairs without drift, and on 23 % with a trend in the fit: let \
                     Engle-Granger decide. Rank 2 means that each leg is stationary by itself.",
        },
        EvidenceKind::JohansenMaxEigenvalue => About {
            title: "Johansen, largest eigenvalue",
            formula: "−T ln(1 − λ) of the next eigenvalue, one lagged change",
            source: "Johansen 1988, 1991; critical values MacKinnon, Haug, Michelis 1996",
            cannot: "As for the trace; where the two differ, the sample does not settle the rank.",
        },
        EvidenceKind::PhillipsOuliaris => About {
            title: "Phillips-Ouliaris",
            formula: "Z(t): t of the residual's level, corrected by the long-run variance of the errors",
            source: "Phillips, Ouliaris 1990; p-values and critical values of arch",
            cannot: "With errors that alternate, as between bid and ask, it rejects too often.",
        },
        EvidenceKind::Adf => About {
            title: "ADF",
            formula: "t of b in Δs(t) = a + b·s(t−1) + Σ c(i)·Δs(t−i), with a term d·t after a fit with a trend",
            source: "Dickey, Fuller 1979; p-values and critical values MacKinnon 1994, 2010",
            cannot: "On a fitted spread it calls 12 to 15 % of unrelated pairs stationary at 5 %.",
        },
        EvidenceKind::DfGls => About {
            title: "DF-GLS",
            formula: "Dickey-Fuller without terms on s after removing the level by GLS with 1 − 7/n; after a fit with a trend, \
                      level and trend with 1 − 13.5/n",
            source: "Elliott, Rothenberg, Stock 1996; lags Perron, Qu 2007; critical values of arch",
            cannot: "It detects slow reversion best but, like ADF, does not know that the spread was fitted.",
        },
        EvidenceKind::PhillipsPerron => About {
            title: "Phillips-Perron",
            formula: "Z(τ): t of b in Δs(t) = a + b·s(t−1), corrected by the long-run variance of the errors; with d·t after a \
                      fit with a trend",
            source: "Phillips, Perron 1988; p-values and critical values MacKinnon 1994, 2010",
            cannot: "With errors that alternate it rejects too often, and it does not know that the spread was fitted.",
        },
        EvidenceKind::Kpss => About {
            title: "KPSS",
            formula: "Σ S(t)² / (n² λ²), S the running sums of s minus its mean, or minus its trend after a fit with one; λ² its \
                      long-run variance",
            source: "Kwiatkowski, Phillips, Schmidt, Shin 1992; critical values for a fitted spread Shin 1994; bandwidth \
                     Hobijn, Franses, Ooms 2004",
            cannot: "Its null is the other way round: the spread is stationary; a large p proves nothing. Its table has 1, 5 \
                     and 10 % only. It objects to about 15 % of spreads with a half-life of 7 bars.",
        },
        EvidenceKind::HalfLife => About {
            title: "Half-life",
            formula: "ln 2 / −ln(1 + b), b from Δs(t) = a + b·s(t−1); interval of 95 % by the delta method, or by \
                      resampling the errors 399 times",
            source: "Ornstein, Uhlenbeck 1930, sampled once a bar; Efron, Tibshirani 1993",
            cannot: "Estimates are biased towards short half-lives, by about 4/n in b; bid-ask bounce shortens them further. Its \
                     word goes by t of b against Engle-Granger's value.",
        },
        EvidenceKind::OrnsteinUhlenbeck => About {
            title: "Ornstein-Uhlenbeck",
            formula: "ds = θ(μ − s)dt + σdW by maximum likelihood, a bar as the unit of time; θ is the speed, μ the mean",
            source: "Tang, Chen 2009",
            cannot: "It assumes constant speed, mean and volatility, and θ is biased upwards by about 4/n. A random walk's θ is \
                     above 0 as well: its word goes by t of the half-life's b.",
        },
        EvidenceKind::VarianceRatio => About {
            title: "Variance ratio",
            formula: "variance of changes over 10 bars / 10 × that over 1 bar, robust to changing variance",
            source: "Lo, MacKinlay 1988",
            cannot: "It is below 1 also with bid-ask bounce: compare with slower bars.",
        },
        EvidenceKind::Hurst => About {
            title: "Hurst exponent",
            formula: "half the slope of ln variance of steps on ln length, lengths 1, 2, 4, … up to n/8",
            source: "Taqqu, Teverovsky, Willinger 1995",
            cannot: "Of unrelated pairs, 95 % lie in the range given, which is the wider the fewer bars there are: an exponent \
                     in it says nothing.",
        },
        EvidenceKind::MeanCrossings => About {
            title: "Mean crossings",
            formula: "changes of side per 100 bars; expected arccos(ρ)/π, ρ the first autocorrelation",
            source: "Kedem 1994",
            cannot: "Many crossings alone may be noise. Fewer than the limit given, which 5 % of spreads with a constant mean \
                     miss, hint at a mean that has moved.",
        },
        EvidenceKind::ZivotAndrews => About {
            title: "Zivot-Andrews",
            formula: "smallest t of b over all breaks of the level in Δs(t) = a + d·t + θ·DU(t) + b·s(t−1) + Σ c(i)·Δs(t−i)",
            source: "Zivot, Andrews 1992; lags Baum 2004",
            cannot: "It names the most likely break in every sample, even if there is none, and looks for only one.",
        },
        EvidenceKind::PastShare => About {
            title: "Past lookbacks",
            formula: "share of the last Engle-Granger tests, on lookbacks that end at earlier bars, with p below 0.05",
            source: "The tests of the chart “p-value over time”",
            cannot: "Lookbacks overlap, so they are not independent evidence: there is a word from three on that share no bar.",
        },
    }
}

/// Returns the values behind the number of `kind` in `examined`, in words.
pub fn worked(kind: EvidenceKind, examined: &Examined) -> Option<String> {
    let finding = examined.finding(kind)?;
    let found = finding.found()?;
    let full = || format!("{} bars", format::count(finding.bars as u64));
    let bars = finding.part().map_or_else(full, format::part);
    let rows = format!("{bars} of {}", examined.interval.as_str());
    let ends = |name: &str, estimate: Estimate| {
        let (low, high) = estimate.ends();
        let [value, low, high] = [estimate.value, low, high].map(|value| format::significant(value, 4));
        format!("{name} {value} ({low} to {high})")
    };
    Some(match *found {
        Found::Test(test) | Found::Break { test, .. } => {
            let critical = test.critical;
            let [one, five, ten] = [critical.one_percent, critical.five_percent, critical.ten_percent]
                .map(|value| format::fixed(value, 3));
            // a bandwidth may have a fraction
            let lags = if test.lags.fract() == 0.0 {
                format::fixed(test.lags, 0)
            } else {
                format::significant(test.lags, 3)
            };
            format!(
                "{} on {rows}, lags {lags}; critical at 1, 5, 10 %: {one}, {five}, {ten}",
                format::fixed(test.statistic, 4)
            )
        }
        Found::Rank(rank) => {
            let step = |at: &str, step: spreadscope_engine::analytics::evidence::RankStep| {
                let statistic = format::fixed(step.statistic, 3);
                format!("{at}: {statistic} against {}", format::fixed(step.critical.five_percent, 3))
            };
            format!("{rows}; {}; {}", step("rank 0", rank.none), step("rank 1", rank.one))
        }
        Found::HalfLife(half_life) => {
            let bounds = |bounds: spreadscope_engine::analytics::evidence::Bounds| {
                let high = bounds.high.map_or_else(|| "no end".to_owned(), |high| format::fixed(high, 2));
                format!("{} to {high}", format::fixed(bounds.low, 2))
            };
            let resampled = half_life
                .resampled
                .map(|found| format!("; by resampling {} bars", bounds(found)))
                .unwrap_or_default();
            let delta = bounds(half_life.interval);
            format!(
                "{} bars on {rows}, {delta} bars by the delta method{resampled}; {}",
                format::fixed(half_life.bars, 2),
                shown(half_life.reversion)
            )
        }
        Found::OrnsteinUhlenbeck { theta, mu, sigma, reversion } => {
            let [theta, mu, sigma] = [("θ", theta), ("μ", mu), ("σ", sigma)].map(|(name, of)| ends(name, of));
            format!("{rows}; {theta}; {mu}; {sigma}; {}", shown(reversion))
        }
        Found::VarianceRatio { ratio, statistic, bars, .. } => {
            format!(
                "{} over {bars} bars, statistic {} on {rows}",
                format::fixed(ratio, 4),
                format::fixed(statistic, 3)
            )
        }
        Found::Hurst { exponent, longest_bars, walk } => {
            let [exponent, low] = [exponent, walk.low].map(|value| format::fixed(value, 4));
            let high = walk.high.map_or_else(|| ABSENT.to_owned(), |high| format::fixed(high, 4));
            format!("{exponent} on {rows}, steps up to {longest_bars} bars; unrelated pairs: {low} to {high}")
        }
        Found::MeanCrossings { crossings, few_per_100_bars, .. } => {
            let few = format::fixed(few_per_100_bars, 2);
            format!("{crossings} crossings in {rows}; too few below {few} per 100")
        }
        Found::PastShare { cointegrated, tested, apart } => {
            format!("{cointegrated} of {tested} lookbacks, {apart} of which share no bar")
        }
    })
}

/// Returns the values that went into the formula of the test of `kind`, in words; `None` if there are none.
pub fn put_in(kind: EvidenceKind, examined: &Examined) -> Option<String> {
    let values = &examined.finding(kind)?.put_in;
    let parts = values.iter().map(|&(name, value)| {
        let number = || format::significant(value, 4);
        match name {
            PutIn::HedgeRatio => format!("β {}", format::significant(value, 6)),
            PutIn::HedgeRatioStdError | PutIn::SlopeStdError => format!("standard error {}", number()),
            PutIn::Intercept => format!("intercept {}", format::significant(value, 6)),
            PutIn::Slope => format!("b {}", number()),
            PutIn::Rows => format!("T {}", format::fixed(value, 0)),
            PutIn::Eigenvalue1 => format!("λ(1) {}", number()),
            PutIn::Eigenvalue2 => format!("λ(2) {}", number()),
            PutIn::LongRunVariance => format!("λ² {}", number()),
            PutIn::VarianceOfOneBar => format!("variance over 1 bar {}", number()),
            PutIn::VariancePerBar => format!("over the longer step, per bar, {}", number()),
            PutIn::Autocorrelation => format!("ρ {}", number()),
        }
    });
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| format!("Values put in: {}.", parts.join(", ")))
}

/// The t-statistic that decides whether there is reversion, and the value it must be below.
fn shown(Reversion { t_statistic, five_percent }: Reversion) -> String {
    let [t_statistic, five_percent] = [t_statistic, five_percent].map(|value| format::fixed(value, 3));
    format!("t {t_statistic}, at 5 % {five_percent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_says_what_it_cannot_tell_in_whole_sentences() {
        for kind in EvidenceKind::ALL {
            let About { title, formula, source, cannot } = about(kind);
            assert!(!title.is_empty() && formula.len() > 20 && source.len() > 8, "{kind:?}");
            assert!(cannot.ends_with('.') && cannot.len() < 200, "{title}: {}", cannot.len());
            assert!(![formula, source, cannot].iter().any(|text| text.contains("  ")), "{title}");
        }
    }
}
