//! The ends of a replay: by the user, at the present, or because what was asked for cannot be had.

use super::Deck;
use spreadscope_engine::messages::event::ReplayNews;
use spreadscope_engine::messages::protocol::encode;
use spreadscope_engine::replay::Session;
use spreadscope_engine::{Command, Engine, UnixMillis};

impl Deck {
    /// Gives the page back to the live engine, which resends everything. Where a span was awaited and none was on, the
    /// page is live already.
    pub(super) fn go_live(&self) {
        let is_cancelled = self.is_awaited() && !self.is_on();
        (*self.wanted.borrow_mut(), *self.opening.borrow_mut()) = (None, None);
        if is_cancelled {
            self.tell(ReplayNews::default());
        } else {
            self.give_back(ReplayNews::default());
        }
    }

    /// Gives the page back to the live engine once playback has come to the present; the page is told where that
    /// was. A span that is on its way replaces this one first.
    pub(super) fn catch_up(&self) -> bool {
        if self.is_awaited() {
            return false;
        }
        let caught_up =
            self.session.borrow().as_ref().filter(|session| session.has_caught_up()).map(Session::state);
        let Some(state) = caught_up else { return false };
        self.give_back(ReplayNews { state: encode(&state), ..ReplayNews::default() });
        true
    }

    /// Ends the replay with `news`; the live engine then sends the page everything again.
    fn give_back(&self, news: ReplayNews) {
        self.close(news);
        self.tabs.obey(Command::Resync);
    }

    pub(super) fn close(&self, news: ReplayNews) {
        *self.session.borrow_mut() = None;
        self.refusal.borrow_mut().clear();
        self.rehearsed.borrow_mut().clear();
        self.untold.borrow_mut().clear();
        self.tabs.take_from_engine(Engine::forget_trades);
        self.tell(ReplayNews { afresh: true, is_awaited: self.is_awaited(), ..news });
    }

    /// Reports why there is no such replay. One that is on continues if it still is what the page asks for; otherwise
    /// the page goes back to the live engine.
    pub(super) fn refuse(&self, reason: String) {
        let (settings, rules) = self.tabs.in_force();
        let continues = self
            .session
            .borrow()
            .as_ref()
            .is_some_and(|session| *session.settings() == settings && *session.rules() == *rules);
        if continues {
            *self.refusal.borrow_mut() = reason;
            self.told.set(UnixMillis(0));
        } else if self.is_on() {
            self.give_back(ReplayNews { refusal: reason, ..ReplayNews::default() });
        } else {
            self.tell(ReplayNews { refusal: reason, ..ReplayNews::default() });
        }
    }
}
