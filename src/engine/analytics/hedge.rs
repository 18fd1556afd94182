//! The line fitted by the chosen hedge model at each bar, and the ratios of other models.

use crate::settings::{HedgeKind, PriceScale};
use crate::{Reading, Settings};
use spreadscope_stats::{
    Estimator as _, HedgeError, HedgeModel, HedgeSpec, Observation, Prices, RollingOls, rounding,
    spread_scale,
};

impl PriceScale {
    const fn prices(self) -> Prices {
        match self {
            Self::Levels => Prices::Levels,
            Self::Logs => Prices::Logs,
        }
    }
}

/// A model's line at one bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Slope of y on x.
    pub ratio: f64,
    /// Standard error of the slope, if the model has one.
    pub std_error: Option<f64>,
    /// Intercept, on the scale of y.
    pub intercept: f64,
    /// Coefficient of determination; only for least squares.
    pub r_squared: Option<f64>,
    /// The bar's spread.
    pub spread: Option<f64>,
    scale: PriceScale,
}

impl Line {
    /// Spread of two prices relative to this line.
    pub fn spread_of(&self, y: f64, x: f64) -> f64 {
        self.scale.of(y) - self.intercept - self.ratio * self.scale.of(x)
    }

    /// Whether the bar's spread is within the rounding error of its prices, so that y is x, scaled and shifted.
    /// `None` if there is no spread.
    pub fn is_copy(&self, y: f64, x: f64) -> Option<bool> {
        // a constant y is not a copy
        Some(self.ratio != 0.0 && self.is_rounding(self.spread?, y, x))
    }

    /// Whether so much of a spread is within the rounding error of the prices that it is made from.
    pub fn is_rounding(&self, deviation: f64, y: f64, x: f64) -> bool {
        let [y, x] = [y, x].map(|price| self.scale.of(price).abs().max(self.scale.least_size()));
        deviation.abs() <= rounding(spread_scale(y, self.ratio * x, self.intercept))
    }
}

/// The model behind the spread.
#[derive(Debug, Clone)]
pub struct Hedge {
    kind: HedgeKind,
    scale: PriceScale,
    model: Model,
}

#[derive(Debug, Clone)]
enum Model {
    Ols(RollingOls),
    Other(Box<HedgeModel>),
}

impl Hedge {
    /// The chosen model, with no data yet.
    ///
    /// # Errors
    /// [`HedgeError`] if the window is too short or too long for the model; validated settings never are.
    pub fn new(settings: &Settings) -> Result<Self, HedgeError> {
        let Settings { hedge_model: kind, price_scale: scale, hedge_window_bars: window, .. } = *settings;
        let model = match kind {
            HedgeKind::Ols => Model::Ols(RollingOls::new(window)?),
            _ => Model::Other(Box::new(other(kind, scale, window)?)),
        };
        Ok(Self { kind, scale, model })
    }

    /// Takes the closes of a bar.
    pub fn update(&mut self, y: f64, x: f64) -> Reading<Line> {
        let scale = self.scale;
        let mut reading = match &mut self.model {
            Model::Ols(model) => {
                model.update(Observation { y: scale.of(y), x: scale.of(x) }).map(|fit| Line {
                    ratio: fit.slope,
                    std_error: Some(fit.slope_std_error),
                    intercept: fit.intercept,
                    r_squared: Some(fit.r_squared),
                    spread: None,
                    scale,
                })
            }
            Model::Other(model) => model.update(Observation { y, x }).map(|fit| Line {
                ratio: fit.hedge_ratio,
                std_error: fit.std_error,
                intercept: fit.intercept,
                r_squared: None,
                spread: fit.spread,
                scale,
            }),
        };
        if self.kind.row().explains_its_bar {
            reading = reading.map(|line| Line { spread: Some(line.spread_of(y, x)), ..line });
        }
        reading
    }
}

/// The ratios of other models, for comparison.
#[derive(Debug, Clone)]
pub struct Overlays(Vec<(HedgeKind, HedgeModel)>);

impl Overlays {
    /// The models to compare with the chosen one.
    ///
    /// # Errors
    /// As [`Hedge::new`].
    pub fn new(settings: &Settings) -> Result<Self, HedgeError> {
        let Settings { price_scale, hedge_window_bars, .. } = *settings;
        let wanted = HedgeKind::ALL
            .into_iter()
            .filter(|kind| *kind != settings.hedge_model && settings.overlays.contains(kind));
        let models = wanted.map(|kind| Ok((kind, other(kind, price_scale, hedge_window_bars)?)));
        models.collect::<Result<_, HedgeError>>().map(Self)
    }

    /// Takes the closes of a bar and returns each model's ratio once its window is full.
    pub fn update(&mut self, y: f64, x: f64) -> [Option<f64>; HedgeKind::ALL.len()] {
        let mut ratios = [None; HedgeKind::ALL.len()];
        for (kind, model) in &mut self.0 {
            let reading = model.update(Observation { y, x });
            if reading.is_ready() {
                ratios[*kind as usize] = reading.value().map(|fit| fit.hedge_ratio);
            }
        }
        ratios
    }
}

fn other(kind: HedgeKind, scale: PriceScale, window: usize) -> Result<HedgeModel, HedgeError> {
    HedgeModel::new(HedgeSpec { method: kind.method(window), prices: scale.prices() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(hedge_model: HedgeKind, price_scale: PriceScale) -> Settings {
        Settings { hedge_model, price_scale, hedge_window_bars: 60, ..Settings::default() }
    }

    /// y = 500 + 20 x plus a small wave; x is a larger wave.
    fn closes(bar: i32) -> (f64, f64) {
        let x = 2_600.0 + 30.0 * (f64::from(bar) / 17.0).sin();
        (500.0 + 20.0 * x + 3.0 * (f64::from(bar) / 3.1).sin(), x)
    }

    #[test]
    fn every_model_finds_the_ratio_on_levels_and_the_elasticity_on_logs() {
        // d ln y / d ln x = 20 x / y
        for (scale, expected) in [(PriceScale::Levels, 20.0), (PriceScale::Logs, 0.990_5)] {
            for kind in HedgeKind::ALL {
                let mut hedge = Hedge::new(&settings(kind, scale)).unwrap();
                let readings: Vec<_> = (0..400).map(closes).map(|(y, x)| hedge.update(y, x)).collect();
                let line = readings[399].value().unwrap();
                assert!((line.ratio / expected - 1.0).abs() < 0.02, "{kind:?} {scale:?}: {line:?}");
                assert!(readings[399].is_ready() && line.spread.is_some(), "{kind:?}");
            }
        }
    }

    #[test]
    fn overlays_are_the_same_models_beside_the_chosen_one() {
        let settings =
            Settings { overlays: HedgeKind::ALL.to_vec(), ..settings(HedgeKind::Ols, PriceScale::Levels) };
        let mut overlays = Overlays::new(&settings).unwrap();
        let mut kalman = Hedge::new(&Settings { hedge_model: HedgeKind::Kalman, ..settings }).unwrap();
        for bar in 0..200 {
            let (y, x) = closes(bar);
            let ratios = overlays.update(y, x);
            let expected = kalman.update(y, x);
            assert_eq!(ratios[HedgeKind::Ols as usize], None);
            if bar >= 150 {
                assert_eq!(ratios[HedgeKind::Kalman as usize], expected.value().map(|line| line.ratio));
                assert_eq!(ratios.iter().flatten().count(), 5);
            }
        }
    }

    #[test]
    fn a_model_that_moves_with_the_bar_does_not_explain_it_away() {
        for kind in HedgeKind::ALL {
            let mut hedge = Hedge::new(&settings(kind, PriceScale::Levels)).unwrap();
            for (y, x) in (0..300).map(closes) {
                hedge.update(y, x);
            }
            let (y, x) = closes(300);
            let spread = hedge.update(y + 100.0, x).value().unwrap().spread.unwrap();
            assert!((85.0..=106.0).contains(&spread), "{kind:?}: {spread}");
        }
    }

    #[test]
    fn names_read_back_and_stand_in_their_places() {
        for (place, kind) in HedgeKind::ALL.into_iter().enumerate() {
            assert_eq!((kind as usize, HedgeKind::parse(kind.as_str())), (place, Some(kind)));
        }
        assert_eq!(PriceScale::ALL.map(|scale| PriceScale::parse(scale.as_str())), PriceScale::ALL.map(Some));
    }
}
