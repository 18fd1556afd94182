//! Bars that become shorter behind the first rows of a file: how long they are by all of them.

use super::plan::{Kind, Plan, intervals, length_words};
use super::step;
use super::times::{Moment, Times};

/// Rows of a file that has no others than those its length of bars was made out by.
const JUDGED: u64 = 200;

/// The rows that do not fit bars of the length that the first ones have.
#[derive(Debug)]
pub(super) struct Finer {
    step_millis: i64,
    /// A time that bars open at; of days it is that of the first row which does not fit.
    base: Option<i64>,
    /// The greatest length that those rows agree with too.
    shorter_millis: i64,
    count: u64,
    /// Those of them that are hardly off their boundary: their times are damaged.
    strays: u64,
}

impl Finer {
    /// None so far; `None` for rows that are no bars.
    pub(super) fn new(plan: &Plan) -> Option<Self> {
        let step_millis = plan.step_millis.filter(|_| plan.kind == Kind::Bars)?;
        // days are kept at their dates, whatever their clock shows
        let base = (step_millis != super::times::DAY_MILLIS).then_some(plan.times.opening.phase_millis);
        Some(Self { step_millis, base, shorter_millis: step_millis, count: 0, strays: 0 })
    }

    /// Takes the time of a row that does not fit, or is of a bar that has come before.
    pub(super) fn take(&mut self, moment: Moment) {
        let millis = moment.micros.div_euclid(1_000);
        let base = *self.base.get_or_insert(millis);
        self.shorter_millis = step::greatest(self.shorter_millis, (millis - base).abs());
        self.count += 1;
        self.strays += u64::from(step::is_stray(millis - base, self.step_millis));
    }

    /// The plan that all rows fit, of which `rows` have been taken, and why it is another; `None` where those that do not fit are few.
    pub(super) fn plan(&self, plan: &Plan, rows: u64) -> Option<(Plan, String)> {
        let Self { step_millis, shorter_millis, count, strays, .. } = *self;
        let is_shorter = shorter_millis < step_millis && intervals(shorter_millis).next().is_some();
        let is_few = step::is_few(count, rows.saturating_add(count))
            || (count == strays && step::are_few_strays(strays, rows))
            || (rows.saturating_add(count) <= JUDGED
                && step::are_few_damaged(count, rows.saturating_add(count)));
        let phase_millis = self.base?.rem_euclid(shorter_millis.max(1));
        let opening = plan.times.opening.with_step(phase_millis, step_millis, shorter_millis);
        let shorter = Plan {
            step_millis: Some(shorter_millis),
            times: Times { opening, ..plan.times.clone() },
            ..plan.clone()
        };
        let why = format!(
            "The first rows are bars of {}, and {count} later ones do not fit them: the file was read with bars of {}.",
            length_words(step_millis),
            length_words(shorter_millis)
        );
        (is_shorter && !is_few).then_some((shorter, why))
    }
}
