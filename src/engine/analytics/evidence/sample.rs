//! The sample that all tests of the evidence read.

use super::FitDirection;
use crate::analytics::SampleRow;
use crate::analytics::past_cointegration::PastShare;
use crate::settings::Settings;
use crate::{Interval, UnixMillis};

/// Both legs' closes on the scale of the settings, oldest first, with what is needed to tell of them.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceSample {
    /// The explained leg.
    pub y: Vec<f64>,
    /// The explaining leg.
    pub x: Vec<f64>,
    /// Open times of the bars.
    pub times: Vec<UnixMillis>,
    /// Bars in which at least one leg had no trade.
    pub carried: usize,
    /// Length of a bar.
    pub interval: Interval,
    /// Which leg is the explained one.
    pub direction: FitDirection,
    /// How the tests of the past went; `None` where there are none of these bars.
    pub past: Option<PastShare>,
}

impl EvidenceSample {
    /// The sample of `rows`, bars of `interval`, y on x.
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
        };
        for row in rows {
            sample.y.push(scale.of(row.y));
            sample.x.push(scale.of(row.x));
            sample.times.push(row.open_time);
            sample.carried += usize::from(row.carried);
        }
        sample
    }

    /// With the tests of the past on the same bars.
    #[must_use]
    pub fn with_past(self, past: PastShare) -> Self {
        Self { past: Some(past), ..self }
    }

    /// The legs changed about; of that direction there are no tests of the past.
    #[must_use]
    pub fn turned(self) -> Self {
        let direction = match self.direction {
            FitDirection::YOnX => FitDirection::XOnY,
            FitDirection::XOnY => FitDirection::YOnX,
        };
        Self { y: self.x, x: self.y, direction, past: None, ..self }
    }
}
