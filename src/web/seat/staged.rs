//! The seat as a replay sees it.

use super::{Part, Seat};
use crate::web::replay::Gate;
use spreadscope_engine::alert::Rule;
use spreadscope_engine::messages::protocol::ToPage;
use spreadscope_engine::{Engine, Event, Settings};

impl Seat {
    /// What the engine of this tab knows, if it has one.
    pub(in crate::web) fn engine<T>(&self, look: impl FnOnce(&Engine) -> T) -> Option<T> {
        match &*self.0.part.borrow() {
            Part::Leading { host, .. } => Some(host.look(look)),
            Part::None | Part::Asking { .. } | Part::Following { .. } => None,
        }
    }

    /// Has this tab an engine of its own: what another tab's knows is not to be had.
    pub(in crate::web) fn want_engine(&self) {
        if let Part::Following { desk, .. } = &*self.0.part.borrow() {
            self.take_lead(desk.clone());
        }
    }

    /// Puts a replay between page and live engine.
    pub(in crate::web) fn set_the_stage(&self, gate: impl FnOnce() -> Gate) {
        self.0.stage.set(gate);
    }

    /// The settings and the rules in force.
    pub(in crate::web) fn in_force(&self) -> (Settings, Vec<Rule>) {
        (self.0.settings.borrow().clone(), self.0.rules.borrow().clone())
    }

    /// Tells this tab's page.
    pub(in crate::web) fn tell(&self, event: Event) {
        (self.0.tell)(ToPage::Event(event));
    }

    /// Tells this tab's page what the live engine says, unless a replay has the page.
    pub(super) fn tell_live(&self, event: Event) {
        if let Some(event) = self.0.stage.let_through(event) {
            self.tell(event);
        }
    }
}
