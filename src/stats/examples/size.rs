//! The size of the tests by simulation: how often they reject a true null at 5 %.
//!
//! ```sh
//! cargo run --release -p spreadscope_stats --example size [replications]
//! ```
//!
//! Nulls: a Gaussian random walk; white noise for KPSS; two unrelated walks for Engle-Granger. Settings whose
//! level is claimed must hold it within three standard errors of the simulation: no lags where there are none
//! to find, and critical values for the sample. The other rows are only reported: the cost of choosing lags or
//! a bandwidth where none is needed. Exits with 1 if a requirement is not met.

use spreadscope_stats::random::Random;
use spreadscope_stats::{
    AdfSpec, Around, Bandwidth, DfGlsSpec, EngleGrangerSpec, JohansenSpec, KpssSpec, LagChoice,
    PhillipsOuliarisSpec, PhillipsPerronSpec, Trend, VarianceRatioSpec, ZivotAndrewsSpec, adf, df_gls,
    engle_granger, engle_granger_both, engle_granger_with_adf, johansen, kpss, phillips_ouliaris,
    phillips_perron, variance_ratio, zivot_andrews,
};
use std::process::ExitCode;

const LENGTHS: [usize; 2] = [300, 1_000];
const SEED: u64 = 20_240_229;

/// The requirement for a row.
enum Bar {
    /// 5 %, within three standard errors.
    Nominal,
    /// Between these shares.
    Between(f64, f64),
    /// None.
    Reported,
}

/// One replication.
struct Draw {
    noise: Vec<f64>,
    walk: Vec<f64>,
    other_walk: Vec<f64>,
}

type Reject = Box<dyn Fn(&Draw) -> bool>;

struct Row {
    name: String,
    bar: Bar,
    reject: Reject,
}

impl Draw {
    fn new(random: &mut Random, length: usize) -> Self {
        let noise: Vec<f64> = (0..length).map(|_| random.normal()).collect();
        let walk = sums(noise.iter().copied());
        let other_walk = sums((0..length).map(|_| random.normal()));
        Self { noise, walk, other_walk }
    }
}

fn sums(steps: impl Iterator<Item = f64>) -> Vec<f64> {
    steps
        .scan(0.0, |level, step| {
            *level += step;
            Some(*level)
        })
        .collect()
}

fn row(name: impl Into<String>, bar: Bar, reject: impl Fn(&Draw) -> bool + 'static) -> Row {
    Row { name: name.into(), bar, reject: Box::new(reject) }
}

/// The Dickey-Fuller family on a random walk.
fn unit_root_rows() -> Vec<Row> {
    let aic = LagChoice::Aic { max: None };
    let mut rows = Vec::new();
    let trends = [(Trend::None, "none"), (Trend::Constant, "constant"), (Trend::Linear, "trend")];
    for (trend, name) in trends {
        let spec = AdfSpec { trend, lags: LagChoice::Fixed(0) };
        rows.push(row(format!("ADF, {name}, 0 lags"), Bar::Nominal, move |draw| {
            adf(&draw.walk, &spec).is_ok_and(|found| found.statistic < found.critical_values.five_percent)
        }));
        let spec = PhillipsPerronSpec { trend, bandwidth: Some(0) };
        rows.push(row(format!("PP tau, {name}, bandwidth 0"), Bar::Nominal, move |draw| {
            phillips_perron(&draw.walk, &spec)
                .is_ok_and(|found| found.tau.statistic < found.tau.critical_values.five_percent)
        }));
        // arch's surface for rho without a constant does not hold its level
        let bar = if trend == Trend::None { Bar::Reported } else { Bar::Nominal };
        rows.push(row(format!("PP rho, {name}, bandwidth 0"), bar, move |draw| {
            phillips_perron(&draw.walk, &spec)
                .is_ok_and(|found| found.rho.statistic < found.rho.critical_values.five_percent)
        }));
    }
    for (around, name) in [(Around::Level, "level"), (Around::Trend, "trend")] {
        for (lags, lag_name, bar) in
            [(LagChoice::Fixed(0), "0 lags", Bar::Nominal), (aic, "AIC", Bar::Reported)]
        {
            let spec = DfGlsSpec { around, lags };
            rows.push(row(format!("DF-GLS, {name}, {lag_name}"), bar, move |draw| {
                df_gls(&draw.walk, &spec)
                    .is_ok_and(|found| found.statistic < found.critical_values.five_percent)
            }));
        }
    }
    rows.push(row("ADF, constant, AIC", Bar::Reported, |draw| {
        adf(&draw.walk, &AdfSpec::default())
            .is_ok_and(|found| found.statistic < found.critical_values.five_percent)
    }));
    rows.push(row("ADF, constant, 0 lags, p < 0.05", Bar::Reported, |draw| {
        let spec = AdfSpec { lags: LagChoice::Fixed(0), ..AdfSpec::default() };
        adf(&draw.walk, &spec).is_ok_and(|found| found.p_value < 0.05)
    }));
    rows.push(row("PP tau, constant, Schwert's bandwidth", Bar::Reported, |draw| {
        phillips_perron(&draw.walk, &PhillipsPerronSpec::default())
            .is_ok_and(|found| found.tau.statistic < found.tau.critical_values.five_percent)
    }));
    rows.push(row("Zivot-Andrews, level, 0 lags", Bar::Reported, |draw| {
        let spec = ZivotAndrewsSpec { lags: LagChoice::Fixed(0), ..ZivotAndrewsSpec::default() };
        zivot_andrews(&draw.walk, &spec)
            .is_ok_and(|found| found.statistic < found.critical_values.five_percent)
    }));
    rows
}

/// KPSS on white noise.
fn stationarity_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (around, name) in [(Around::Level, "level"), (Around::Trend, "trend")] {
        for (bandwidth, width, bar) in [
            (Bandwidth::Fixed(0), "bandwidth 0", Bar::Nominal),
            (Bandwidth::Automatic, "automatic", Bar::Reported),
            (Bandwidth::Schwert, "Schwert's", Bar::Reported),
        ] {
            let spec = KpssSpec { around, bandwidth };
            rows.push(row(format!("KPSS, {name}, {width}"), bar, move |draw| {
                kpss(&draw.noise, &spec)
                    .is_ok_and(|found| found.statistic > found.critical_values.five_percent)
            }));
        }
    }
    rows
}

/// Cointegration of two unrelated walks, and the variance ratio of one.
fn cointegration_rows() -> Vec<Row> {
    let spec = EngleGrangerSpec::default();
    let below = |p_value: f64| p_value < 0.05;
    let traced = |draw: &Draw| johansen(&[&draw.walk, &draw.other_walk], &JohansenSpec::default());
    let ouliaris =
        |draw: &Draw| phillips_ouliaris(&draw.walk, &draw.other_walk, &PhillipsOuliarisSpec::default());
    vec![
        row("Engle-Granger, constant, AIC, p < 0.05", Bar::Between(0.04, 0.06), move |draw| {
            engle_granger(&draw.walk, &draw.other_walk, &spec).is_ok_and(|found| below(found.p_value))
        }),
        row("Engle-Granger, the better way, p < 0.05", Bar::Reported, move |draw| {
            engle_granger_both(&draw.walk, &draw.other_walk, &spec)
                .is_ok_and(|found| below(found.best().p_value))
        }),
        row("ADF of the fitted residual, p < 0.05", Bar::Reported, move |draw| {
            engle_granger_with_adf(&draw.walk, &draw.other_walk, &spec)
                .is_ok_and(|found| below(found.residual_adf.p_value))
        }),
        row("Johansen, trace of no combination", Bar::Reported, move |draw| {
            traced(draw).is_ok_and(|found| found.rank_at_five_percent() > 0)
        }),
        row("Phillips-Ouliaris, Z t, p < 0.05", Bar::Reported, move |draw| {
            ouliaris(draw).is_ok_and(|found| below(found.z_t.p_value))
        }),
        row("Phillips-Ouliaris, P z, p < 0.05", Bar::Reported, move |draw| {
            ouliaris(draw).is_ok_and(|found| below(found.p_z.p_value))
        }),
        row("Variance ratio, 10 lags, p < 0.05", Bar::Reported, move |draw| {
            variance_ratio(&draw.walk, &VarianceRatioSpec::of(10)).is_ok_and(|found| below(found.p_value))
        }),
    ]
}

fn main() -> ExitCode {
    let replications = match std::env::args().nth(1).map(|text| text.parse::<u32>()) {
        None => 20_000,
        Some(Ok(replications)) if replications > 0 => replications,
        Some(_) => {
            eprintln!("replications must be a whole number above 0");
            return ExitCode::FAILURE;
        }
    };
    let rows: Vec<Row> =
        [unit_root_rows(), stationarity_rows(), cointegration_rows()].into_iter().flatten().collect();
    let count = f64::from(replications);
    let error = (0.05 * 0.95 / count).sqrt();
    println!("{replications} replications at 5 %, standard error {:.2} %", 100.0 * error);
    println!("{:<40} {:>6} {:>10}  held", "test", "n", "rejected");
    let mut all_hold = true;
    for length in LENGTHS {
        let mut random = Random::new(SEED);
        let mut rejections = vec![0_u32; rows.len()];
        for _ in 0..replications {
            let draw = Draw::new(&mut random, length);
            for (row, rejections) in rows.iter().zip(&mut rejections) {
                *rejections += u32::from((row.reject)(&draw));
            }
        }
        for (Row { name, bar, .. }, rejections) in rows.iter().zip(rejections) {
            let share = f64::from(rejections) / count;
            let holds = match bar {
                Bar::Nominal => Some((share - 0.05).abs() <= 3.0 * error),
                Bar::Between(low, high) => Some((*low..=*high).contains(&share)),
                Bar::Reported => None,
            };
            all_hold &= holds.unwrap_or(true);
            let verdict = holds.map_or("", |holds| if holds { "yes" } else { "NO" });
            println!("{name:<40} {length:>6} {:>8.2} %  {verdict}", 100.0 * share);
        }
    }
    if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
