//! One file on its way in: looked at, shown, read to its end, and only then taken.

use super::imports::ReadFile;
use super::lines::Lines;
use super::plan::Plan;
use super::reader;
use super::reader::Reader;
use super::refusal::Refusals;
use super::sniff;
use super::sniff::Preview;
use super::staging::{Staged, Staging};
use super::unpack::{Unpack, Want};

/// Text by which a file is judged.
const SNIFFED: usize = 64 * 1_024;

/// A file on its way in.
#[derive(Debug)]
pub struct Import {
    name: String,
    size: u64,
    unpack: Unpack,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Sniffing { text: Vec<u8> },
    Shown { text: String, whole: bool },
    Reading(Box<Reading>),
    Over,
}

#[derive(Debug)]
struct Reading {
    lines: Lines,
    rows: Rows,
}

#[derive(Debug)]
struct Rows {
    reader: Reader,
    staging: Staging,
    refusals: Refusals,
    /// Lines of another kind.
    others: u64,
    header_is_due: bool,
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
}

impl Import {
    /// A file of which the name and the size in bytes are known.
    pub fn open(name: String, size: u64) -> Box<dyn ReadFile> {
        let stage = Stage::Sniffing { text: Vec::new() };
        Box::new(Self { name, size, unpack: Unpack::new(size), stage })
    }

    fn look(&mut self, bytes: &[u8], whole: bool) -> Preview {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let names: Vec<&str> = self.unpack.inner_name().into_iter().chain([self.name.as_str()]).collect();
        let plan = sniff::plan(&text, &names);
        self.stage = Stage::Shown { text, whole };
        self.show(plan).expect("Invariant: the text is there")
    }
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
            Stage::Reading(reading) => (reading.rows.staging.rows(), reading.rows.refusals.count),
            _ => (0, 0),
        }
    }

    fn want(&self) -> Want {
        match self.stage {
            Stage::Shown { .. } | Stage::Over => Want::Nothing,
            // the end of the text has to be taken note of
            Stage::Sniffing { .. } | Stage::Reading(_) => match self.unpack.want() {
                Want::Nothing => Want::Read,
                want => want,
            },
        }
    }

    fn give(&mut self, slice: &[u8]) {
        self.unpack.give(slice);
    }

    fn work(&mut self) -> Outcome {
        let ended = self.unpack.want() == Want::Nothing;
        let outcome = match &mut self.stage {
            Stage::Shown { .. } | Stage::Over => return Outcome::Going,
            Stage::Sniffing { text } => {
                let read = if ended { Ok(()) } else { self.unpack.read(|part| text.extend_from_slice(part)) };
                let ended = self.unpack.want() == Want::Nothing;
                match read {
                    Err(reason) => Outcome::Failed(reason),
                    Ok(()) if !ended && text.len() < SNIFFED => return Outcome::Going,
                    Ok(()) => {
                        let text = core::mem::take(text);
                        return Outcome::Preview(Box::new(self.look(&text, ended)));
                    }
                }
            }
            Stage::Reading(reading) => {
                let Reading { lines, rows } = &mut **reading;
                if ended {
                    lines.finish(|line| rows.line(line));
                    match core::mem::replace(&mut self.stage, Stage::Over) {
                        Stage::Reading(reading) => reading.rows.finish(),
                        _ => return Outcome::Going,
                    }
                } else {
                    match self.unpack.read(|part| lines.push(part, |line| rows.line(line))) {
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
        let Stage::Shown { text, whole } = &self.stage else { return None };
        let mut preview = sniff::preview(text, plan, *whole);
        if let Some(inner) = self.unpack.inner_name() {
            preview.notes.push(format!("It is {inner} of the archive."));
        }
        if !self.unpack.left_out().is_empty() {
            preview.notes.push(format!(
                "Other files of the archive are left out: {}.",
                self.unpack.left_out().join(", ")
            ));
        }
        Some(preview)
    }

    fn start(&mut self, plan: Plan) -> Result<(), String> {
        let problems = plan.problems();
        if !problems.is_empty() {
            return Err(problems.join(" "));
        }
        let reader = Reader::new(&plan);
        let rows = Rows {
            header_is_due: reader.has_header(),
            reader,
            staging: Staging::new(plan),
            refusals: Refusals::default(),
            others: 0,
        };
        self.unpack = Unpack::new(self.size);
        self.stage = Stage::Reading(Box::new(Reading { lines: Lines::default(), rows }));
        Ok(())
    }
}

impl Rows {
    fn line(&mut self, line: super::lines::Line<'_>) {
        let text = match line.text {
            Ok(text) if reader::is_blank(text) => return,
            Ok(text) => text,
            Err(reason) => return self.refusals.add(line.number, reason.to_owned()),
        };
        if core::mem::take(&mut self.header_is_due) {
            return;
        }
        let staging = &mut self.staging;
        match self.reader.read(text, |row| staging.take(row)) {
            Ok(0) => self.others += 1,
            Ok(_) => {}
            Err(reason) => self.refusals.add(line.number, reason),
        }
    }

    fn finish(self) -> Outcome {
        let rows = self.staging.rows();
        if rows == 0 {
            let first = self.refusals.first.first();
            return Outcome::Failed(first.map_or_else(
                || "there is no row in it".to_owned(),
                |refusal| {
                    format!(
                        "none of its rows can be read; the first, in line {}: {}",
                        refusal.line, refusal.reason
                    )
                },
            ));
        }
        match self.staging.finish() {
            Ok(legs) => Outcome::Done(Taken { legs, rows, refusals: self.refusals, others: self.others }),
            Err(reason) => Outcome::Failed(reason),
        }
    }
}
