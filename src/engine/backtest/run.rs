//! One run of the rules over a tape, bar by bar.
//!
//! Order of events within a bar: fills at its open; holding costs; fills at its close, if the rules say so;
//! valuation; decisions on what is known by then.

use super::account::{Costs, Order, OrderLeg, Reason, Ticket};
use super::decide::UndefinedFilter;
use super::position::{Position, RoundTrip};
use super::refusal::{Refusal, Refusals, RefusedBars};
use super::rules::{FillAt, Rules, SlippageBy};
use super::tape::Tape;
use super::tested::{TESTS_A_STEP, TestResults};
use crate::UnixMillis;
use core::ops::Range;
use serde::{Deserialize, Serialize};

/// Milliseconds of a day.
pub(super) const DAY_MILLIS: f64 = 86_400_000.0;

/// An order to fill, and when it was decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pending {
    pub(super) what: Decision,
    /// Index of the first bar in which it may be filled.
    pub(super) from: usize,
}

/// A decision of the rules.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Decision {
    /// Enter with these units, negative if sold.
    Enter { quantity: [f64; 2], z: f64 },
    /// Exit.
    Leave(Reason),
    /// Hold these units of x.
    Rehedge { quantity_x: f64 },
}

/// The results of a run so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// All fills, oldest first.
    pub orders: Vec<Order>,
    /// All round trips, in the order of their exits.
    pub trades: Vec<RoundTrip>,
    /// Equity at the close of each bar; empty unless the run is detailed.
    pub equity: Vec<f64>,
    /// Equity without costs.
    pub gross_equity: Vec<f64>,
    /// Why nothing was entered although |z| had reached the entry threshold; counts of bars.
    pub refusals: Refusals,
    /// The bars that were refused an entry, by their index in the equity; empty unless the run is detailed.
    pub refused: RefusedBars,
    /// Index, in the equity, of the bar in which the last round trip was entered, if the end of the data closed
    /// that round trip.
    pub forced_from: Option<usize>,
    /// Open time of the bar at whose close the capital was lost, which ended trading.
    pub ruined_at: Option<UnixMillis>,
    /// The filters that let nothing through because a number of theirs was undefined.
    pub undefined_filters: Vec<UndefinedFilter>,
}

/// A run that can be interrupted between two bars.
#[derive(Debug)]
pub struct Run {
    pub(super) rules: Rules,
    costs: Costs,
    /// Whether the account is valued bar by bar; otherwise bars in which nothing can happen are skipped.
    pub(super) detailed: bool,
    pub(super) bars: Range<usize>,
    next: usize,
    pub(super) position: Option<Position>,
    pub(super) pending: Option<Pending>,
    /// Net and gross profit of the closed round trips.
    pub(super) closed_net: f64,
    closed_gross: f64,
    /// Highest equity at a close so far.
    pub(super) peak: f64,
    /// Index of the bar of the last exit.
    pub(super) left_at: Option<usize>,
    /// Whether |z| must first fall below the entry threshold after a stop.
    pub(super) waits_for_return: bool,
    /// Whether the drawdown stop has ended trading.
    pub(super) halted: bool,
    pub(super) ledger: Ledger,
}

impl Run {
    /// A run over the bars at `bars`; earlier bars have only warmed up the rows, later ones are not used.
    pub fn new(rules: &Rules, bars: Range<usize>, detailed: bool) -> Self {
        let Rules { fee_bps, slippage_bps, notional, .. } = *rules;
        Self {
            rules: rules.clone(),
            costs: Costs { fee_bps, slippage_bps },
            detailed: detailed || rules.watch_each_bar(),
            next: bars.start,
            bars,
            position: None,
            pending: None,
            closed_net: 0.0,
            closed_gross: 0.0,
            peak: notional,
            left_at: None,
            waits_for_return: false,
            halted: false,
            ledger: Ledger::default(),
        }
    }

    /// Processes at most `most` bars, or fewer if entries need tests that have not been run yet. Returns whether there
    /// are more.
    pub fn work(&mut self, tape: &Tape, tests: &mut TestResults, most: usize) -> bool {
        let end = self.bars.end.min(tape.len());
        let stop = end.min(self.next.saturating_add(most));
        let enough = tests.len() + TESTS_A_STEP;
        while self.next < stop && tests.len() < enough {
            if !self.detailed {
                self.next = self.eventful(tape, end);
                if self.next >= end {
                    break;
                }
            }
            self.bar(tape, tests, self.next, end);
            self.next += 1;
        }
        if self.next < end {
            return true;
        }
        if self.bars.start < end {
            self.end(tape, end - 1);
        }
        false
    }

    /// Bars done, and bars in total.
    pub fn progress(&self) -> (usize, usize) {
        (self.next.saturating_sub(self.bars.start), self.bars.len())
    }

    /// The results.
    pub fn finish(self) -> Ledger {
        self.ledger
    }

    /// The next bar in which something may be decided or filled.
    fn eventful(&self, tape: &Tape, end: usize) -> usize {
        let next = self.next;
        if self.pending.is_some() || self.waits_for_return {
            return next;
        }
        let Rules { entry_z, exit_z, stop_z, .. } = self.rules;
        let found = match &self.position {
            None => tape.next_entry(next, end, entry_z),
            Some(position) => {
                let sign = position.outward(1.0);
                let stop = stop_z.unwrap_or(f64::INFINITY);
                let found = tape.z.find(next, end, |z| sign * z <= exit_z || sign * z >= stop);
                self.ruin(tape, next..found.unwrap_or(end)).or(found)
            }
        };
        found.unwrap_or(end)
    }

    /// The first of `bars` at whose close the open position has cost the whole capital.
    fn ruin(&self, tape: &Tape, mut bars: Range<usize>) -> Option<usize> {
        let account = &self.position.as_ref().filter(|_| self.ledger.ruined_at.is_none())?.account;
        let before = self.rules.notional + self.closed_net;
        let lost = |prices: [f64; 2]| before + account.net(prices) <= 0.0;
        // nearly always even the worst prices of the whole tape leave something
        if !lost(tape.worst_closes(account.quantity)) {
            return None;
        }
        bars.find(|&at| tape.decides(at) && lost(closes(tape, at)))
    }

    /// Notes that the capital is lost, once it is at the close of a bar in which both legs traded.
    fn look_for_ruin(&mut self, tape: &Tape, at: usize) {
        if self.ledger.ruined_at.is_none() && tape.decides(at) {
            let equity = if self.detailed { self.equity() } else { self.worth(tape, at).0 };
            if equity <= 0.0 {
                self.ledger.ruined_at = Some(tape.open_time(at));
            }
        }
    }

    fn bar(&mut self, tape: &Tape, tests: &mut TestResults, at: usize, end: usize) {
        if self.rules.fill == FillAt::NextOpen {
            self.fill(tape, at);
        }
        self.hold(tape, at);
        if self.rules.fill != FillAt::NextOpen {
            self.fill(tape, at);
        }
        self.mark(tape, at);
        self.look_for_ruin(tape, at);
        // a decision at the last close has no bar left to be filled in
        if at + 1 < end
            && let Some(what) = self.decide(tape, tests, at)
        {
            let same = self.rules.fill == FillAt::SameClose;
            self.pending = Some(Pending { what, from: if same { at } else { at + 1 } });
            if same {
                self.fill(tape, at);
                self.ledger.equity.pop();
                self.ledger.gross_equity.pop();
                self.mark(tape, at);
            }
        }
        self.peak = self.peak.max(self.equity());
    }

    /// Charges the cost of holding the position through the bar.
    fn hold(&mut self, tape: &Tape, at: usize) {
        let Rules { funding_bps_per_day, borrow_bps_per_day, .. } = self.rules;
        let Some(position) = &mut self.position else { return };
        if funding_bps_per_day == 0.0 && borrow_bps_per_day == 0.0 {
            return;
        }
        let days = tape.interval().millis() as f64 / DAY_MILLIS;
        for (leg, quantity) in position.account.quantity.into_iter().enumerate() {
            let money = quantity * tape.close(leg, at).unwrap_or(0.0);
            position.account.funding += money.abs() * funding_bps_per_day / 1e4 * days;
            position.account.borrow += (-money).max(0.0) * borrow_bps_per_day / 1e4 * days;
        }
    }

    /// Equity and gross equity at the close of the bar.
    fn worth(&self, tape: &Tape, at: usize) -> (f64, f64) {
        let capital = self.rules.notional;
        let (mut net, mut gross) = (capital + self.closed_net, capital + self.closed_gross);
        if let Some(position) = &self.position {
            let prices = closes(tape, at);
            net += position.account.net(prices);
            gross += position.account.gross(prices);
        }
        (net, gross)
    }

    fn mark(&mut self, tape: &Tape, at: usize) {
        if !self.detailed {
            return;
        }
        let (net, gross) = self.worth(tape, at);
        self.ledger.equity.push(net);
        self.ledger.gross_equity.push(gross);
        if let Some(position) = &mut self.position {
            position.worst = position.worst.min(position.account.net(closes(tape, at)));
        }
    }

    /// Equity at the last close that was valued.
    pub(super) fn equity(&self) -> f64 {
        self.ledger.equity.last().copied().unwrap_or(self.rules.notional + self.closed_net)
    }

    /// The cost of exiting at the closes of bar `at`.
    pub(super) fn exit_costs(&self, tape: &Tape, at: usize) -> f64 {
        let Some(position) = &self.position else { return 0.0 };
        let prices = closes(tape, at);
        let cost = |leg: OrderLeg| {
            let (quantity, price) = (-position.account.quantity[leg as usize], prices[leg as usize]);
            let half_spread_bps = self.half_spread(tape, at, leg, FillAt::SameClose);
            let time = tape.open_time(at);
            let ticket =
                Ticket { time, leg, quantity, price, reason: Reason::Loss, stale: false, half_spread_bps };
            let order = self.costs.fill(ticket);
            order.fee + order.slippage
        };
        OrderLeg::BOTH.map(cost).iter().sum()
    }

    /// Fills the pending order if possible in this bar, or drops it if it has waited long enough.
    fn fill(&mut self, tape: &Tape, at: usize) {
        let Some(Pending { what, from }) = self.pending.filter(|pending| pending.from <= at) else { return };
        let can_fill = match what {
            Decision::Rehedge { .. } => tape.is_traded(OrderLeg::X as usize, at),
            Decision::Enter { .. } | Decision::Leave(_) => tape.decides(at),
        };
        let waited = at - from >= self.rules.wait_bars;
        if !can_fill && !waited {
            return;
        }
        self.pending = None;
        match what {
            Decision::Enter { quantity, z } if can_fill => {
                let order = |leg: OrderLeg| {
                    self.order(tape, at, leg, quantity[leg as usize], Reason::Entry, self.rules.fill)
                };
                let entry = OrderLeg::BOTH.map(order);
                self.ledger.orders.extend(entry);
                self.position = Some(Position::new(at, z, entry));
            }
            // the bar is the one that decided
            Decision::Enter { .. } => {
                self.refuse(from - usize::from(self.rules.fill != FillAt::SameClose), Refusal::Untraded);
            }
            Decision::Leave(reason) => self.leave(tape, at, reason, self.rules.fill),
            Decision::Rehedge { quantity_x } if can_fill => {
                let Some(held) = self.position.as_ref().map(|position| position.account.quantity[1]) else {
                    return;
                };
                let order =
                    self.order(tape, at, OrderLeg::X, quantity_x - held, Reason::Rehedge, self.rules.fill);
                self.ledger.orders.push(order);
                if let Some(position) = &mut self.position {
                    position.account.add(&order);
                }
            }
            Decision::Rehedge { .. } => {}
        }
    }

    fn order(
        &self,
        tape: &Tape,
        at: usize,
        leg: OrderLeg,
        quantity: f64,
        reason: Reason,
        fill: FillAt,
    ) -> Order {
        let place = leg as usize;
        let stale = !tape.is_traded(place, at);
        let open = tape.open(place, at).filter(|_| fill == FillAt::NextOpen);
        let price =
            open.or_else(|| tape.close(place, at)).expect("Invariant: a leg was priced before it was traded");
        let half_spread_bps = self.half_spread(tape, at, leg, fill);
        self.costs.fill(Ticket {
            time: tape.open_time(at),
            leg,
            quantity,
            price,
            reason,
            stale,
            half_spread_bps,
        })
    }

    /// What a fill pays by the last book before it, where that is the rule and there is one.
    fn half_spread(&self, tape: &Tape, at: usize, leg: OrderLeg, fill: FillAt) -> Option<f64> {
        let by_book = self.rules.slippage_by == SlippageBy::HalfSpread;
        tape.half_spread(leg as usize, at, fill).filter(|_| by_book)
    }

    fn leave(&mut self, tape: &Tape, at: usize, reason: Reason, fill: FillAt) {
        let Some(mut position) = self.position.take() else { return };
        let order =
            |leg: OrderLeg| self.order(tape, at, leg, -position.account.quantity[leg as usize], reason, fill);
        let exit = OrderLeg::BOTH.map(order);
        self.ledger.orders.extend(exit);
        let through = usize::from(fill != FillAt::NextOpen);
        let since = usize::from(self.rules.fill != FillAt::NextOpen);
        position.bars_held = (at + through - position.entered_at).saturating_sub(since);
        let trade = position.close(exit);
        self.closed_net += trade.net;
        self.closed_gross += trade.gross;
        self.ledger.trades.push(trade);
        self.left_at = Some(at);
        self.waits_for_return = matches!(reason, Reason::Stop | Reason::Time | Reason::Loss);
    }

    /// Closes the open position at the last close.
    fn end(&mut self, tape: &Tape, at: usize) {
        self.pending = None;
        let Some(entered_at) = self.position.as_ref().map(|position| position.entered_at) else { return };
        self.leave(tape, at, Reason::EndOfData, FillAt::SameClose);
        self.ledger.forced_from = Some(entered_at - self.bars.start);
        if self.ledger.equity.pop().is_some() {
            self.ledger.gross_equity.pop();
            self.mark(tape, at);
        }
    }
}

fn closes(tape: &Tape, at: usize) -> [f64; 2] {
    [0, 1].map(|leg| tape.close(leg, at).unwrap_or(0.0))
}
