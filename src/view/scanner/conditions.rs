//! Which pairs of a scan are shown: conditions applied after the correction, so that none changes a q.

use spreadscope_engine::scan::Scanned;
use spreadscope_engine::scan::filter::{Correction, Filter};

/// Levels of q on offer.
pub const LEVELS: [f64; 4] = [0.01, 0.05, 0.1, 0.2];

/// The conditions on a pair; empty fields impose none.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a box of its own in the form")]
pub struct Conditions {
    /// The correction whose q decides.
    pub correction: Correction,
    /// A pair survives if its q is below this.
    pub level: f64,
    /// Whether only survivors are shown.
    pub survivors_alone: bool,
    /// Whether only pairs with p < 0.05 on the last third are shown.
    pub confirmed_alone: bool,
    /// Whether pairs with both legs on the same side are hidden.
    pub opposite_legs: bool,
    /// Whether near-copies are hidden.
    pub no_copies: bool,
    /// Minimum half-life, bars.
    pub half_life_from: Option<f64>,
    /// Maximum half-life, bars.
    pub half_life_to: Option<f64>,
    /// Minimum correlation.
    pub correlation: Option<f64>,
    /// Minimum number of crossings.
    pub crossings: Option<f64>,
    /// Minimum |z|.
    pub z: Option<f64>,
    /// Minimum quote volume a day of the weaker leg.
    pub volume: Option<f64>,
    /// Text that one of the names must contain.
    pub text: String,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            correction: Correction::Hochberg,
            level: 0.05,
            survivors_alone: false,
            confirmed_alone: false,
            opposite_legs: false,
            no_copies: false,
            half_life_from: None,
            half_life_to: None,
            correlation: None,
            crossings: None,
            z: None,
            volume: None,
            text: String::new(),
        }
    }
}

/// A numeric condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Minimum half-life.
    HalfLifeFrom,
    /// Maximum half-life.
    HalfLifeTo,
    /// Minimum correlation.
    Correlation,
    /// Minimum number of crossings.
    Crossings,
    /// Minimum |z|.
    Z,
    /// Minimum volume.
    Volume,
}

impl Bound {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::HalfLifeFrom, Self::HalfLifeTo, Self::Correlation, Self::Crossings, Self::Z, Self::Volume];

    /// Returns its name in a link.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HalfLifeFrom => "hl-from",
            Self::HalfLifeTo => "hl-to",
            Self::Correlation => "corr",
            Self::Crossings => "cross",
            Self::Z => "z",
            Self::Volume => "vol",
        }
    }

    /// Returns its label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::HalfLifeFrom => "Half-life ≥",
            Self::HalfLifeTo => "Half-life ≤",
            Self::Correlation => "Correlation ≥",
            Self::Crossings => "Crossings ≥",
            Self::Z => "|z| ≥",
            Self::Volume => "Volume a day ≥",
        }
    }

    /// Returns its value.
    pub const fn read(self, conditions: &Conditions) -> Option<f64> {
        match self {
            Self::HalfLifeFrom => conditions.half_life_from,
            Self::HalfLifeTo => conditions.half_life_to,
            Self::Correlation => conditions.correlation,
            Self::Crossings => conditions.crossings,
            Self::Z => conditions.z,
            Self::Volume => conditions.volume,
        }
    }

    /// Sets it from `text`: no condition if that is not a number.
    pub fn write(self, conditions: &mut Conditions, text: &str) {
        let value = text.trim().parse().ok().filter(|value: &f64| value.is_finite());
        let place = match self {
            Self::HalfLifeFrom => &mut conditions.half_life_from,
            Self::HalfLifeTo => &mut conditions.half_life_to,
            Self::Correlation => &mut conditions.correlation,
            Self::Crossings => &mut conditions.crossings,
            Self::Z => &mut conditions.z,
            Self::Volume => &mut conditions.volume,
        };
        *place = value;
    }
}

/// A condition that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// Survivors only.
    Survivors,
    /// Only pairs confirmed on the last third.
    Confirmed,
    /// One leg bought, one sold.
    OppositeLegs,
    /// No near-copies.
    NoCopies,
}

impl Switch {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Survivors, Self::Confirmed, Self::OppositeLegs, Self::NoCopies];

    /// Returns its name in a link.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Survivors => "survivors",
            Self::Confirmed => "confirmed",
            Self::OppositeLegs => "opposite",
            Self::NoCopies => "no-copies",
        }
    }

    /// Returns its label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Survivors => "Survivors only",
            Self::Confirmed => "Confirmed p ≤ 0.05",
            Self::OppositeLegs => "Ratio above 0",
            Self::NoCopies => "No near-copies",
        }
    }

    /// Returns whether it is on.
    pub const fn read(self, conditions: &Conditions) -> bool {
        match self {
            Self::Survivors => conditions.survivors_alone,
            Self::Confirmed => conditions.confirmed_alone,
            Self::OppositeLegs => conditions.opposite_legs,
            Self::NoCopies => conditions.no_copies,
        }
    }

    /// Turns it on or off.
    pub const fn write(self, conditions: &mut Conditions, on: bool) {
        match self {
            Self::Survivors => conditions.survivors_alone = on,
            Self::Confirmed => conditions.confirmed_alone = on,
            Self::OppositeLegs => conditions.opposite_legs = on,
            Self::NoCopies => conditions.no_copies = on,
        }
    }
}

/// Returns the name of the correction.
pub const fn correction_name(correction: Correction) -> &'static str {
    match correction {
        Correction::Hochberg => "Benjamini-Hochberg",
        Correction::Yekutieli => "Benjamini-Yekutieli",
    }
}

impl Conditions {
    /// Returns what a pair must meet to have survived.
    pub fn survivors(&self) -> Filter {
        super::board::survivors(self.correction, self.level)
    }

    /// Returns whether a pair is shown.
    pub fn take(&self, pair: &Scanned) -> bool {
        let half_life_bars = match (self.half_life_from, self.half_life_to) {
            (None, None) => None,
            (from, to) => Some((from.unwrap_or(0.0), to.unwrap_or(f64::INFINITY))),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, 0 at least")]
        let least_crossings = self.crossings.map(|count| count.max(0.0) as usize);
        let filter = Filter {
            correction: self.correction,
            most_q: self.survivors_alone.then_some(self.level),
            most_confirmed_p: self.confirmed_alone.then_some(0.05),
            half_life_bars,
            least_correlation: self.correlation,
            least_crossings,
            least_z: self.z,
            least_volume_per_day: self.volume,
            opposite_legs: self.opposite_legs,
        };
        let text = self.text.trim().to_ascii_uppercase();
        let names = [&pair.test.pair.y, &pair.test.pair.x];
        let is_named = text.is_empty() || names.iter().any(|name| name.as_str().contains(&text));
        is_named && !(self.no_copies && is_copy(pair)) && filter.takes(pair)
    }

    /// Returns the conditions for a link, without empty ones.
    pub fn store(&self) -> String {
        let mut words = Vec::new();
        if self.correction == Correction::Yekutieli {
            words.push("by".to_owned());
        }
        if self.level != Self::default().level {
            words.push(format!("q:{}", self.level));
        }
        let switches = Switch::ALL.into_iter().filter(|switch| switch.read(self));
        words.extend(switches.map(|switch| switch.as_str().to_owned()));
        let bounds = Bound::ALL.into_iter().filter_map(|bound| Some((bound, bound.read(self)?)));
        words.extend(bounds.map(|(bound, value)| format!("{}:{value}", bound.as_str())));
        words.join(",")
    }

    /// Reads what [`Self::store`] wrote; unknown words are ignored.
    pub fn parse(text: &str) -> Self {
        let mut conditions = Self::default();
        for word in text.split(',') {
            let (name, value) = word.split_once(':').unwrap_or((word, ""));
            if let Some(switch) = Switch::ALL.into_iter().find(|switch| switch.as_str() == word) {
                switch.write(&mut conditions, true);
            } else if let Some(bound) = Bound::ALL.into_iter().find(|bound| bound.as_str() == name) {
                bound.write(&mut conditions, value);
            } else if name == "q" {
                let level = value.parse().ok().filter(|level| LEVELS.contains(level));
                conditions.level = level.unwrap_or(conditions.level);
            } else if word == "by" {
                conditions.correction = Correction::Yekutieli;
            }
        }
        conditions
    }
}

/// Returns whether one leg is as good as the other.
pub fn is_copy(pair: &Scanned) -> bool {
    pair.test.notes.iter().any(|note| note.starts_with("Near-copies"))
}

#[cfg(test)]
mod tests {
    use super::super::board::tests::scanned;
    use super::*;

    #[test]
    fn conditions_come_back_from_their_link() {
        let mut conditions =
            Conditions { correction: Correction::Yekutieli, level: 0.1, ..Conditions::default() };
        Switch::Confirmed.write(&mut conditions, true);
        Bound::Z.write(&mut conditions, " 2.5 ");
        Bound::Volume.write(&mut conditions, "1e6");
        assert_eq!(conditions.store(), "by,q:0.1,confirmed,z:2.5,vol:1000000");
        assert_eq!(Conditions::parse(&conditions.store()), conditions);
        assert_eq!(Conditions::parse(""), Conditions::default());
        assert_eq!(Conditions::parse("q:7,z:many,<b>"), Conditions::default());
    }

    #[test]
    fn a_condition_hides_pairs_and_an_empty_one_hides_none() {
        let pair = scanned("ADAUSDT", "DOTUSDT", 0.001, 0.03);
        let takes = |text: &str| Conditions::parse(text).take(&pair);
        for met in
            ["", "survivors", "confirmed", "opposite", "hl-from:5,hl-to:5", "z:2.25", "corr:0.7", "cross:90"]
        {
            assert!(takes(met), "{met}");
        }
        for missed in
            ["q:0.01,survivors", "by,survivors", "hl-to:4", "z:3", "corr:0.8", "cross:91", "vol:1e7"]
        {
            assert!(!takes(missed), "{missed}");
        }
        let named = |text: &str| Conditions { text: text.to_owned(), ..Conditions::default() }.take(&pair);
        assert!(named(" ada") && named("dotu") && !named("xrp"));
        let mut copy = pair.clone();
        copy.test.notes.push("Near-copies: one explains all".to_owned());
        assert!(Conditions::default().take(&copy) && !Conditions::parse("no-copies").take(&copy));
    }
}
