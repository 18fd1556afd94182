//! Dates behind the first rows that say that day and month stand in the other order.

use super::order;
use super::order::Order;
use super::plan::Plan;
use super::times::Times;

/// What the dates of a file have said of their order so far.
#[derive(Debug)]
pub(super) struct Contrary {
    order: Order,
    /// A date holds in this order alone.
    is_told: bool,
    /// Dates that hold in the other order alone, and the first of them.
    others: u64,
    first: String,
}

impl Contrary {
    /// Nothing yet of dates in the order that `plan` has; `None` where it has none of day and month.
    pub(super) fn new(plan: &Plan) -> Option<Self> {
        let order = plan.times.order;
        let fits = matches!(order, Order::DayFirst | Order::MonthFirst);
        fits.then(|| Self { order, is_told: false, others: 0, first: String::new() })
    }

    /// Whether the next date may still tell the order.
    pub(super) const fn is_open(&self) -> bool {
        !self.is_told
    }

    /// Takes the date of the next row.
    pub(super) fn take(&mut self, text: &str) {
        match order::told_by(text) {
            Some(told) if told == self.order => self.is_told = true,
            Some(_) => {
                if self.others == 0 {
                    text.trim().clone_into(&mut self.first);
                }
                self.others += 1;
            }
            None => {}
        }
    }

    /// The plan with the other order, and why; `None` where no date demands it, or one forbids it.
    pub(super) fn plan(&self, plan: &Plan) -> Option<(Plan, String)> {
        let Self { is_told, others, first, .. } = self;
        if *is_told || *others == 0 {
            return None;
        }
        let (order, words) = match self.order {
            Order::DayFirst => (Order::MonthFirst, "the month stands before the day"),
            _ => (Order::DayFirst, "the day stands before the month"),
        };
        let times = Times { order, ..plan.times.clone() };
        let why = format!("In {first} {words}: all dates were read in this order.");
        Some((Plan { times, ..plan.clone() }, why))
    }
}
