//! Brings alerts to the user, and keeps the rules between visits.
//!
//! Called directly for each of the engine's messages, which a hidden tab receives as well: nothing here waits
//! for a frame or for the screen's refresh.

use crate::ui::preferences;
use crate::ui::state::{Desk, Toast};
use crate::view::alert::delivery::{self, Delivery, Permission, Presence};
use crate::view::alert::form;
use crate::web::{notify, page, sound};
use leptos::ev;
use leptos::prelude::*;
use spreadscope_engine::Command;
use spreadscope_engine::alert;
use spreadscope_engine::alert::{Alert, Rule};
use spreadscope_engine::messages::protocol::Role;

const DELIVERY_KEY: &str = "spreadscope.alert-delivery";
const RULES_KEY: &str = "spreadscope.alert-rules";

/// Toasts shown at once; more would cover the desk.
const TOASTS: usize = 3;

/// How alerts are announced, in the context of every component.
#[derive(Clone, Copy)]
pub struct Announcer {
    desk: Desk,
    /// The ways that the user has chosen.
    pub delivery: RwSignal<Delivery>,
    /// Whether the browser shows notifications.
    pub permission: RwSignal<Permission>,
    /// Whether the page is hidden: toasts then wait.
    pub hidden: RwSignal<bool>,
    unseen: StoredValue<usize>,
    told: StoredValue<u64>,
}

impl core::fmt::Debug for Announcer {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Announcer").finish_non_exhaustive()
    }
}

impl Announcer {
    /// Makes an announcer with the choices and the rules of the last visit.
    pub fn new(desk: Desk) -> Self {
        let kept = page::setting(DELIVERY_KEY);
        let delivery = kept.as_deref().and_then(Delivery::parse).unwrap_or_default();
        let announcer = Self {
            desk,
            delivery: RwSignal::new(delivery),
            permission: RwSignal::new(notify::permission()),
            hidden: RwSignal::new(page::hidden()),
            unseen: StoredValue::new(0),
            told: StoredValue::new(0),
        };
        announcer.restore();
        let seen = [
            window_event_listener_untyped("visibilitychange", move |_| announcer.look()),
            window_event_listener_untyped("focus", move |_| announcer.look()),
        ];
        // browsers allow sound only after a click or a key press
        let unlocks = (
            window_event_listener(ev::pointerdown, move |_| announcer.unlock()),
            window_event_listener(ev::keydown, move |_| announcer.unlock()),
        );
        on_cleanup(move || {
            for listener in seen {
                listener.remove();
            }
            unlocks.0.remove();
            unlocks.1.remove();
        });
        announcer
    }

    fn restore(self) {
        let (mut rules, ignored) = form::restore(page::setting(RULES_KEY).as_deref());
        self.desk.model.update_value(|model| {
            alert::follow(&mut rules, &model.settings);
            model.rules = rules;
        });
        self.desk.notes.notices.update(|notices| notices.extend(ignored));
    }

    /// Sends the rules to an engine that has just started.
    pub fn send_rules(self) {
        self.desk.send(Command::SetRules(self.desk.model.with_value(|model| model.rules.clone())));
    }

    /// Stores the rules that the engine has put in force.
    pub fn keep_rules(self, rules: &[Rule]) {
        preferences::keep(self.desk, RULES_KEY, &form::store(rules));
    }

    /// Announces an alert in every way that is switched on.
    pub fn announce(self, alert: &Alert) {
        let desk = self.desk;
        self.told.update_value(|told| *told += 1);
        let id = self.told.get_value();
        desk.notes.toasts.update(|toasts| {
            toasts.push(Toast { id, alert: alert.clone() });
            let surplus = toasts.len().saturating_sub(TOASTS);
            toasts.drain(..surplus);
        });
        let presence = Presence { hidden: page::hidden(), focused: page::focused() };
        let ways = self.delivery.get_untracked().ways(alert, presence);
        if ways.badge {
            self.unseen.update_value(|unseen| *unseen += 1);
            page::retitle(|title| delivery::title(title, self.unseen.get_value()));
        }
        // every tab shows it; only the leader sounds and notifies
        if desk.surroundings.with_untracked(|around| around.role) == Role::Follower {
            return;
        }
        if ways.sound {
            sound::play(&delivery::chime(alert.direction), move |reason| self.complain("sound", &reason));
        }
        if ways.desktop {
            notify::show(&delivery::notice(alert), move |reason| self.complain("notification", &reason));
        }
    }

    /// Applies `delivery` and stores it.
    pub fn choose(self, delivery: Delivery) {
        self.delivery.set(delivery);
        preferences::keep(self.desk, DELIVERY_KEY, &delivery.store());
    }

    /// Switches notifications on, asking for permission first if necessary. Only on a click.
    pub fn want_desktop(self) {
        notify::request(move |permission| {
            self.permission.set(permission);
            let desktop = permission == Permission::Granted;
            self.choose(Delivery { desktop, ..self.delivery.get_untracked() });
        });
    }

    /// Plays the chime of `direction` as a trial.
    pub fn try_sound(self, direction: alert::Direction) {
        sound::play(&delivery::chime(direction), move |reason| self.complain("sound", &reason));
    }

    /// Follows whether the page is visible.
    fn look(self) {
        let hidden = page::hidden();
        self.hidden.set(hidden);
        if !hidden {
            self.unseen.set_value(0);
            page::retitle(|title| delivery::title(title, 0));
            // the permission may have changed in the browser's own settings
            self.permission.set(notify::permission());
        }
    }

    fn unlock(self) {
        if self.delivery.with_untracked(|delivery| delivery.sound)
            && let Err(reason) = sound::unlock()
        {
            self.complain("sound", &reason);
        }
    }

    fn complain(self, way: &str, reason: &str) {
        self.desk.notice(format!("An alert came without its {way}: {reason}."));
    }
}

/// Returns the announcer of the page.
pub fn use_announcer() -> Announcer {
    expect_context::<Announcer>()
}
