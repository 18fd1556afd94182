//! The cost of the statistics in the browser, and of pandas on the same machine.

use crate::browser::{Trouble, workspace};
use crate::budget::{Budget, Figure};
use serde_json::Value;
use tokio::process::Command;

/// A day of 1 s bars, and the window over them, the same as in `bench.js`.
const BARS: &str = "86400";
const WINDOW: &str = "3600";

/// Returns figures from the bench module's `statistics` in `result`, beside pandas where it is installed.
///
/// # Errors
/// A number or a ceiling is missing.
pub(super) async fn figures(result: &Value, budget: &Budget) -> Result<Vec<Figure>, Trouble> {
    let number = |name: &str| {
        result[name].as_f64().ok_or_else(|| Trouble::from(format!("the bench has no statistics {name}")))
    };
    let ceiling = |name: &str| budget.ceiling(name);
    let day = number("dayMillis")?;
    let mut figures = vec![
        Figure::at_most("ADF with AIC, 3,600 bars", number("adfMillis")?, "ms", ceiling("adf_ms")?),
        Figure::at_most(
            "Engle-Granger with AIC, 3,600 bars",
            number("engleGrangerMillis")?,
            "ms",
            ceiling("engle_granger_ms")?,
        ),
        Figure::at_most(
            "whole evidence, 3,600 bars, against one Engle-Granger",
            number("evidenceMillis")? / number("engleGrangerMillis")?,
            "ratio",
            ceiling("evidence_against_engle_granger_ratio")?,
        ),
        Figure::at_most(
            "Engle-Granger both ways, 1,225 pairs, 1,440 bars",
            number("scanMillis")? / 1e3,
            "s",
            ceiling("pair_scan_s")?,
        ),
        Figure::at_most(
            "a scan of 50 markets, 1,440 bars, against both ways of 1,225 pairs",
            number("scannerMillis")? / number("scanMillis")?,
            "ratio",
            ceiling("scan_against_both_ways_ratio")?,
        ),
        Figure::plain("rolling OLS, z, correlation, 86,400 bars", day, "ms"),
    ];
    let whole = "pandas for the same, against it";
    let slope = "pandas for cov() / var() alone, against it";
    match pandas().await {
        Ok(pandas) => {
            let floor = ceiling("rolling_against_pandas_ratio")?;
            figures.push(Figure::at_least(whole, pandas.whole / day, "ratio", floor));
            figures.push(Figure::plain(slope, pandas.slope / day, "ratio"));
        }
        Err(reason) => {
            eprintln!("pandas is not measured: {reason}");
            figures.extend([whole, slope].map(|name| Figure::not_measured(name, "ratio")));
        }
    }
    Ok(figures)
}

/// Milliseconds of pandas.
struct Pandas {
    /// Regression, z-score and correlation.
    whole: f64,
    /// The slope alone.
    slope: f64,
}

async fn pandas() -> Result<Pandas, Trouble> {
    let script = workspace().join("tests/bench/rolling.py");
    let output = Command::new("python3").arg(script).args([BARS, WINDOW]).output().await?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(text.lines().last().unwrap_or("python3 failed without a word").into());
    }
    let told: Value = serde_json::from_slice(&output.stdout)?;
    let millis = |name: &str| told[name].as_f64().ok_or_else(|| format!("rolling.py told no {name}"));
    Ok(Pandas { whole: millis("whole")?, slope: millis("slope")? })
}
