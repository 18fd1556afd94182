//! Rules to start from.

use super::choice::Choice;
use spreadscope_engine::backtest::Parameters;

/// A set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// The settings it changes; everything else is as on the desk.
    pub values: &'static [(&'static str, &'static str)],
}

/// All presets.
pub const PRESETS: [Preset; 5] = [
    Preset {
        name: "The desk's rules",
        about: "Entry at the desk's z threshold, exit 0, the size and the costs of the Trade panel",
        values: &[],
    },
    Preset {
        name: "Wide",
        about: "Fewer and larger moves: entry 3, exit 0.5, stop 5",
        values: &[("entry_z", "3"), ("exit_z", "0.5"), ("stop_z", "5")],
    },
    Preset {
        name: "Quick",
        about: "Many small moves: entry 1.5, exit 0.5",
        values: &[("entry_z", "1.5"), ("exit_z", "0.5")],
    },
    Preset {
        name: "Guarded",
        about: "Entry 2, a stop at 4, 600 bars at most, 60 bars of rest, and only where the pair is cointegrated",
        values: &[
            ("entry_z", "2"),
            ("stop_z", "4"),
            ("time_stop_bars", "600"),
            ("cooldown_bars", "60"),
            ("max_p_value", "0.05"),
        ],
    },
    Preset {
        name: "Without costs",
        about: "What the rules would earn if trading were free",
        values: &[("fee_bps", "0"), ("slippage_bps", "0")],
    },
];

impl Preset {
    /// Returns `choice` with these rules in place of its own.
    pub fn on(&self, choice: &Choice, base: &Parameters) -> Choice {
        let mut choice = choice.clone();
        choice.forget_changes();
        for (name, value) in self.values {
            // a test checks that every preset's values are accepted
            drop(choice.set(name, value, base));
        }
        choice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_set_of_rules() {
        // whatever the desk's threshold is
        for entry_z in [0.5, 2.0, 10.0] {
            let mut base = Parameters::default();
            base.rules.entry_z = entry_z;
            for preset in PRESETS {
                let mut choice = Choice::default();
                for (name, value) in preset.values {
                    choice.set(name, value, &base).unwrap();
                }
                assert_eq!(preset.on(&Choice::default(), &base), choice);
                assert_eq!(choice.parameters(&base).validate(), Ok(()), "{}", preset.name);
            }
        }
    }
}
