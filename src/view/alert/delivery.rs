//! The ways an alert takes to the user: over the page, in its title, as a sound, as a notification.

use super::words;
use spreadscope_engine::alert::{Alert, Direction, Occasion};

/// What the user has switched on. The toast and the list are always on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Count the alerts in the title while the page is hidden.
    pub badge: bool,
    /// A tone for each direction.
    pub sound: bool,
    /// Desktop notification while the page is not in front.
    pub desktop: bool,
}

impl Default for Delivery {
    fn default() -> Self {
        Self { badge: true, sound: false, desktop: false }
    }
}

/// Whether the user can see the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// The page is not visible: another tab, a minimised window.
    pub hidden: bool,
    /// The page has the keyboard focus.
    pub focused: bool,
}

/// The ways that one alert takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ways {
    /// It is counted in the title.
    pub badge: bool,
    /// It plays a sound.
    pub sound: bool,
    /// It shows a notification.
    pub desktop: bool,
}

impl Delivery {
    /// Returns the choice as stored.
    pub fn store(self) -> String {
        let names = [(self.badge, "badge"), (self.sound, "sound"), (self.desktop, "desktop")];
        let chosen: Vec<&str> = names.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
        chosen.join(",")
    }

    /// Reads what [`Self::store`] wrote; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chosen = Self { badge: false, sound: false, desktop: false };
        for name in text.split(',').filter(|name| !name.is_empty()) {
            match name {
                "badge" => chosen.badge = true,
                "sound" => chosen.sound = true,
                "desktop" => chosen.desktop = true,
                _ => return None,
            }
        }
        Some(chosen)
    }

    /// Returns the ways for `alert`, given the user's presence. A test notifies even a user who is present.
    pub fn ways(self, alert: &Alert, presence: Presence) -> Ways {
        let test = alert.occasion == Occasion::Test;
        Ways {
            badge: self.badge && presence.hidden,
            sound: self.sound,
            desktop: self.desktop && (test || presence.hidden || !presence.focused),
        }
    }
}

/// Returns the title with `unseen` alerts in front, in place of an earlier count.
pub fn title(current: &str, unseen: usize) -> String {
    let bare = current
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(") "))
        .filter(|(count, _)| count.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(current, |(_, bare)| bare);
    if unseen == 0 { bare.to_owned() } else { format!("({unseen}) {bare}") }
}

/// A tone of a chime.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Note {
    /// Pitch in hertz.
    pub hertz: f32,
    /// Length in seconds.
    pub secs: f32,
}

/// Returns the chime of a direction: rising, falling, or level.
pub const fn chime(direction: Direction) -> [Note; 2] {
    const LOW: Note = Note { hertz: 587.33, secs: 0.14 };
    const HIGH: Note = Note { hertz: 880.0, secs: 0.14 };
    match direction {
        Direction::Above => [LOW, HIGH],
        Direction::Below => [HIGH, LOW],
        Direction::Inside => [LOW, LOW],
    }
}

/// A desktop notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its first line.
    pub title: String,
    /// The sentence below.
    pub body: String,
    /// Notifications with equal tags replace one another, so that two tabs show one.
    pub tag: String,
}

/// Returns the notification of `alert`.
pub fn notice(alert: &Alert) -> Notice {
    let Alert { time, pair, rule, name, .. } = alert;
    Notice {
        title: format!("{}: {name}", words::severity(alert.severity)),
        body: format!("{}/{}: {}", pair.y, pair.x, words::dated_alert(alert)),
        tag: format!("spreadscope-{rule}-{}-{}", time.0, words::direction(alert.direction)),
    }
}

/// Whether the browser lets this page show notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// The user has not been asked.
    NotAsked,
    /// The user has allowed them.
    Granted,
    /// The user or the system has refused.
    Denied,
    /// This browser has no notifications.
    Unsupported,
}

/// Returns the settings' words about notifications.
pub const fn permission_words(permission: Permission, wanted: bool) -> &'static str {
    match (permission, wanted) {
        (Permission::Unsupported, _) => {
            "This browser shows no notifications from pages. Sound and title work all the same."
        }
        (Permission::Denied, _) => {
            "Notifications are blocked for this page. To get them, allow them in the browser's settings for this \
             site (the mark beside the address) and switch this on again. Sound and title work all the same."
        }
        (Permission::NotAsked, _) => "The browser will ask whether this page may show them.",
        (Permission::Granted, true) => "Shown while this page is not in front.",
        (Permission::Granted, false) => "Allowed, and off.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::alert::tests::alert;

    #[test]
    fn every_choice_reads_back() {
        for bits in 0..8_u8 {
            let chosen = Delivery { badge: bits & 1 > 0, sound: bits & 2 > 0, desktop: bits & 4 > 0 };
            assert_eq!(Delivery::parse(&chosen.store()), Some(chosen));
        }
        assert_eq!(Delivery::parse("badge,smell"), None);
    }

    #[test]
    fn an_alert_goes_where_the_user_may_be() {
        let all = Delivery { badge: true, sound: true, desktop: true };
        let ways = |hidden, focused| all.ways(&alert(0, 2.5), Presence { hidden, focused });
        assert_eq!(ways(false, true), Ways { badge: false, sound: true, desktop: false });
        assert_eq!(ways(false, false), Ways { badge: false, sound: true, desktop: true });
        assert_eq!(ways(true, false), Ways { badge: true, sound: true, desktop: true });
        let off = Delivery { badge: false, sound: false, desktop: false };
        let away = Presence { hidden: true, focused: false };
        assert_eq!(off.ways(&alert(0, 2.5), away), Ways { badge: false, sound: false, desktop: false });
    }

    #[test]
    fn a_test_is_shown_to_one_who_looks() {
        let test = Alert { occasion: Occasion::Test, ..alert(0, 2.5) };
        let desktop = Delivery { desktop: true, ..Delivery::default() };
        assert!(desktop.ways(&test, Presence { hidden: false, focused: true }).desktop);
    }

    #[test]
    fn the_count_in_the_title_comes_changes_and_goes() {
        assert_eq!(title("Spreadscope", 2), "(2) Spreadscope");
        assert_eq!(title("(2) Spreadscope", 3), "(3) Spreadscope");
        assert_eq!(title("(2) Spreadscope", 0), "Spreadscope");
        assert_eq!(title("(z) Spreadscope", 1), "(1) (z) Spreadscope");
    }

    #[test]
    fn a_notification_says_severity_rule_pair_and_what_happened() {
        let notice = notice(&alert(0, 2.5));
        assert_eq!(notice.title, "Warning: z beyond the threshold");
        assert_eq!(
            notice.body,
            "BTCUSDT/ETHUSDT: z +2.50 rose to or through 2 in the 1s bar that closed at 2023-11-14 22:13:21 UTC"
        );
        assert_eq!(notice.tag, "spreadscope-0-1700000001000-above");
    }

    #[test]
    fn up_and_down_sound_unlike() {
        let [up, down] = [Direction::Above, Direction::Below].map(chime);
        assert!(up[0].hertz < up[1].hertz && down[0].hertz > down[1].hertz);
    }
}
