//! The numbers of the evidence that rules can watch.

use crate::analytics::Metric;
use crate::analytics::evidence::{EvidenceKind, Examined, Finding, Found};

/// The number of test `kind` in `examined`, or why there is none.
pub(super) fn reading(kind: EvidenceKind, examined: Option<&Examined>) -> Metric {
    let undefined = |reason: &str| Metric::Undefined(reason.to_owned());
    let Some(examined) = examined else {
        return undefined("the evidence has not been computed on the last bars");
    };
    let secs = examined.interval.secs();
    let finding = examined.finding(kind);
    if let Some((seen, needed)) = finding.and_then(Finding::part) {
        return Metric::Warming { seen, needed };
    }
    match finding.and_then(Finding::found) {
        None => undefined("the sample is too short for the test, or flat"),
        Some(Found::Rank(rank)) => Metric::Ready(rank.rank as f64),
        Some(Found::Test(test) | Found::Break { test, .. }) => Metric::Ready(test.p_value.number()),
        Some(Found::Hurst { exponent, .. }) => Metric::Ready(*exponent),
        Some(Found::HalfLife(half_life)) => match half_life.interval.high {
            Some(high) => Metric::Ready(high * secs),
            None => undefined("the half-life has no upper bound"),
        },
        Some(_) => undefined("it is no number of the evidence"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::SampleRow;
    use crate::analytics::evidence::{EvidenceOptions, EvidenceSample, Job};
    use crate::{Settings, UnixMillis};
    use spreadscope_stats::random::Congruential;

    fn examined(bars: usize) -> Examined {
        let mut spread = Congruential::new(2).path(0.9, 0.0);
        let rows = Congruential::new(1).path(1.0, 2_600.0).take(bars).zip(0..).map(|(x, second)| SampleRow {
            open_time: UnixMillis(1_000 * second),
            y: 20.0 * x + spread.next().unwrap(),
            x,
            carried: false,
        });
        let settings = Settings::default();
        let sample = EvidenceSample::new(rows, settings.interval, &settings);
        let mut job = Job::new(EvidenceOptions::default(), sample, None, &settings);
        loop {
            if let Some(evidence) = job.work() {
                return evidence.main;
            }
        }
    }

    #[test]
    fn every_number_of_the_evidence_can_be_watched() {
        let found = examined(900);
        let of = |kind| reading(kind, Some(&found)).ready().unwrap();
        assert_eq!(of(EvidenceKind::JohansenTrace), 1.0);
        assert!(of(EvidenceKind::ZivotAndrews) < 0.05);
        // its p lies between 1 and 5 %
        assert!((of(EvidenceKind::Kpss) - 0.03).abs() < 1e-12);
        assert!(of(EvidenceKind::Hurst) < 0.4);
        // ln 2 / -ln 0.9 = 6.6 bars of 1 s; the upper bound is higher
        assert!((6.6..20.0).contains(&of(EvidenceKind::HalfLife)));
    }

    #[test]
    fn what_has_not_been_computed_is_undefined_with_the_reason() {
        assert!(matches!(reading(EvidenceKind::Hurst, None), Metric::Undefined(_)));
    }

    #[test]
    fn a_number_of_part_of_a_sample_cannot_be_watched() {
        for bars in [30, 90, 899] {
            let found = examined(bars);
            for kind in [EvidenceKind::JohansenTrace, EvidenceKind::Kpss, EvidenceKind::HalfLife] {
                let warming = Metric::Warming { seen: bars, needed: 900 };
                assert_eq!(reading(kind, Some(&found)), warming, "{kind:?}");
            }
        }
    }
}
