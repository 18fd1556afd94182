//! Prints what a window of robust lines costs while it fills, relative to one that slides by as much; below 1, no step of
//! rows is dearer before the window is full than after.
//!
//! ```sh
//! cargo run --release -p spreadscope_stats --example robust_window_cost
//! ```
//!
//! The smallest ratio of three rounds.

use spreadscope_stats::random::Congruential;
use spreadscope_stats::{Estimator as _, HedgeMethod, HedgeModel, HedgeSpec, Observation, Prices, Robust};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("window  model      filling / sliding");
    for window in [300, 1_000, 2_000] {
        let x: Vec<f64> = Congruential::new(1).path(1.0, 2_600.0).take(2 * window).collect();
        let y: Vec<f64> =
            x.iter().zip(Congruential::new(2).path(0.95, 0.0)).map(|(x, e)| 20.0 * x + e).collect();
        for (name, refits, method) in [
            ("theil-sen", 30, HedgeMethod::TheilSen as fn(Robust) -> HedgeMethod),
            ("huber", 60, HedgeMethod::Huber),
        ] {
            let robust = Robust { window, refit_every: (window / refits).max(1) };
            let mut ratio = f64::INFINITY;
            for _ in 0..ROUNDS {
                let mut model =
                    HedgeModel::new(HedgeSpec { method: method(robust), prices: Prices::Levels })?;
                let mut secs = [0.0; 2];
                for (at, secs) in secs.iter_mut().enumerate() {
                    #[expect(clippy::disallowed_methods, reason = "an example measures; the crate does not")]
                    let start = Instant::now();
                    for place in at * window..(at + 1) * window {
                        black_box(model.update(Observation { y: y[place], x: x[place] }));
                    }
                    *secs = start.elapsed().as_secs_f64();
                }
                ratio = ratio.min(secs[0] / secs[1]);
            }
            println!("{window:>6}  {name:9}  {ratio:.2}");
        }
    }
    Ok(())
}
