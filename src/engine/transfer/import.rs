//! One file on its way in: looked at, shown, read to its end, and only then taken.

use super::document::Values;
use super::imports::ReadFile;
use super::json_rows;
use super::limits::Limits;
use super::lines::Lines;
use super::market_name;
use super::order::Order;
use super::plan::{Form, Plan, Role};
use super::refusal::Refusals;
use super::rows::{ByFirstRows, Finished, Rows};
use super::said_zone;
use super::sniff;
use super::sniff::Preview;
use super::staging::Staged;
use super::text::{Coding, Wide};
use super::times::Times;
use super::transpose;
use super::unpack::{Unpack, Want, magic};
use super::zone::{Clock, Zone};
use crate::UnixMillis;

/// Text by which a file is judged.
const SNIFFED: usize = 64 * 1_024;
/// Text in which a date is looked for that tells the order of day and month, where those of the first rows do not.
const LOOKED_THROUGH: usize = 1_024 * 1_024;

/// A file on its way in.
#[derive(Debug)]
pub struct Import {
    name: String,
    size: u64,
    limits: Limits,
    /// The file of an archive that is to be read, where the name says so: `stocks.zip/KO.csv`.
    inner: Option<String>,
    unpack: Unpack,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// `is_open`: whether the first rows leave the order of their dates or their market open.
    Sniffing {
        text: Vec<u8>,
        is_open: Option<bool>,
    },
    Shown {
        text: String,
        whole: bool,
        found: Box<Plan>,
        by_columns: Option<String>,
        /// What should be known of the units of its sums.
        units: Option<String>,
    },
    Reading(Box<Parsing>),
    Over,
}

#[derive(Debug)]
struct Parsing {
    wide: Option<Wide>,
    cut: Cut,
    rows: Rows,
    /// The rows of a file by columns, and how far they have been read.
    by_columns: Option<(String, usize)>,
}

/// What parts the text into rows.
#[derive(Debug)]
enum Cut {
    Lines(Lines),
    Values(Values),
}

/// What has come of a step.
#[derive(Debug)]
pub enum Outcome {
    /// The file has been looked at.
    Preview(Box<Preview>),
    /// It is being read.
    Going,
    /// It has been read to its end.
    Done(Taken),
    /// It cannot be taken, for the reason given.
    Failed(String),
}

/// What a whole file has given.
#[derive(Debug)]
pub struct Taken {
    /// Its markets.
    pub legs: Vec<Staged>,
    /// Rows taken.
    pub rows: u64,
    /// Rows refused.
    pub refusals: Refusals,
    /// Lines of another kind, such as other frames of a recording.
    pub others: u64,
    /// Rows whose bar has come twice: the later, fuller one is taken.
    pub repeated: u64,
    /// Rows without a price: nothing is known of their bars.
    pub unpriced: u64,
    /// What else should be known, in sentences.
    pub notes: Vec<String>,
}

impl Import {
    /// A file of which the name and the size in bytes are known.
    pub fn open(name: String, size: u64, limits: Limits) -> Box<dyn ReadFile> {
        let stage = Stage::Sniffing { text: Vec::new(), is_open: None };
        let inner = name.split_once(".zip/").map(|(_, inner)| inner.to_owned());
        Box::new(Self { name, size, limits, unpack: Unpack::of(size, inner.clone()), inner, stage })
    }

    /// Reads the file from its beginning.
    fn read(&mut self, rows: Rows, by_columns: Option<String>) {
        let Plan { form, coding, .. } = rows.plan();
        let cut = match form {
            Form::Document { depth, of_objects, .. } => Cut::Values(Values::new(*depth, *of_objects)),
            _ => Cut::Lines(Lines::default()),
        };
        let wide = matches!(coding, Coding::Utf16Le | Coding::Utf16Be).then(|| Wide::new(*coding));
        self.unpack = Unpack::of(self.size, self.inner.clone());
        let by_columns = by_columns.map(|table| (table, 0));
        self.stage = Stage::Reading(Box::new(Parsing { wide, cut, rows, by_columns }));
    }

    fn look(&mut self, bytes: &[u8], whole: bool, now: UnixMillis) -> Preview {
        let coding = Coding::of(bytes);
        let text = coding.text(bytes);
        let by_columns = if whole { transpose::table(&text) } else { None };
        let zone = by_columns.as_ref().and_then(|_| said_zone::of_members(&text));
        let is_at_end = whole;
        let (text, coding, whole, later) = match &by_columns {
            Some(table) => (beginning(table).to_owned(), Coding::Utf8, table.len() <= SNIFFED, None),
            None if bytes.len() > 2 * SNIFFED => (beginning(&text).to_owned(), coding, false, Some(text)),
            None => (text, coding, whole, None),
        };
        let names: Vec<&str> = self.unpack.inner_name().into_iter().chain([self.name.as_str()]).collect();
        let mut plan = sniff::plan(&text, &names, coding, now);
        if let Some(later) = later.as_ref().filter(|_| is_at_end && may_name_market_behind(&text, &plan)) {
            let named = json_rows::market_behind(later).and_then(|name| market_name::symbol(&name).ok());
            plan.symbol = named.or(plan.symbol);
        }
        if let Some(later) = later.filter(|_| plan.times.order == Order::Ambiguous) {
            plan = sniff::with_later_order(&text, &later, plan);
        }
        // what stands beside the lists is no part of the table
        if let Some(zone) = zone.filter(|_| plan.times.zone == Zone::Utc) {
            let known = Plan { times: Times { zone, ..plan.times.clone() }, ..plan.clone() };
            plan = sniff::again(&text, known, &plan);
        }
        let (plan, units) = sniff::with_units(&text, plan);
        self.stage = Stage::Shown { text, whole, found: Box::new(plan.clone()), by_columns, units };
        self.show(plan).expect("Invariant: the text is there")
    }
}

/// The text by which a file is judged.
fn beginning(text: &str) -> &str {
    let end = (0..=SNIFFED.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// Whether the first rows leave open which number of a date is the day, or whose they are, which may be said behind them.
fn asks_for_more(bytes: &[u8], names: &[&str], now: UnixMillis) -> bool {
    let bytes = &bytes[..SNIFFED.min(bytes.len())];
    let coding = Coding::of(bytes);
    let text = coding.text(bytes);
    let plan = sniff::plan(&text, names, coding, now);
    plan.times.order == Order::Ambiguous || may_name_market_behind(&text, &plan)
}

/// Whether the market of the rows may be named behind them.
fn may_name_market_behind(text: &str, plan: &Plan) -> bool {
    matches!(&plan.form, Form::Document { names_market: false, columns, .. } if !columns.contains(&Some(Role::Symbol)))
        && plan.markets.is_empty()
        && text.trim_start().starts_with('{')
        && json_rows::market_in_front(text).is_none()
}

/// Whether more of a file is to be read before it is judged.
fn wants_more(text: &[u8]) -> bool {
    text.len() < SNIFFED
        || (text.len() < transpose::LARGEST && transpose::may_be(&String::from_utf8_lossy(&text[..SNIFFED])))
}

impl ReadFile for Import {
    fn name(&self) -> &str {
        &self.name
    }

    fn progress(&self) -> (u64, u64) {
        (self.unpack.position(), self.size)
    }

    fn rows(&self) -> (u64, u64) {
        match &self.stage {
            Stage::Reading(parsing) => parsing.rows.counts(),
            _ => (0, 0),
        }
    }

    fn want(&self) -> Want {
        match self.stage {
            Stage::Shown { .. } | Stage::Over => Want::Nothing,
            // the end of the text has to be taken note of
            Stage::Reading(ref parsing) if parsing.by_columns.is_some() => Want::Read,
            Stage::Sniffing { .. } | Stage::Reading(_) => match self.unpack.want() {
                Want::Nothing => Want::Read,
                want => want,
            },
        }
    }

    fn give(&mut self, slice: &[u8]) {
        self.unpack.give(slice);
    }

    fn work(&mut self, now: UnixMillis) -> Outcome {
        let ended = self.unpack.want() == Want::Nothing;
        let outcome = match &mut self.stage {
            Stage::Shown { .. } | Stage::Over => return Outcome::Going,
            Stage::Sniffing { text, is_open } => {
                let read = if ended { Ok(()) } else { self.unpack.read(|part| text.extend_from_slice(part)) };
                let ended = self.unpack.want() == Want::Nothing;
                match read {
                    Err(reason) => Outcome::Failed(reason),
                    Ok(()) if !ended && wants_more(text) => return Outcome::Going,
                    Ok(())
                        if !ended
                            && text.len() < LOOKED_THROUGH
                            && *is_open.get_or_insert_with(|| {
                                let inner = self.unpack.inner_name();
                                let names: Vec<&str> =
                                    inner.into_iter().chain([self.name.as_str()]).collect();
                                asks_for_more(text, &names, now)
                            }) =>
                    {
                        return Outcome::Going;
                    }
                    Ok(()) => {
                        let text = core::mem::take(text);
                        if let Err(reason) = magic::check_unpacked(&text) {
                            self.stage = Stage::Over;
                            return Outcome::Failed(reason);
                        }
                        return Outcome::Preview(Box::new(self.look(&text, ended, now)));
                    }
                }
            }
            Stage::Reading(parsing) => {
                let Parsing { wide, cut, rows, by_columns } = &mut **parsing;
                if let Some((table, at)) = by_columns
                    && *at < table.len()
                    && let Cut::Lines(lines) = cut
                {
                    let part = &table.as_bytes()[*at..(*at + SNIFFED).min(table.len())];
                    lines.push(part, |line| rows.line(line));
                    *at += part.len();
                    return Outcome::Going;
                }
                if ended || by_columns.is_some() {
                    match cut {
                        Cut::Lines(lines) => {
                            lines.finish(|line| rows.line(line));
                            rows.end_of_lines();
                        }
                        Cut::Values(values) => rows.end(values),
                    }
                    match core::mem::replace(&mut self.stage, Stage::Over) {
                        Stage::Reading(parsing) => {
                            let Parsing { rows, by_columns, .. } = *parsing;
                            match rows.finish() {
                                Finished::Over(outcome) => outcome,
                                Finished::Again(rows) => {
                                    self.read(*rows, by_columns.map(|(table, _)| table));
                                    return Outcome::Going;
                                }
                            }
                        }
                        _ => return Outcome::Going,
                    }
                } else {
                    let mut push = |part: &[u8]| match &mut *cut {
                        Cut::Lines(lines) => lines.push(part, |line| rows.line(line)),
                        Cut::Values(values) => values.push(part, |value| rows.value(value)),
                    };
                    let read = self.unpack.read(|part| match wide {
                        Some(wide) => wide.push(part, &mut push),
                        None => push(part),
                    });
                    match read {
                        Ok(()) => return Outcome::Going,
                        Err(reason) => Outcome::Failed(reason),
                    }
                }
            }
        };
        self.stage = Stage::Over;
        outcome
    }

    fn show(&self, plan: Plan) -> Option<Preview> {
        let Stage::Shown { text, whole, found, by_columns, units } = &self.stage else { return None };
        let plan = sniff::again(text, plan, found);
        let mut preview = sniff::preview(text, plan, *whole);
        let is_found = preview.plan.form.columns() == found.form.columns();
        preview.notes.extend(units.clone().filter(|_| is_found));
        if by_columns.is_some() {
            preview.notes.push(
                "It is JSON by columns: the values of each place were put together as a row.".to_owned(),
            );
        }
        if let Some(inner) = self.unpack.inner_name() {
            preview.notes.push(format!("It is the file {inner} of the archive."));
        }
        if self.inner.is_none() {
            preview.others = self.unpack.others().to_vec();
        }
        if !preview.others.is_empty() {
            preview
                .notes
                .push(format!("Other tables of the archive follow it: {}.", preview.others.join(", ")));
        }
        if self.inner.is_none() && !self.unpack.left_out().is_empty() {
            preview.notes.push(format!(
                "Other files of the archive are left out: {}.",
                self.unpack.left_out().join(", ")
            ));
        }
        Some(preview)
    }

    fn start(&mut self, plan: Plan) -> Result<(), String> {
        let mut problems = plan.problems();
        problems.extend(Clock::of(&plan.times.zone).err());
        if !problems.is_empty() {
            return Err(problems.join(" "));
        }
        let (by_columns, found) = match &mut self.stage {
            Stage::Shown { text, by_columns, found, .. } => {
                let is_open = sniff::may_tell_zone(&plan) && found.times.zone == plan.times.zone;
                let found = ByFirstRows {
                    step: found.step_millis == plan.step_millis,
                    zone: is_open && sniff::are_floating(text, &plan),
                    decimal: sniff::first_signs(text, &plan, found),
                };
                (by_columns.take(), found)
            }
            _ => (None, ByFirstRows::default()),
        };
        self.read(Rows::new(plan, found, self.limits), by_columns);
        Ok(())
    }
}
