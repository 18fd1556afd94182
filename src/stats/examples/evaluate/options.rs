//! The command line.

use spreadscope_stats::{LagChoice, Prices, Trend};

pub(crate) const HELP: &str = "\
Prints every statistic of one pair of price series.

Usage: evaluate [options] FILE

FILE is comma-separated text with a header line and a column for each series, oldest first, evenly
spaced; - reads standard input. y is the first column and x the second, unless named.

Options:
  --y NAME|NUMBER      column of y, by name or by number from 1 [1]
  --x NAME|NUMBER      column of x [2]
  --prices WHAT        levels or logs: prices as they are, or their natural logarithms [levels]
  --hedge METHOD       ols, tls, huber or theil_sen: the line whose residual is the spread [ols]
  --regression TERMS   n, c, ct or ctt: deterministic terms of the tests [c]
  --lags CHOICE        aic, bic, t-stat or a number of lagged changes [aic]
  --window COUNT       observations of the rolling statistics, at least 4 [60]
  --ratio-lags COUNT   observations in the longer step of the variance ratio, at least 2 [2]
  --json               one JSON object instead of lines of text
  --help               this text

The result is a tree of named numbers. Text has one line for each, its path with dots and its value;
JSON has nested objects, numbers with all their digits:

  observations
  hedge.ols.{slope,intercept,slope_stderr,intercept_stderr,r_squared}
  hedge.tls.{slope,intercept,slope_stderr}       total least squares
  hedge.huber.{slope,intercept,slope_stderr}     Huber's function, scaled by the median deviation
  hedge.theil_sen.{slope,intercept,slope_low,slope_high}
  hedge.kalman.{slope_last,intercept_last,...}   maximum-likelihood noise ratio
  hedge.exponential.{slope_last,intercept_last}  half-life a fifth of the window
  adf, kpss, phillips_perron, df_gls, zivot_andrews: .{statistic,p_value,lags,...} of the spread
  engle_granger.{y_on_x,x_on_y}.{statistic,p_value,lags}
  johansen.{trace,max_eigenvalue}                arrays: no relation, at most one
  phillips_ouliaris.{z_t,z_alpha,p_u,p_z}.{statistic,p_value}
  variance_ratio.{ratio,statistic,p_value}, hurst    of the spread
  half_life.{bars,low,high}                      of the spread; 95 % interval by the delta method
  half_life_bootstrap.{low,high}                 the same by 999 resamples
  ornstein_uhlenbeck.{theta,mu,sigma}            of the spread, per observation
  mean_crossings.{count,rate,expected_rate}      of the spread
  rolling.{z_last,correlation_last,slope_last,...}  over the last window; z, mean, deviation, skewness,
                                                 excess kurtosis, minimum and maximum are the spread's
  ewma.{mean_last,std_dev_last,z_last}           of the spread, half-life a fifth of the window
  sampling.stride_{1,5,15,60}.{...}              the pair sampled less often

A number that does not exist is replaced by an object, {\"undefined\": \"the reason\"}; text says
\"undefined: the reason\". Engle-Granger, Johansen and Phillips-Ouliaris test the pair itself, with a
constant where --regression is n and the test needs one; Johansen takes --lags if it is a number, else 1.
The p-values of KPSS and Zivot-Andrews come from tables and stop at their ends.

Bad input is one sentence on standard error that names line and column, and exit code 2.
";

/// Settings of one run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Options {
    pub(crate) file: String,
    pub(crate) y: String,
    pub(crate) x: String,
    pub(crate) prices: Prices,
    pub(crate) hedge: Hedge,
    pub(crate) regression: Trend,
    pub(crate) lags: LagChoice,
    pub(crate) window: usize,
    pub(crate) ratio_lags: usize,
    pub(crate) json: bool,
}

/// The line whose residual is the spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hedge {
    Ols,
    Tls,
    Huber,
    TheilSen,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Request {
    Help,
    Evaluate(Options),
}

impl Options {
    pub(crate) fn parse(arguments: &[String]) -> Result<Request, String> {
        let mut options = Self {
            file: String::new(),
            y: "1".to_owned(),
            x: "2".to_owned(),
            prices: Prices::Levels,
            hedge: Hedge::Ols,
            regression: Trend::Constant,
            lags: LagChoice::Aic { max: None },
            window: 60,
            ratio_lags: 2,
            json: false,
        };
        let mut files = Vec::new();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let (name, given) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            match name {
                "--help" | "-h" => return Ok(Request::Help),
                "--json" if given.is_none() => options.json = true,
                "--y" | "--x" | "--prices" | "--hedge" | "--regression" | "--lags" | "--window"
                | "--ratio-lags" => {
                    let value = given
                        .or_else(|| arguments.next().cloned())
                        .ok_or_else(|| format!("{name} needs a value; --help says which"))?;
                    options.set(name, value)?;
                }
                _ if name.starts_with("--") => {
                    return Err(format!("there is no option {argument}; --help lists them"));
                }
                _ => files.push(argument.clone()),
            }
        }
        match files.as_slice() {
            [file] => Ok(Request::Evaluate(Self { file: file.clone(), ..options })),
            [] => Err("a file is needed, or - for standard input; --help says more".to_owned()),
            [_, second, ..] => Err(format!("one file is taken, {second} is a second")),
        }
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), String> {
        match name {
            "--y" => self.y = value,
            "--x" => self.x = value,
            "--prices" => {
                self.prices = one_of(name, &value, &[("levels", Prices::Levels), ("logs", Prices::Logs)])?;
            }
            "--hedge" => {
                let hedges = [
                    ("ols", Hedge::Ols),
                    ("tls", Hedge::Tls),
                    ("huber", Hedge::Huber),
                    ("theil_sen", Hedge::TheilSen),
                ];
                self.hedge = one_of(name, &value, &hedges)?;
            }
            "--regression" => {
                let terms = [
                    ("n", Trend::None),
                    ("c", Trend::Constant),
                    ("ct", Trend::Linear),
                    ("ctt", Trend::Quadratic),
                ];
                self.regression = one_of(name, &value, &terms)?;
            }
            "--lags" => {
                let criteria = [
                    ("aic", LagChoice::Aic { max: None }),
                    ("bic", LagChoice::Bic { max: None }),
                    ("t-stat", LagChoice::TStat { max: None }),
                ];
                self.lags = match value.parse() {
                    Ok(count) => LagChoice::Fixed(count),
                    Err(_) => one_of(name, &value.to_ascii_lowercase(), &criteria)
                        .map_err(|error| format!("{error}, or a number"))?,
                };
            }
            "--window" => self.window = at_least(name, &value, 4)?,
            _ => self.ratio_lags = at_least(name, &value, 2)?,
        }
        Ok(())
    }
}

fn one_of<T: Copy>(name: &str, value: &str, choices: &[(&str, T)]) -> Result<T, String> {
    choices.iter().find(|choice| choice.0 == value).map(|choice| choice.1).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|choice| choice.0).collect();
        format!("{name} is {value:?}, not one of {}", names.join(", "))
    })
}

fn at_least(name: &str, value: &str, least: usize) -> Result<usize, String> {
    match value.parse() {
        Ok(count) if count >= least => Ok(count),
        _ => Err(format!("{name} must be a whole number of at least {least}, was {value:?}")),
    }
}
