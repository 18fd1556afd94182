//! All rows of a file, one after the other, and what has come of them.

use super::document::{Value, Values};
use super::ending::Ending;
use super::finer::Finer;
use super::head;
use super::import::{Outcome, Taken};
use super::lines::Line;
use super::notes;
use super::plan::Plan;
use super::reader::{Raw, Reader};
use super::refusal::Refusals;
use super::row::Content;
use super::staging::Staging;

/// The rows of a file that is being read.
#[derive(Debug)]
pub(super) struct Rows {
    plan: Plan,
    reader: Reader,
    staging: Staging,
    refusals: Refusals,
    ending: Ending,
    /// Rows without a price, and the line of the first.
    unpriced: u64,
    first_unpriced: u64,
    /// Lines of another kind.
    others: u64,
    /// Values of a document so far.
    values: u64,
    /// How long bars are by the rows that do not fit; none where the user has set their length.
    finer: Option<Finer>,
    /// What is wrong with the end of a document.
    at_end: Option<String>,
    /// Why it is read again.
    again: Option<String>,
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
    /// Nothing yet of a file that is read by `plan`; `is_found`: the length of a bar is by the first rows.
    pub(super) fn new(plan: Plan, is_found: bool) -> Self {
        Self {
            reader: Reader::new(&plan),
            staging: Staging::new(plan.clone()),
            finer: is_found.then(|| Finer::new(&plan)).flatten(),
            plan,
            refusals: Refusals::default(),
            ending: Ending::default(),
            unpriced: 0,
            first_unpriced: 0,
            others: 0,
            values: 0,
            at_end: None,
            again: None,
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
        if !self.reader.is_above(line.number) && !head::is_blank(&text) {
            self.row(line.number, Raw::Line(&text));
        }
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
        let mut has_price = false;
        let before = staging.repeated() + staging.misfits();
        let read = self.reader.read(raw, |row| {
            has_price |= row.content != Content::Unpriced;
            staging.take(row)
        });
        if let Some(finer) = self.finer.as_mut().filter(|_| staging.repeated() + staging.misfits() > before)
            && let Ok(moment) = self.reader.moment(raw)
        {
            finer.take(moment);
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

    pub(super) fn finish(mut self) -> Finished {
        let rows = self.staging.rows();
        if let Some(finer) = &self.finer
            && let Some((plan, why)) = finer.plan(&self.plan, rows)
        {
            return Finished::Again(Box::new(Self { again: Some(why), ..Self::new(plan, false) }));
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
        let Self { refusals, others, unpriced, .. } = self;
        Finished::Over(match self.staging.finish() {
            Ok(legs) => {
                let sparse = legs.iter().find(|leg| leg.sparse_ids);
                let notes = notes.chain(sparse.map(|leg| notes::of_sparse_ids(&leg.symbol))).collect();
                Outcome::Done(Taken { legs, rows, refusals, others, repeated, unpriced, notes })
            }
            Err(reason) => Outcome::Failed(reason),
        })
    }
}
