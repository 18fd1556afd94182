//! The tab as a replay sees it.

use super::Tabs;
use crate::web::replay::Gate;
use spreadscope_engine::alert::Rule;
use spreadscope_engine::tabs::Input;
use spreadscope_engine::{Command, Engine, Event, Settings};

impl Tabs {
    /// Passes a command to the live engine, bypassing the replay.
    pub(in crate::web) fn obey(&self, command: Command) {
        self.input(Input::Command(command));
    }

    /// Returns what `look` reads from this tab's engine, if it has one.
    pub(in crate::web) fn engine<T>(&self, look: impl FnOnce(&Engine) -> T) -> Option<T> {
        self.host().map(|host| host.look(look))
    }

    /// Takes something out of this tab's engine, if it has one.
    pub(in crate::web) fn take_from_engine<T>(&self, take: impl FnOnce(&mut Engine) -> T) -> Option<T> {
        self.host().map(|host| host.take(take))
    }

    /// Gives this tab an engine of its own: data in another tab's engine cannot be read.
    pub(in crate::web) fn want_engine(&self) {
        self.input(Input::EngineWanted);
    }

    /// Puts a replay between page and live engine.
    pub(in crate::web) fn set_the_stage(&self, gate: impl FnOnce() -> Gate) {
        self.0.stage.set(gate);
    }

    /// Returns the settings and the rules in force.
    pub(in crate::web) fn in_force(&self) -> (Settings, Vec<Rule>) {
        let tab = self.0.tab.borrow();
        let (settings, rules) = tab.in_force();
        (settings.clone(), rules.to_vec())
    }

    /// Passes an event of the live engine to this tab's page, unless a replay has the page.
    pub(super) fn tell_live(&self, event: Event) {
        if let Some(event) = self.0.stage.let_through(event) {
            self.tell(event);
        }
    }
}
