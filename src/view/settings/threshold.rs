//! The z threshold as moved by hand.

use spreadscope_engine::settings::range_of;

/// The lowest and the highest threshold.
pub const ENDS: (f64, f64) = ends("z_threshold");
const HYSTERESIS: (f64, f64) = ends("z_hysteresis");

/// Step of an arrow key.
const STEP: f64 = 0.1;
/// Step of page up and page down.
const LEAP: f64 = 0.5;

const fn ends(name: &str) -> (f64, f64) {
    let (min, max, _) = range_of(name);
    (min, max)
}

/// Returns the nearest permitted threshold with one decimal.
pub fn rounded(threshold: f64) -> f64 {
    let steps = (threshold / STEP).round();
    // divided rather than multiplied, so that 2.3 is not 2.3000000000000003
    (steps / (1.0 / STEP).round()).clamp(ENDS.0, ENDS.1)
}

/// Returns the threshold after a key on the handle above zero (`sign` 1) or below it (`sign` -1); `None` for a
/// key that does not move it.
pub fn stepped(threshold: f64, sign: f64, key: &str) -> Option<f64> {
    let by = match key {
        "ArrowUp" | "ArrowRight" => STEP,
        "ArrowDown" | "ArrowLeft" => -STEP,
        "PageUp" => LEAP,
        "PageDown" => -LEAP,
        "Home" => return Some(if sign > 0.0 { ENDS.0 } else { ENDS.1 }),
        "End" => return Some(if sign > 0.0 { ENDS.1 } else { ENDS.0 }),
        _ => return None,
    };
    Some(rounded(threshold + sign * by))
}

/// Returns a hysteresis that leaves room below `threshold`: the old one if possible.
pub fn hysteresis_below(hysteresis: f64, threshold: f64) -> f64 {
    if hysteresis < threshold { hysteresis } else { (threshold / 2.0).clamp(HYSTERESIS.0, HYSTERESIS.1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spreadscope_engine::Settings;

    #[test]
    fn up_is_away_from_nought_above_it_and_towards_it_below() {
        assert_eq!(stepped(2.0, 1.0, "ArrowUp"), Some(2.1));
        assert_eq!(stepped(2.0, -1.0, "ArrowUp"), Some(1.9));
        assert_eq!(stepped(2.25, 1.0, "PageUp"), Some(2.8));
        assert_eq!(stepped(2.0, -1.0, "Home"), Some(10.0));
        assert_eq!(stepped(2.0, 1.0, "a"), None);
    }

    #[test]
    fn whatever_is_dragged_can_be_set() {
        for pixel in -50_i32..150 {
            let threshold = rounded(f64::from(pixel) * 0.0937);
            let z_hysteresis = hysteresis_below(3.0, threshold);
            let settings = Settings { z_threshold: threshold, z_hysteresis, ..Settings::default() };
            assert_eq!(settings.validate(), Ok(()), "{threshold}");
            assert!(threshold.to_string().len() <= 4, "{threshold}");
        }
    }
}
