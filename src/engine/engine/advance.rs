//! What follows every input: bars close, history is requested, analytics and rules take what is new, and the
//! results are sent to the page.

use super::{Engine, LIVE_MILLIS, Running};
use crate::UnixMillis;
use crate::alert::Between;
use crate::base::symbol::Leg;
use crate::connection::Moment;
use crate::connection::State;
use crate::connection::requests::Request;
use crate::messages::event::{Event, Fact};
use crate::messages::input::Output;

impl Engine {
    /// Brings everything up to local time `now`, in the order in which a trade goes through the rooms.
    pub(super) fn advance(&mut self, now: UnixMillis) {
        if self.running.is_none() {
            return;
        }
        self.watch_sockets(now);
        let awaited = self.close_and_store(now);
        if !awaited {
            if let Some(Running { analysis, markets, schedule, reach, .. }) = &mut self.running {
                reach.back(analysis.settings(), markets, schedule, &mut self.archive);
            }
            self.request_prices(now);
        }
        self.collect_notes(now);
        let mut facts = Vec::new();
        self.analyse(now, awaited, &mut facts);
        let between = self.between(now);
        self.watch_between(now, between, &mut facts);
        let states = self.rule_states(now, between);
        self.tell_all(facts);
        self.tell_live(now, states);
    }

    /// Starts polling for closed bars if no socket can be had, and ends it once one can.
    fn watch_sockets(&mut self, now: UnixMillis) {
        let Some(Running { markets, schedule, stream_hosts, .. }) = &mut self.running else { return };
        let was_on = self.polling.is_on();
        let frames = self.connection.covers() || stream_hosts.is_empty();
        self.notes.extend(now, self.polling.observe(now, frames, schedule.responds()));
        if self.polling.is_on() && !was_on {
            markets.begin_polling();
        }
    }

    /// Closes the bars that are due and passes them to the archive.
    ///
    /// Returns whether stored records are still being read, so that nothing is requested from the exchange yet.
    fn close_and_store(&mut self, now: UnixMillis) -> bool {
        let Some(Running { analysis, markets, .. }) = &mut self.running else { return false };
        if self.polling.is_on() {
            markets.close_polled();
        }
        markets.close_due();
        self.archive.advance(now, analysis.settings(), markets);
        self.archive.is_awaited(now)
    }

    /// Requests the bars and trades that are missing.
    fn request_prices(&mut self, now: UnixMillis) {
        let Some(Running { markets, schedule, .. }) = &mut self.running else { return };
        let moment = Moment { local: now, exchange: markets.clock.now(now) };
        for leg in Leg::BOTH {
            let market = &mut markets.legs[leg as usize];
            let request = schedule
                .next_request(moment, leg, market)
                .or_else(|| self.polling.is_on().then(|| schedule.poll(moment, leg, market))?);
            if let Some(Request { id, url, weight }) = request {
                self.outputs.push_back(Output::Fetch { id, url, weight });
            }
        }
    }

    fn collect_notes(&mut self, now: UnixMillis) {
        let Some(Running { markets, schedule, .. }) = &mut self.running else { return };
        let news =
            self.connection.take_news().into_iter().chain(markets.take_news()).chain(schedule.take_news());
        self.notes.extend(markets.clock.now(now).unwrap_or(now), news);
    }

    /// Turns new bars into rows, tests and alerts.
    fn analyse(&mut self, now: UnixMillis, awaited: bool, facts: &mut Vec<Fact>) {
        let Some(Running { analysis, markets, schedule, restored, reach, slower, .. }) = &mut self.running
        else {
            return;
        };
        // rows of a leg whose partner has not arrived would be void a moment later
        let uneven = !*restored && schedule.is_uneven(&markets.legs);
        // while waiting for REST there is nothing to do at once
        self.unfinished = !awaited && !uneven && analysis.update(now, markets, &mut self.watch.book, facts);
        let moment = Moment { local: now, exchange: markets.clock.now(now) };
        let begins = self.connection.state() == State::Opening && self.connection.attempt() == 1;
        let is_coming = schedule.is_coming(&markets.legs, moment, begins);
        // bars after one on the tests' grid wait for the tests at that bar
        let is_partial = self.unfinished && !analysis.waits_for_tests();
        self.filling = awaited || uneven || is_partial || is_coming || reach.is_under_way();
        if is_partial {
            self.behind = false;
            return;
        }
        // no test on part of a sample: it would be void as soon as the rest has arrived
        if !self.filling
            && (self.tests_wanted || analysis.is_untested() || analysis.is_on_grid())
            && let Some(tests) = analysis.test_if_new()
        {
            self.tests_wanted = false;
            facts.push(Fact::Tests(Box::new(tests)));
        }
        self.behind = analysis.test_the_past(facts);
        if self.watch.book.watches_evidence() {
            analysis.keep_evidence_fresh(now);
        }
        if !self.filling
            && let Some(examine) = self.examine
        {
            let evidence = analysis.work_on_evidence(now, markets, slower, examine);
            facts.extend(evidence.map(|evidence| Fact::Evidence(Box::new(evidence.clone()))));
            self.behind |= analysis.is_examining();
        }
        analysis.judge_newest(now, &mut self.watch.book, facts);
    }

    /// Evaluates rules on the state between bars, and waits of rules that end by the clock.
    fn watch_between(&mut self, now: UnixMillis, between: Between, facts: &mut Vec<Fact>) {
        let inputs = self.running.as_ref().and_then(|running| running.analysis.inputs());
        self.watch.wake(now, between, inputs.as_ref(), facts);
    }

    /// Why the rules have not fired, if a live update is due.
    fn rule_states(&mut self, now: UnixMillis, between: Between) -> Option<Event> {
        if now < self.next_live || self.unfinished {
            return None;
        }
        let inputs = self.running.as_ref().and_then(|running| running.analysis.inputs());
        self.watch.states(now, between, inputs.as_ref())
    }

    fn tell_all(&mut self, mut facts: Vec<Fact>) {
        let notes = self.notes.take_news();
        if !notes.is_empty() {
            facts.push(Fact::Feed { replace: false, notes });
        }
        for fact in facts {
            self.tell(fact);
        }
        if let Some(status) = self.archive.take_status() {
            self.fact(Fact::Storage(Box::new(status)));
        }
    }

    fn tell_live(&mut self, now: UnixMillis, states: Option<Event>) {
        if now >= self.next_live {
            self.next_live = now + LIVE_MILLIS;
            self.live(now);
            self.outputs.extend(states.map(Output::Emit));
        }
    }
}
