//! All rows of a file, one after the other, and what has come of them.

use super::autumn;
use super::autumn::Repeats;
use super::contrary::Contrary;
use super::document::{Value, Values};
use super::ending::Ending;
use super::finer::Finer;
use super::half_days::HalfDays;
use super::head;
use super::import::{Outcome, Taken};
use super::limits::Limits;
use super::lines::Line;
use super::number::Decimal;
use super::plan::{Form, Plan, Role, Table};
use super::quotes::Joined;
use super::reader::{Raw, Reader};
use super::refusal::Refusals;
use super::row::Content;
use super::signs::FirstSigns;
use super::staging::{Staged, Staging};
use super::times::Times;
use super::turned::Turned;
use super::zone::Zone;
use super::{apart, notes};

/// The rows of a file that is being read.
#[derive(Debug)]
pub(super) struct Rows {
    plan: Plan,
    limits: Limits,
    reader: Reader,
    staging: Staging,
    refusals: Refusals,
    ending: Ending,
    /// Lines of a row that goes on.
    joined: Joined,
    /// Rows without a price, and the line of the first.
    unpriced: u64,
    first_unpriced: u64,
    /// Lines of another kind.
    others: u64,
    /// Values of a document so far.
    values: u64,
    /// How long bars are by the rows that do not fit; none where the user has set their length.
    finer: Option<Finer>,
    /// Hours that come twice; none where the zone is known.
    repeats: Option<Repeats>,
    /// What dates say of their order.
    contrary: Option<Contrary>,
    /// Dates that a spreadsheet may have turned.
    turned: Option<Turned>,
    /// Hours of a clock that may leave out the half of the day.
    half_days: Option<HalfDays>,
    /// A list of objects that stand on a line each: whether it has begun, and has not ended.
    in_list: Option<bool>,
    /// What is wrong with the end of a document.
    at_end: Option<String>,
    /// Why it is read again.
    again: Option<String>,
    /// What the first rows say of the decimal sign; none where the user has set it.
    first_signs: Option<FirstSigns>,
}

/// What of a plan is by the first rows alone, and so may be another by those behind them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ByFirstRows {
    /// The length of a bar.
    pub step: bool,
    /// That times, which name no zone, are of UTC.
    pub zone: bool,
    /// The decimal sign.
    pub decimal: Option<FirstSigns>,
}

/// What has come of all rows.
#[derive(Debug)]
pub(super) enum Finished {
    /// The file has been taken, or not.
    Over(Outcome),
    /// It is to be read again, with shorter bars.
    Again(Box<Rows>),
}

impl Rows {
    /// Nothing yet of a file that is read by `plan`.
    pub(super) fn new(plan: Plan, found: ByFirstRows, limits: Limits) -> Self {
        let step_millis = plan.step_millis.filter(|_| found.zone);
        Self {
            reader: Reader::new(&plan),
            staging: Staging::new(plan.clone(), limits),
            limits,
            finer: found.step.then(|| Finer::new(&plan)).flatten(),
            repeats: step_millis.and_then(Repeats::new),
            contrary: Contrary::new(&plan),
            turned: Turned::new(&plan),
            half_days: HalfDays::new(&plan),
            in_list: None,
            plan,
            refusals: Refusals::default(),
            ending: Ending::default(),
            joined: Joined::default(),
            unpriced: 0,
            first_unpriced: 0,
            others: 0,
            values: 0,
            at_end: None,
            again: None,
            first_signs: found.decimal,
        }
    }

    pub(super) const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Rows taken and refused so far.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.staging.rows(), self.refusals.count)
    }

    pub(super) fn line(&mut self, line: Line<'_>) {
        let bytes = match line.text {
            Ok(bytes) => bytes,
            Err(reason) => return self.refusals.add(line.number, reason.to_owned()),
        };
        let text = self.plan.coding.line(bytes);
        let is_within = self.joined.is_open();
        if self.reader.is_above(line.number) || (!is_within && head::is_blank(&text)) {
            return;
        }
        if matches!(self.plan.form, Form::Table(_)) {
            let mut joined = core::mem::take(&mut self.joined);
            joined.push(line.number, &text, &mut |number, row| self.row_of_lines(number, row));
            self.joined = joined;
            return;
        }
        if matches!(self.plan.form, Form::Objects { .. } | Form::Ndjson) {
            let text = text.trim();
            let was_in = self.in_list.unwrap_or(text.starts_with('['));
            self.in_list = Some(was_in && !text.ends_with(']'));
            // the brackets around the rows
            if text.bytes().all(|sign| b"[],".contains(&sign)) {
                return;
            }
        }
        self.row(line.number, Raw::Line(&text));
    }

    /// A row of a table; an empty line of one that was never closed is none.
    fn row_of_lines(&mut self, number: u64, text: &str) {
        if !head::is_blank(text) {
            self.row(number, Raw::Line(text));
        }
    }

    /// The text of lines is over.
    pub(super) fn end_of_lines(&mut self) {
        let mut joined = core::mem::take(&mut self.joined);
        joined.finish(&mut |number, row| self.row_of_lines(number, row));
    }

    pub(super) fn value(&mut self, value: Value<'_>) {
        self.values += 1;
        self.row(self.values, Raw::Value(value));
    }

    /// The text of a document is over.
    pub(super) fn end(&mut self, values: &Values) {
        if values.is_in_row() {
            self.refusals
                .add(self.values + 1, "the file ends in the middle of the row: it is cut off".to_owned());
        }
        self.at_end = values.ending();
    }

    fn row(&mut self, number: u64, raw: Raw<'_>) {
        let staging = &mut self.staging;
        staging.begin_row();
        let (mut has_price, mut time) = (false, None);
        let before = staging.repeated() + staging.misfits();
        let read = self.reader.read(raw, |row| {
            has_price |= row.content != Content::Unpriced;
            time.get_or_insert(row.time.div_euclid(1_000));
            staging.take(row)
        });
        if let Some((repeats, time)) = self.repeats.as_mut().zip(time) {
            repeats.take(time);
        }
        if let Some(contrary) = self.contrary.as_mut().filter(|contrary| contrary.is_open())
            && let Some(text) = self.reader.text_of(raw, Role::Time)
        {
            contrary.take(&text);
        }
        if let Some(finer) = self.finer.as_mut().filter(|_| staging.repeated() + staging.misfits() > before)
            && let Ok(moment) = self.reader.moment(raw)
        {
            finer.take(moment);
        }
        if let Some(time) = time {
            self.look_at_time(raw, time);
        }
        match read {
            Ok(0) => self.others += 1,
            Ok(_) => {
                self.ending.row_follows(&mut self.refusals);
                if !has_price {
                    self.first_unpriced = if self.unpriced == 0 { number } else { self.first_unpriced };
                    self.unpriced += 1;
                }
            }
            Err(reason) => {
                self.ending.refuse(&mut self.refusals, number, reason, self.reader.foreign(raw));
            }
        }
    }

    /// Takes note of the time that a row was read to have, milliseconds.
    fn look_at_time(&mut self, raw: Raw<'_>, time: i64) {
        if let Some(turned) = &mut self.turned
            && let Some(text) = self.reader.text_of(raw, Role::Time)
        {
            turned.take(&text, time);
        }
        if let Some(half_days) = &mut self.half_days {
            half_days.take(time);
        }
    }

    /// Why the times of the rows cannot be what they seem to be.
    fn refusal_of_times(&self) -> Option<String> {
        let turned = self.turned.as_ref().and_then(Turned::refusal);
        turned.or_else(|| self.half_days.as_ref().and_then(HalfDays::refusal))
    }

    pub(super) fn finish(mut self) -> Finished {
        let rows = self.staging.rows();
        if let Some(reason) = self.refusal_of_times() {
            return Finished::Over(Outcome::Failed(reason));
        }
        if let Some((plan, why, found)) = self.other_plan(rows) {
            return Finished::Again(Box::new(Self {
                again: Some(why),
                ..Self::new(plan, found, self.limits)
            }));
        }
        if self.in_list == Some(true) {
            self.at_end = Some("The file ends before its list does: it is cut off.".to_owned());
        }
        let notes = notes::of_unpriced(self.unpriced, self.first_unpriced);
        if rows == 0 {
            self.ending.row_follows(&mut self.refusals);
            let first = self.refusals.first.first();
            return Finished::Over(Outcome::Failed(first.map_or_else(
                || notes.map_or("there is no row in it", |_| "none of its rows has a price").to_owned(),
                |refusal| {
                    format!(
                        "none of its rows can be read; the first, in line {}: {}",
                        refusal.line, refusal.reason
                    )
                },
            )));
        }
        let repeated = self.staging.repeated();
        let notes = self.again.into_iter().chain(notes).chain(self.ending.sentence());
        let notes = notes.chain(notes::of_lacking(self.reader.lacking())).chain(self.at_end);
        let Self { refusals, others, unpriced, plan, .. } = self;
        Finished::Over(match self.staging.finish() {
            Ok(legs) => {
                let sparse = legs.iter().find(|leg| leg.sparse_ids);
                let apart =
                    plan.step_millis.and_then(|step| legs.iter().find_map(|leg| far_apart(leg, step)));
                let notes = notes.chain(sparse.map(|leg| notes::of_sparse_ids(&leg.symbol)));
                let with_books = legs.iter().filter(|leg| !leg.recorded.half_spreads().is_empty());
                let with_books: Vec<&str> = with_books.map(|leg| leg.symbol.as_str()).collect();
                let notes = notes.chain(apart).chain(notes::of_books(&with_books)).collect();
                Outcome::Done(Taken { legs, rows, refusals, others, repeated, unpriced, notes })
            }
            Err(reason) => Outcome::Failed(reason),
        })
    }

    /// The plan that the rows behind the first ones demand, why, and what of it is by the first rows still.
    fn other_plan(&self, rows: u64) -> Option<(Plan, String, ByFirstRows)> {
        let step = self.finer.is_some();
        if let Some((plan, why)) = self.other_sign() {
            let zone = self.repeats.is_some();
            return Some((plan, why, ByFirstRows { step, zone, decimal: None }));
        }
        let decimal = self.first_signs;
        if let Some((plan, why)) = self.contrary.as_ref().and_then(|contrary| contrary.plan(&self.plan)) {
            return Some((plan, why, ByFirstRows { step, zone: false, decimal }));
        }
        if let Some((name, begin)) = self.repeats.as_ref().and_then(Repeats::zone) {
            let times = Times { zone: Zone::Named(name.to_owned()), ..self.plan.times.clone() };
            let found = ByFirstRows { step, zone: false, decimal };
            return Some((Plan { times, ..self.plan.clone() }, autumn::sentence(name, begin), found));
        }
        let (plan, why) = self.finer.as_ref()?.plan(&self.plan, rows)?;
        Some((plan, why, ByFirstRows::default()))
    }

    /// The plan with the decimal sign that all rows have, where the first ones do not tell it, and why.
    fn other_sign(&self) -> Option<(Plan, String)> {
        let Form::Table(table) = &self.plan.form else { return None };
        let are_none = self.first_signs? == FirstSigns::None;
        let decimal = self.reader.signs().other(table.decimal, table.delimiter, are_none)?;
        let form = Form::Table(Table { decimal, ..table.clone() });
        let sign = if decimal == Decimal::Comma { "comma" } else { "point" };
        let why = format!("Numbers of later rows have a decimal {sign}: all were read with it.");
        Some((Plan { form, ..self.plan.clone() }, why))
    }
}

/// What should be known of bars of a market that are far apart, unless they are kept as longer ones.
fn far_apart(leg: &Staged, step: i64) -> Option<String> {
    let times: Vec<i64> = leg.recorded.traded().map(|(open_time, _)| open_time.0).collect();
    let found = apart::run(&times, step).filter(|_| leg.recorded.step_millis() == step)?;
    Some(found.words(&format!("the rows of {}", leg.symbol), step))
}
