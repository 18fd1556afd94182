//! The file on its way in and the recordings that are held, as the engine sees them.

use super::import::{Outcome, Taken};
use super::limits::Limits;
use super::news::{ImportCommand, LegReport, News, Report};
use super::plan::Plan;
use super::recorded::Recorded;
use super::sniff::Preview;
use super::unpack::Want;
use crate::{Symbol, UnixMillis};
use std::collections::{BTreeMap, BTreeSet};

/// At most one word of progress in this time.
const PROGRESS_MILLIS: i64 = 100;

/// A slice of a file that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceWanted {
    /// The file.
    pub import: u64,
    /// Its first byte.
    pub offset: u64,
    /// Its length.
    pub length: u64,
}

/// A file on its way in. What reads it is given to the engine when the first file comes: a visit without one does
/// not need it.
pub trait ReadFile: core::fmt::Debug {
    /// The file's name.
    fn name(&self) -> &str;
    /// Bytes read, and bytes in all.
    fn progress(&self) -> (u64, u64);
    /// Rows taken and refused so far.
    fn rows(&self) -> (u64, u64);
    /// What it needs to go on.
    fn want(&self) -> Want;
    /// Takes the slice that was wanted.
    fn give(&mut self, slice: &[u8]);
    /// Does the next piece of work, a few milliseconds of it.
    fn work(&mut self, now: UnixMillis) -> Outcome;
    /// Shows the first rows in another way; `None` unless the file has been looked at and not been started.
    fn show(&self, plan: Plan) -> Option<Preview>;
    /// Reads the file from its beginning as `plan` has it.
    ///
    /// # Errors
    /// Why it cannot be read in that way.
    fn start(&mut self, plan: Plan) -> Result<(), String>;
}

/// Opens a file of which the name and the size in bytes are known, to be read within limits.
pub type OpenFile = fn(String, u64, Limits) -> Box<dyn ReadFile>;

/// Imports and what they have given.
#[derive(Debug, Default)]
pub struct Imports {
    open: Option<OpenFile>,
    limits: Limits,
    current: Option<(u64, Box<dyn ReadFile>)>,
    requested: Option<SliceWanted>,
    recordings: BTreeMap<Symbol, Recorded>,
    next_progress: UnixMillis,
    /// Markets whose recording has changed since that was last taken.
    changed: BTreeSet<Symbol>,
    /// What earlier visits have kept is among the recordings.
    restored: bool,
}

impl Imports {
    /// Nothing yet, to be held within `limits`; the default are those of a page.
    pub fn within(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Most bars.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Files are opened with `open` from now on.
    pub fn open_with(&mut self, open: OpenFile) {
        self.open = Some(open);
    }

    /// Whether files can be opened.
    pub fn can_open(&self) -> bool {
        self.open.is_some()
    }

    /// The recording of `symbol`.
    pub fn recording(&self, symbol: &Symbol) -> Option<&Recorded> {
        self.recordings.get(symbol)
    }

    /// All recordings, by symbol.
    pub fn recordings(&self) -> impl ExactSizeIterator<Item = (&Symbol, &Recorded)> {
        self.recordings.iter()
    }

    /// The same in another engine: a slice that the first has requested does not come.
    #[must_use]
    pub fn moved(self) -> Self {
        Self { requested: None, ..self }
    }

    /// Puts in what earlier visits have kept; what has been brought in since stands.
    pub(crate) fn put_back(&mut self, kept: BTreeMap<Symbol, Recorded>) {
        self.restored = true;
        for (symbol, recorded) in kept {
            self.recordings.entry(symbol).or_insert(recorded);
        }
    }

    /// Whether what earlier visits have kept is here.
    pub(crate) fn is_restored(&self) -> bool {
        self.restored
    }

    /// Takes the markets whose recording has changed since the last call.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<Symbol> {
        core::mem::take(&mut self.changed)
    }

    /// What is held, for the page.
    pub fn summaries(&self) -> News {
        News::Recordings(self.recordings.iter().map(|(symbol, recorded)| recorded.summary(symbol)).collect())
    }

    /// Takes a command of the page.
    pub fn command(&mut self, command: ImportCommand, news: &mut Vec<News>) {
        match command {
            ImportCommand::Open { import, name, bytes } => {
                self.leave(news);
                match self.open {
                    Some(open) => self.current = Some((import, open(name, bytes, self.limits))),
                    None => news.push(News::Failed {
                        import,
                        reason: "the part of the page that reads files could not be fetched: try again when there \
                                 is a network"
                            .to_owned(),
                    }),
                }
            }
            ImportCommand::Show { import, plan } => {
                if let Some(preview) = self.file(import).and_then(|file| file.show(plan)) {
                    news.push(News::Preview { import, preview: Box::new(preview) });
                }
            }
            ImportCommand::Start { import, plan } => {
                let refused = self.file(import).map(|file| file.start(plan));
                self.requested = None;
                if let Some(Err(reason)) = refused {
                    news.push(News::Failed { import, reason });
                }
            }
            ImportCommand::Cancel { import } => {
                if self.file(import).is_some() {
                    self.leave(news);
                }
            }
            ImportCommand::Forget { symbol } => {
                if self.recordings.remove(&symbol).is_some() {
                    news.push(self.summaries());
                    self.changed.insert(symbol);
                }
            }
        }
    }

    /// Takes a slice that was wanted, or why there is none.
    pub fn slice(&mut self, import: u64, offset: u64, answer: Result<&[u8], String>, news: &mut Vec<News>) {
        let Some(requested) =
            self.requested.filter(|requested| requested.import == import && requested.offset == offset)
        else {
            return;
        };
        self.requested = None;
        let answer = answer.and_then(|slice| {
            let whole = slice.len() as u64 == requested.length;
            whole.then_some(slice).ok_or_else(|| "the file has changed while it was read".to_owned())
        });
        match (answer, self.file(import)) {
            (Ok(slice), Some(file)) => file.give(slice),
            (Err(reason), Some(_)) => {
                self.current = None;
                news.push(News::Failed { import, reason });
            }
            (_, None) => {}
        }
    }

    /// Does a piece of work, if there is any: a few milliseconds. Returns whether a recording has changed.
    pub fn work(&mut self, now: UnixMillis, news: &mut Vec<News>) -> bool {
        let Some((import, file)) = &mut self.current else { return false };
        let import = *import;
        if self.requested.is_some() || file.want() != Want::Read {
            return false;
        }
        match file.work(now) {
            Outcome::Going => {
                if now >= self.next_progress {
                    self.next_progress = now + PROGRESS_MILLIS;
                    let ((done, bytes), (rows, refused)) = (file.progress(), file.rows());
                    news.push(News::Progress { import, done, bytes, rows, refused });
                }
                false
            }
            Outcome::Preview(preview) => {
                news.push(News::Preview { import, preview });
                false
            }
            Outcome::Failed(reason) => {
                self.current = None;
                news.push(News::Failed { import, reason });
                false
            }
            Outcome::Done(taken) => {
                let name = file.name().to_owned();
                self.current = None;
                match self.take(import, name, taken) {
                    Ok(report) => {
                        news.push(News::Done(Box::new(report)));
                        news.push(self.summaries());
                        true
                    }
                    Err(reason) => {
                        news.push(News::Failed { import, reason });
                        false
                    }
                }
            }
        }
    }

    /// Whether there is work to do at once.
    pub fn has_work(&self) -> bool {
        self.requested.is_none() && self.current.as_ref().is_some_and(|(_, file)| file.want() == Want::Read)
    }

    /// The slice to be read next, told once.
    pub fn wanted(&mut self) -> Option<SliceWanted> {
        let (import, file) = self.current.as_ref()?;
        match (self.requested, file.want()) {
            (None, Want::Slice { offset, length }) => {
                self.requested = Some(SliceWanted { import: *import, offset, length });
                self.requested
            }
            _ => None,
        }
    }

    fn file(&mut self, import: u64) -> Option<&mut dyn ReadFile> {
        let (current, file) = self.current.as_mut()?;
        (*current == import).then_some(&mut **file)
    }

    fn leave(&mut self, news: &mut Vec<News>) {
        self.requested = None;
        if let Some((import, _)) = self.current.take() {
            news.push(News::Cancelled { import });
        }
    }

    /// Puts a whole file among the recordings, all of it or nothing.
    fn take(&mut self, import: u64, name: String, taken: Taken) -> Result<Report, String> {
        let Taken { mut legs, rows, refusals, others, repeated, unpriced, mut notes } = taken;
        // of bars of two lengths the shorter are held, whichever came first: longer ones are made of them
        let mut left_out = Vec::new();
        legs.retain(|leg| {
            let held = self
                .recordings
                .get(&leg.symbol)
                .filter(|held| held.step_millis() < leg.recorded.step_millis());
            left_out.extend(held.map(|held| held.in_place_of(&leg.recorded, &leg.symbol)));
            held.is_none()
        });
        if legs.is_empty() && !left_out.is_empty() {
            return Err(left_out.join("; "));
        }
        notes.append(&mut left_out);
        let held: usize = self.recordings.values().map(Recorded::room).sum();
        let more: usize = legs.iter().map(|leg| leg.recorded.room()).sum();
        let most = self.limits.in_all;
        if held.saturating_add(more) > most {
            return Err(format!(
                "there is no room for {more} bars beside {held} of other recordings: {most} are held at most"
            ));
        }
        if legs.iter().all(|leg| leg.recorded.known().hull().is_none()) {
            let reason = "it has no whole bar: all of its bars are missing, or all of its trades are in its first and \
                          its last second, of which parts may be cut off";
            return Err(reason.to_owned());
        }
        let mut reports = Vec::new();
        for leg in legs {
            reports.push(LegReport {
                summary: leg.recorded.summary(&leg.symbol),
                missing_ids: leg.missing_ids,
                lengthened_from: leg.lengthened_from,
            });
            if leg.recorded.known().hull().is_none() {
                continue;
            }
            self.changed.insert(leg.symbol.clone());
            match self.recordings.get_mut(&leg.symbol) {
                Some(recorded) => {
                    if leg.recorded.step_millis() != recorded.step_millis() {
                        notes.push(leg.recorded.in_place_of(recorded, &leg.symbol));
                    }
                    notes.extend(recorded.contradicted(&leg.recorded, &leg.symbol));
                    recorded.absorb(leg.recorded);
                }
                None => drop(self.recordings.insert(leg.symbol, leg.recorded)),
            }
        }
        Ok(Report { import, name, rows, refusals, others, repeated, unpriced, notes, legs: reports })
    }
}
