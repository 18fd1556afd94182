//! Rolling volume-weighted price.

use crate::Undefined;
use crate::rolling::sliding::Merge;
use crate::rolling::windowed::{OfWindow, Windowed};

/// A price and the volume traded at it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traded {
    /// Price, in quote currency.
    pub price: f64,
    /// Volume, in base currency; not negative.
    pub volume: f64,
}

/// Volume-weighted average price of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vwap {
    /// `sum(price volume) / sum(volume)`, in quote currency.
    pub price: f64,
    /// `sum(volume)`, in base currency.
    pub volume: f64,
}

/// Volume, weighted mean, and whether a volume was negative.
#[derive(Debug, Clone, Copy)]
pub struct Weighted {
    volume: f64,
    mean: f64,
    negative: bool,
}

impl Merge for Weighted {
    fn merge(self, newer: Self) -> Self {
        let volume = self.volume + newer.volume;
        // a price without volume has no weight, however large it is
        let mean = if newer.volume == 0.0 {
            self.mean
        } else if self.volume == 0.0 {
            newer.mean
        } else {
            self.mean + (newer.mean - self.mean) * (newer.volume / volume)
        };
        Self { volume, mean, negative: self.negative || newer.negative }
    }
}

impl Weighted {
    fn vwap(self) -> Result<Vwap, Undefined> {
        if self.negative {
            Err(Undefined::NegativeVolume)
        } else if !self.volume.is_finite() || !self.mean.is_finite() {
            Err(Undefined::NonFinite)
        } else if self.volume <= 0.0 {
            Err(Undefined::NoVolume)
        } else {
            Ok(Vwap { price: self.mean, volume: self.volume })
        }
    }
}

/// Volume-weighted average price of the last `window` observations, in amortised constant time.
///
/// Provisional from the first observation on; undefined if nothing was traded in the window or a volume is
/// negative. Checked against the quotient of sums.
///
/// ```
/// use spreadscope_stats::{Estimator, Reading, RollingVwap, Traded, Vwap};
/// let mut vwap = RollingVwap::new(2)?;
/// vwap.update(Traded { price: 100.0, volume: 3.0 });
/// let now = vwap.update(Traded { price: 104.0, volume: 1.0 });
/// assert_eq!(now, Reading::Ready(Vwap { price: 101.0, volume: 4.0 }));
/// # Ok::<(), spreadscope_stats::WindowError>(())
/// ```
pub type RollingVwap = Windowed<Vwap>;

impl OfWindow for Vwap {
    type Input = Traded;
    type Summary = Weighted;
    type Output = Self;
    const LEAST: usize = 1;

    fn single(Traded { price, volume }: Traded) -> Weighted {
        Weighted { volume, mean: price, negative: volume < 0.0 }
    }

    fn of(weighted: Weighted, _: usize, _: Traded) -> Result<Self, Undefined> {
        weighted.vwap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;
    use crate::{Estimator as _, Reading};
    use proptest::prelude::*;

    #[test]
    fn the_laws_hold() {
        let inputs: Vec<Traded> =
            contract::walk(40).iter().map(|x| Traded { price: 100.0 + x, volume: x.abs() + 0.1 }).collect();
        contract::check(|| RollingVwap::new(5), &inputs, |vwap| vwap.price);
        contract::check(|| RollingVwap::new(5), &inputs, |vwap| vwap.volume);
    }

    #[test]
    fn a_window_without_trades_has_no_price() {
        let mut vwap = RollingVwap::new(2).unwrap();
        let quiet = Traded { price: 1e300, volume: 0.0 };
        assert_eq!(vwap.update(quiet), Reading::Undefined(Undefined::NoVolume));
        let Reading::Ready(now) = vwap.update(Traded { price: 5.0, volume: 2.0 }) else { panic!() };
        assert_eq!(now, Vwap { price: 5.0, volume: 2.0 });
        let wrong = Traded { price: 5.0, volume: -1.0 };
        assert_eq!(vwap.update(wrong), Reading::Undefined(Undefined::NegativeVolume));
        assert_eq!(vwap.update(quiet), Reading::Undefined(Undefined::NegativeVolume));
        assert_eq!(vwap.update(quiet), Reading::Undefined(Undefined::NoVolume));
        let hole = Traded { price: f64::NAN, volume: 1.0 };
        assert_eq!(vwap.update(hole), Reading::Undefined(Undefined::NonFinite));
    }

    proptest! {
        #[test]
        fn streaming_is_batch(
            values in proptest::collection::vec((1.0_f64..1e5, 0.01_f64..100.0), 1..150),
            window in 1_usize..40,
        ) {
            let mut vwap = RollingVwap::new(window).unwrap();
            for (at, &(price, volume)) in values.iter().enumerate() {
                let reading = vwap.update(Traded { price, volume });
                let inside = &values[(at + 1).saturating_sub(window)..=at];
                let volume: f64 = inside.iter().map(|pair| pair.1).sum();
                let price = inside.iter().map(|pair| pair.0 * pair.1).sum::<f64>() / volume;
                let now = reading.value().unwrap();
                prop_assert!((now.price / price - 1.0).abs() <= 1e-12 && (now.volume / volume - 1.0).abs() <= 1e-12);
            }
        }
    }
}
