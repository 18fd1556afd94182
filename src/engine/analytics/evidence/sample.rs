//! The sample for all tests of the evidence.

use super::FitDirection;
use crate::analytics::SampleRow;
use crate::analytics::past_cointegration::PastShare;
use crate::settings::Settings;
use crate::{Interval, UnixMillis};

/// Both legs' closes on the price scale of the settings, oldest first, with what the report needs.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceSample {
    /// The dependent leg.
    pub y: Vec<f64>,
    /// The explanatory leg.
    pub x: Vec<f64>,
    /// Open times of the bars.
    pub times: Vec<UnixMillis>,
    /// Bars in which at least one leg had no trade.
    pub carried: usize,
    /// Length of a bar.
    pub interval: Interval,
    /// Which leg is the dependent one.
    pub direction: FitDirection,
    /// Results of past tests; `None` if there are none on these bars.
    pub past: Option<PastShare>,
    /// Why it is shorter than the tests look back, as a clause, where more bars could be expected.
    pub short_because: Option<String>,
}

impl EvidenceSample {
    /// The sample of `rows`, which are bars of `interval`; y on x.
    pub fn new(rows: impl Iterator<Item = SampleRow>, interval: Interval, settings: &Settings) -> Self {
        let scale = settings.price_scale;
        let mut sample = Self {
            y: Vec::new(),
            x: Vec::new(),
            times: Vec::new(),
            carried: 0,
            interval,
            direction: FitDirection::YOnX,
            past: None,
            short_because: None,
        };
        for row in rows {
            sample.y.push(scale.of(row.y));
            sample.x.push(scale.of(row.x));
            sample.times.push(row.open_time);
            sample.carried += usize::from(row.carried);
        }
        sample
    }

    /// Adds the results of past tests on the same bars.
    #[must_use]
    pub fn with_past(self, past: PastShare) -> Self {
        Self { past: Some(past), ..self }
    }

    /// Swaps the legs; there are no past tests in that direction.
    #[must_use]
    pub fn turned(self) -> Self {
        let direction = match self.direction {
            FitDirection::YOnX => FitDirection::XOnY,
            FitDirection::XOnY => FitDirection::YOnX,
        };
        Self { y: self.x, x: self.y, direction, past: None, ..self }
    }
}
