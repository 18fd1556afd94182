//! The grid of a surface: two settings and their values.

use super::rules::Parameters;
use super::settings::{Kind, SETTINGS, Setting, Value};
use crate::settings::SettingsError;
use core::ops::Range;

/// Settings that can be an axis, each with its first value, last value and number of values.
const AXES: &[(&str, f64, f64, usize)] = &[
    ("entry_z", 0.5, 4.175, 50),
    ("exit_z", -1.0, 1.45, 50),
    ("stop_z", 2.0, 8.0, 25),
    ("z_window_bars", 30.0, 1_500.0, 50),
    ("hedge_window_bars", 30.0, 1_500.0, 50),
    ("hedge_model", 0.0, 5.0, 6),
];
/// Most values of an axis.
const MOST_VALUES: usize = 200;
/// Most cells given to a worker at a time: small enough that all workers share the last ones, and that little
/// is lost with a worker.
const MOST_CELLS: usize = 64;

/// A setting and its values, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The setting.
    pub name: &'static str,
    /// The values.
    pub values: Vec<Value>,
}

/// Two axes; a cell's index counts through the second axis first.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The axes.
    pub axes: [Axis; 2],
}

impl Axis {
    /// Every possible axis, with its default values.
    pub fn all() -> impl Iterator<Item = Self> {
        AXES.iter().filter_map(|(name, ..)| Self::parse(name).ok())
    }

    /// Reads `entry_z`, `entry_z=1:3:21` (from, to, count) or `hedge_model=ols|kalman`.
    ///
    /// # Errors
    /// A sentence to show: there is no such axis, or the setting cannot have a value.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let (name, given) = text.split_once('=').map_or((text, None), |(name, given)| (name, Some(given)));
        let refused = |message: String| SettingsError { field: name.to_owned(), message };
        let Some(&(name, from, to, count)) = AXES.iter().find(|(known, ..)| *known == name.trim()) else {
            let known: Vec<&str> = AXES.iter().map(|(name, ..)| *name).collect();
            return Err(refused(format!("a surface has no axis {name:?}; there are {}", known.join(", "))));
        };
        let setting = Setting::named(name).expect("Invariant: an axis is a setting");
        let values: Vec<Value> = match (setting.kind, given) {
            (Kind::Words(words) | Kind::Several(words), None) => {
                words.iter().map(|word| Value::Word(word)).collect()
            }
            (Kind::Words(_) | Kind::Several(_), Some(given)) => {
                given.split('|').map(|word| setting.parse(word)).collect::<Result<_, _>>()?
            }
            (Kind::Number { whole, .. }, given) => {
                let (from, to, count) = match given {
                    None => (from, to, count),
                    Some(given) => range(given).map_err(refused)?,
                };
                let values = steps(from, to, count, whole);
                values.into_iter().map(|value| setting.parse(&value.to_string())).collect::<Result<_, _>>()?
            }
        };
        if values.is_empty() || values.len() > MOST_VALUES {
            let message = format!("{name} must have 1 to {MOST_VALUES} values, had {}", values.len());
            return Err(SettingsError { field: name.to_owned(), message });
        }
        Ok(Self { name, values })
    }
}

fn range(text: &str) -> Result<(f64, f64, usize), String> {
    let parts: Vec<&str> = text.split(':').map(str::trim).collect();
    let wrong = || format!("an axis of numbers is from:to:count, was {text:?}");
    let [from, to, count] = parts[..] else { return Err(wrong()) };
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
    let count = count.parse::<usize>().ok().filter(|count| (1..=MOST_VALUES).contains(count));
    number(from).zip(number(to)).zip(count).map(|((from, to), count)| (from, to, count)).ok_or_else(wrong)
}

/// `count` evenly spaced numbers, without digits that are only rounding error.
fn steps(from: f64, to: f64, count: usize, whole: bool) -> Vec<f64> {
    let scale = if whole { 1.0 } else { 1e6 };
    let last = count.saturating_sub(1).max(1) as f64;
    let at = |place: usize| ((from + (to - from) * place as f64 / last) * scale).round() / scale;
    let mut values: Vec<f64> = (0..count).map(at).collect();
    values.dedup();
    values
}

impl Grid {
    /// Reads two axes, separated by a comma.
    ///
    /// # Errors
    /// As [`Axis::parse`], or if there are not two different axes.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let refused = |message: String| SettingsError { field: "surface".to_owned(), message };
        let Some((first, second)) = text.split_once(',') else {
            return Err(refused(format!("a surface has two axes with a comma between them, was {text:?}")));
        };
        let axes = [Axis::parse(first.trim())?, Axis::parse(second.trim())?];
        if axes[0].name == axes[1].name {
            return Err(refused(format!("the two axes must differ, both were {}", axes[0].name)));
        }
        Ok(Self { axes })
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.axes[0].values.len() * self.axes[1].values.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of both axes at a cell's index.
    pub fn values(&self, place: usize) -> [Value; 2] {
        let across = self.axes[1].values.len();
        [self.axes[0].values[place / across], self.axes[1].values[place % across]]
    }

    /// `base` with the values of a cell; `None` if they make no valid rules, such as an exit beyond the entry.
    pub fn parameters(&self, base: &Parameters, place: usize) -> Option<Parameters> {
        let mut parameters = base.clone();
        for (axis, value) in self.axes.iter().zip(self.values(place)) {
            let setting = SETTINGS.iter().find(|setting| setting.name == axis.name)?;
            (setting.write)(&mut parameters, value);
        }
        // a model's longest window, in place of the one asked for, is as valid as any other
        let longest = parameters.settings.hedge_model.row().longest_window;
        let by_model = self.axes.iter().any(|axis| axis.name == "hedge_model");
        if by_model {
            parameters.settings.hedge_window_bars = parameters.settings.hedge_window_bars.min(longest);
        }
        parameters.validate().is_ok().then_some(parameters)
    }

    /// The cells in an order in which each tape is made only once.
    pub(super) fn by_tape(&self) -> Vec<usize> {
        let across = self.axes[1].values.len();
        let mut places: Vec<usize> = (0..self.len()).collect();
        if self.axes[1].is_of_rows() && !self.axes[0].is_of_rows() {
            places.sort_by_key(|place| (place % across, place / across));
        }
        places
    }

    /// The cells in shares of work: parts of [`Self::by_tape`], each with a single tape.
    pub(super) fn shares(&self) -> Vec<Range<usize>> {
        let tape = |place: usize| {
            let [first, second] = self.values(place);
            [(&self.axes[0], first), (&self.axes[1], second)]
                .map(|(axis, value)| axis.is_of_rows().then_some(value))
        };
        let mut shares: Vec<Range<usize>> = Vec::new();
        let mut before = None;
        for (at, place) in self.by_tape().into_iter().enumerate() {
            let tape = tape(place);
            match shares.last_mut().filter(|last| before == Some(tape) && last.len() < MOST_CELLS) {
                Some(last) => last.end = at + 1,
                None => shares.push(at..at + 1),
            }
            before = Some(tape);
        }
        shares
    }
}

impl Axis {
    /// Whether its values change the rows.
    fn is_of_rows(&self) -> bool {
        matches!(self.name, "z_window_bars" | "hedge_window_bars" | "hedge_model")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_their_values_or_are_refused_by_name() {
        assert_eq!(Grid::parse("entry_z,exit_z").unwrap().len(), 2_500);
        let grid = Grid::parse("entry_z=1:3:3, hedge_model=ols|kalman").unwrap();
        assert_eq!(grid.values(3), [Value::Number(2.0), Value::Word("kalman")]);
        assert_eq!(grid.by_tape(), [0, 2, 4, 1, 3, 5]);
        let refused = |text: &str| Grid::parse(text).unwrap_err().message;
        assert_eq!(refused("entry_z"), "a surface has two axes with a comma between them, was \"entry_z\"");
        assert_eq!(refused("entry_z,entry_z"), "the two axes must differ, both were entry_z");
        assert!(
            refused("entry_z,fee").starts_with("a surface has no axis \"fee\"; there are entry_z, exit_z")
        );
        assert_eq!(refused("entry_z=1:2,exit_z"), "an axis of numbers is from:to:count, was \"1:2\"");
        assert_eq!(refused("z_window_bars=1:2:2,exit_z"), "z_window_bars must be 10 to 20000 bars, was 1");
    }

    #[test]
    fn a_share_is_on_one_tape_and_all_cells_are_in_one() {
        let shares = |text: &str| -> Vec<usize> {
            let shares = Grid::parse(text).unwrap().shares();
            assert!(shares.windows(2).all(|pair| pair[0].end == pair[1].start) && shares[0].start == 0);
            shares.iter().map(Range::len).collect()
        };
        assert_eq!(shares("entry_z=1:3:50,exit_z=-1:0:3"), [64, 64, 22]);
        assert_eq!(shares("entry_z=1:3:5,z_window_bars=50:100:3"), [5, 5, 5]);
        assert_eq!(shares("z_window_bars=50:100:2,entry_z=1:3:70"), [64, 6, 64, 6]);
        assert_eq!(shares("z_window_bars=50:100:2,hedge_window_bars=50:100:2"), [1, 1, 1, 1]);
    }

    #[test]
    fn an_exit_beyond_the_entry_is_no_rule() {
        let grid = Grid::parse("entry_z=1:2:2,exit_z=0:1.5:2").unwrap();
        let is_rule = |place| grid.parameters(&Parameters::default(), place).is_some();
        assert_eq!([0, 1, 2, 3].map(is_rule), [true, false, true, true]);
    }
}
