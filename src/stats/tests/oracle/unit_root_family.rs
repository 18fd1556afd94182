//! The unit-root tests against statsmodels and arch, on seeded and on recorded series.

use crate::support::{close, lags, more_series, trend};
use serde::Deserialize;
use spreadscope_stats::{
    AdfSpec, Around, Bandwidth, BreakIn, CriticalValues, DfGlsSpec, KpssSpec, PhillipsPerronSpec,
    ZivotAndrewsSpec, adf, df_gls, kpss, phillips_perron, zivot_andrews,
};
use std::path::PathBuf;

const FIXTURE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/oracle/unit_root.json"));

#[derive(Deserialize)]
struct Fixture {
    seeded: Vec<Seeded>,
    recorded: Vec<Recorded>,
}

#[derive(Deserialize)]
struct Seeded {
    kind: String,
    seed: u64,
    length: usize,
    #[serde(flatten)]
    expected: Expected,
}

#[derive(Deserialize)]
struct Recorded {
    file: String,
    column: String,
    length: usize,
    #[serde(flatten)]
    expected: Expected,
}

/// Trend, bandwidth; then used bandwidth, tau, p, rho, p, critical values of rho.
type PhillipsPerronRow = (String, Option<usize>, usize, f64, f64, f64, f64, [f64; 3]);
/// Around, lags; then statistic, p, chosen lags, rows, critical values.
type DfGlsRow = (String, String, f64, f64, usize, usize, [f64; 3]);

/// The libraries' results for one series.
#[derive(Deserialize)]
struct Expected {
    /// Trend, lags; then statistic, p, chosen lags, rows.
    adf: Vec<(String, String, f64, f64, usize, usize)>,
    phillips_perron: Vec<PhillipsPerronRow>,
    /// Around, bandwidth; then statistic, p, simulated p, used bandwidth.
    kpss: Vec<(String, String, f64, f64, f64, usize)>,
    df_gls: Vec<DfGlsRow>,
    /// Break, lags; then statistic, p, chosen lags, last observation before the break, statistic of arch.
    zivot_andrews: Vec<(String, String, f64, f64, usize, usize, f64)>,
}

/// A series with its name and the libraries' results.
struct Case {
    name: String,
    y: Vec<f64>,
    expected: Expected,
}

fn cases() -> Vec<Case> {
    let Fixture { seeded, recorded } = serde_json::from_str(FIXTURE).unwrap();
    assert_eq!((seeded.len(), recorded.len()), (44, 4));
    let seeded = seeded.into_iter().map(|Seeded { kind, seed, length, expected }| Case {
        name: format!("{kind} {seed} {length}"),
        y: more_series(&kind, seed, length),
        expected,
    });
    let recorded = recorded.into_iter().filter_map(|Recorded { file, column, length, expected }| {
        let y = recording(&file, &column)?;
        assert_eq!(y.len(), length);
        Some(Case { name: format!("{file} {column}"), y, expected })
    });
    seeded.chain(recorded).collect()
}

/// A column of a recording; `None`, with a message, if it is not available.
pub(crate) fn recording(file: &str, column: &str) -> Option<Vec<f64>> {
    let folder = std::env::var_os("SPREADSCOPE_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = folder.join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!(
            "SKIPPED: {} is not here; set SPREADSCOPE_DATA to the folder of recordings",
            path.display()
        );
        return None;
    };
    let mut lines = text.lines();
    let at = lines.next()?.split(',').position(|name| name == column).unwrap();
    Some(lines.map(|line| line.split(',').nth(at).unwrap().parse().unwrap()).collect())
}

fn around(name: &str) -> Around {
    if name == "c" { Around::Level } else { Around::Trend }
}

/// Compares to 1e-8, relative; a statistic near zero to 1e-11.
fn near(got: f64, expected: f64, what: &dyn std::fmt::Debug) {
    let error = (got - expected).abs();
    assert!(error <= 1e-8 * expected.abs().max(1e-3), "{got} is not {expected} ({error:e}): {what:?}");
}

/// Compares to 1e-8, relative; a p-value that is practically zero to 1e-20.
fn p_near(got: f64, expected: f64, what: &dyn std::fmt::Debug) {
    let error = (got - expected).abs();
    assert!(error <= 1e-8 * expected.max(1e-12), "{got:e} is not {expected:e} ({error:e}): {what:?}");
}

fn critical(got: CriticalValues, expected: [f64; 3], what: &dyn std::fmt::Debug) {
    let CriticalValues { one_percent, five_percent, ten_percent } = got;
    for (got, expected) in [one_percent, five_percent, ten_percent].into_iter().zip(expected) {
        close(got, expected, 1e-12, what);
    }
}

#[test]
fn adf_is_statsmodels_for_every_trend_and_choice_of_lags() {
    for Case { name, y, expected } in cases() {
        for row in expected.adf {
            let (ref terms, ref choice, statistic, p, used, rows) = row;
            let got = adf(&y, &AdfSpec { trend: trend(terms), lags: lags(choice) }).unwrap();
            let what = (&name, &row);
            assert_eq!((got.lags, got.observations), (used, rows), "{what:?}");
            near(got.statistic, statistic, &what);
            p_near(got.p_value, p, &what);
        }
    }
}

#[test]
fn phillips_perron_is_arch() {
    for Case { name, y, expected } in cases() {
        for row in expected.phillips_perron {
            let (ref terms, bandwidth, used, tau, tau_p, rho, rho_p, critical_rho) = row;
            let got = phillips_perron(&y, &PhillipsPerronSpec { trend: trend(terms), bandwidth }).unwrap();
            let what = (&name, &row);
            assert_eq!((got.bandwidth, got.observations), (used, y.len() - 1), "{what:?}");
            near(got.tau.statistic, tau, &what);
            p_near(got.tau.p_value, tau_p, &what);
            near(got.rho.statistic, rho, &what);
            p_near(got.rho.p_value, rho_p, &what);
            critical(got.rho.critical_values, critical_rho, &what);
        }
    }
}

#[test]
fn kpss_is_statsmodels_and_by_the_simulated_table_arch() {
    for Case { name, y, expected } in cases() {
        for row in expected.kpss {
            let (ref terms, ref choice, statistic, p, simulated, used) = row;
            let bandwidth = match choice.as_str() {
                "auto" => Bandwidth::Automatic,
                "legacy" => Bandwidth::Schwert,
                number => Bandwidth::Fixed(number.parse().unwrap()),
            };
            let got = kpss(&y, &KpssSpec { around: around(terms), bandwidth }).unwrap();
            let what = (&name, &row);
            assert_eq!(got.bandwidth, used, "{what:?}");
            near(got.statistic, statistic, &what);
            close(got.p_value.number(), p, 1e-8, &what);
            close(got.simulated_p_value.number(), simulated, 1e-8, &what);
        }
    }
}

#[test]
fn df_gls_is_arch() {
    for Case { name, y, expected } in cases() {
        for row in expected.df_gls {
            let (ref terms, ref choice, statistic, p, used, rows, critical_values) = row;
            let got = df_gls(&y, &DfGlsSpec { around: around(terms), lags: lags(choice) }).unwrap();
            let what = (&name, &row);
            assert_eq!((got.lags, got.observations), (used, rows), "{what:?}");
            near(got.statistic, statistic, &what);
            p_near(got.p_value, p, &what);
            critical(got.critical_values, critical_values, &what);
        }
    }
}

#[test]
fn zivot_andrews_is_statsmodels_and_arch() {
    let mut tested = 0;
    for Case { name, y, expected } in cases() {
        for row in expected.zivot_andrews {
            let (ref broken, ref choice, statistic, p, used, after, by_arch) = row;
            let break_in = match broken.as_str() {
                "c" => BreakIn::Level,
                "t" => BreakIn::Trend,
                _ => BreakIn::Both,
            };
            let spec = ZivotAndrewsSpec { break_in, lags: lags(choice), ..ZivotAndrewsSpec::default() };
            let got = zivot_andrews(&y, &spec).unwrap();
            let what = (&name, &row);
            assert_eq!((got.lags, got.break_after), (used, after), "{what:?}");
            near(got.statistic, statistic, &what);
            near(got.statistic, by_arch, &what);
            close(got.p_value.number(), p, 1e-8, &what);
            tested += 1;
        }
    }
    assert!(tested >= 400, "{tested}");
}
