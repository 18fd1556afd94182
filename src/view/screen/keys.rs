//! The keys that act from anywhere on the page, and what they do.

use spreadscope_engine::Interval;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Pause the screen or continue.
    Pause,
    /// Bars of another interval.
    Interval(Interval),
    /// Back to the newest bars.
    Follow,
    /// Open the settings.
    Settings,
    /// Open the export.
    Export,
    /// Switch between the desk and the inspector.
    Inspect,
    /// Show the transport of a replay, or hide it.
    Replay,
    /// Copy a link to this screen to the clipboard.
    CopyLink,
    /// Switch between UTC and local time.
    Zone,
    /// Run the tests now.
    RunTests,
    /// Open the list of keys.
    Help,
}

/// A key, its action, and the action in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The browser's name of the key.
    pub key: &'static str,
    /// The label on the keyboard.
    pub label: &'static str,
    /// Its action.
    pub action: Action,
    /// The action in words.
    pub words: &'static str,
}

const fn key(key: &'static str, label: &'static str, action: Action, words: &'static str) -> Key {
    Key { key, label, action, words }
}

/// Every key.
pub static KEYS: [Key; 17] = [
    key(" ", "Space", Action::Pause, "Pause or continue"),
    key("1", "1", Action::Interval(Interval::OneSecond), "Bars of one second"),
    key("2", "2", Action::Interval(Interval::OneMinute), "Bars of one minute"),
    key("3", "3", Action::Interval(Interval::FiveMinutes), "Bars of five minutes"),
    key("4", "4", Action::Interval(Interval::FifteenMinutes), "Bars of a quarter of an hour"),
    key("5", "5", Action::Interval(Interval::OneHour), "Bars of one hour"),
    key("6", "6", Action::Interval(Interval::FourHours), "Bars of four hours"),
    key("7", "7", Action::Interval(Interval::OneDay), "Bars of one day"),
    key("f", "F", Action::Follow, "Follow the newest bars"),
    key("t", "T", Action::RunTests, "Run the tests now"),
    key("s", "S", Action::Settings, "Settings"),
    key("e", "E", Action::Export, "Export"),
    key("r", "R", Action::Replay, "Replay the past"),
    key("l", "L", Action::CopyLink, "Copy a link to this screen"),
    key("i", "I", Action::Inspect, "Inspector and back"),
    key("u", "U", Action::Zone, "UTC or local time"),
    key("?", "?", Action::Help, "This list"),
];

/// Keys of a focused chart.
pub static CHART_KEYS: [[&str; 2]; 6] = [
    ["← →", "Move in time"],
    ["Shift ← →", "Move the crosshair"],
    ["Shift ↑ ↓", "Stretch the value axis"],
    ["+ −", "Zoom"],
    ["Home", "Back to the newest"],
    ["↑ ↓", "On a threshold: move it"],
];

/// Keys while a replay is on.
pub static REPLAY_KEYS: [[&str; 2]; 6] = [
    ["Space", "Play or pause"],
    [". ,", "One bar forward or back"],
    ["N", "To the next alert"],
    ["[ ]", "Slower, faster"],
    ["G", "Go live"],
    ["← →", "On the slider: one bar back or forward"],
];

/// Returns the action of the key that the browser calls `name`.
pub fn action(name: &str) -> Option<Action> {
    KEYS.iter().find(|key| key.key.eq_ignore_ascii_case(name)).map(|key| key.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_does_one_thing() {
        for key in &KEYS {
            assert_eq!(KEYS.iter().filter(|other| other.key == key.key).count(), 1, "{}", key.label);
            assert_eq!(action(key.key), Some(key.action));
        }
        assert_eq!((action("F"), action("x")), (Some(Action::Follow), None));
    }
}
