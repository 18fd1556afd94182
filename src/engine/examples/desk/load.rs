//! Reads files with the page's importer, exactly as proposed, without changes by a user.

use spreadscope_engine::bars::Bars;
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::transfer::plan::intervals;
use spreadscope_engine::transfer::{Import, ImportCommand, Imports, Limits, News, Preview};
use spreadscope_engine::{Interval, Symbol, UnixMillis};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The result of a file.
pub(super) struct Outcome {
    pub(super) file: String,
    pub(super) preview: Option<Preview>,
    pub(super) end: Result<Report, String>,
}

/// A market as it would be shown.
pub(super) struct Market {
    pub(super) symbol: Symbol,
    /// The shortest interval at which it can be shown.
    pub(super) interval: Interval,
    pub(super) bars: Bars,
}

/// The results of all files.
pub(super) struct Loaded {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) imports: Imports,
}

impl Loaded {
    /// The markets, in the order of the files.
    pub(super) fn markets(&self) -> Vec<Market> {
        let reports = self.outcomes.iter().filter_map(|outcome| outcome.end.as_ref().ok());
        let mut markets: Vec<Market> = Vec::new();
        for symbol in reports.flat_map(|report| &report.legs).map(|leg| &leg.summary.symbol) {
            let recording = self.imports.recording(symbol);
            let shown = recording.and_then(|recording| {
                let interval = intervals(recording.step_millis()).next()?;
                Some((interval, recording.bars(interval)?))
            });
            if let Some((interval, bars)) = shown
                && markets.iter().all(|market| market.symbol != *symbol)
            {
                markets.push(Market { symbol: symbol.clone(), interval, bars });
            }
        }
        markets
    }
}

/// Reads files in turn.
pub(super) fn load(files: &[String]) -> Loaded {
    let mut imports = Imports::within(Limits::PROGRAM);
    imports.open_with(Import::open);
    let mut outcomes: Vec<Outcome> = Vec::new();
    for file in files {
        let outcome = take(&mut imports, outcomes.len() as u64 + 1, file, None);
        let others = outcome.preview.as_ref().map_or_else(Vec::new, |preview| preview.others.clone());
        outcomes.push(outcome);
        for inner in others {
            outcomes.push(take(&mut imports, outcomes.len() as u64 + 1, file, Some(&inner)));
        }
    }
    Loaded { outcomes, imports }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program has the time of its machine; the engine is given it"
)]
fn now() -> UnixMillis {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis());
    UnixMillis(i64::try_from(elapsed).unwrap_or(i64::MAX / 2))
}

/// Imports a file, or the file `inner` of an archive.
fn take(imports: &mut Imports, import: u64, file: &str, inner: Option<&str>) -> Outcome {
    let within = |name: &str| inner.map_or_else(|| name.to_owned(), |inner| format!("{name}/{inner}"));
    let failed = |reason: String| Outcome { file: within(file), preview: None, end: Err(reason) };
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return failed(format!("{file}: {error}")),
    };
    let name =
        Path::new(file).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut news = Vec::new();
    let name = within(&name);
    imports.command(ImportCommand::Open { import, name, bytes: bytes.len() as u64 }, &mut news);
    work(imports, &bytes, &mut news);
    let (mut preview, mut end) = (None, None);
    for news in news.drain(..) {
        match news {
            News::Preview { preview: found, .. } => preview = Some(*found),
            News::Failed { reason, .. } => end = Some(Err(reason)),
            _ => {}
        }
    }
    if let Some(preview) = preview.as_ref().filter(|preview| preview.problems.is_empty()) {
        imports.command(ImportCommand::Start { import, plan: preview.plan.clone() }, &mut news);
        work(imports, &bytes, &mut news);
        for news in news {
            match news {
                News::Done(report) => end = Some(Ok(*report)),
                News::Failed { reason, .. } => end = Some(Err(reason)),
                _ => {}
            }
        }
    }
    let problems = || preview.as_ref().map_or_else(String::new, |preview| preview.problems.join(" "));
    let end = end.unwrap_or_else(|| Err(problems()));
    Outcome { file: within(file), preview, end }
}

/// Passes in slices of the file until there is nothing left to do at once.
fn work(imports: &mut Imports, bytes: &[u8], news: &mut Vec<News>) {
    loop {
        imports.work(now(), news);
        if let Some(wanted) = imports.wanted() {
            let from = usize::try_from(wanted.offset).unwrap_or(usize::MAX).min(bytes.len());
            let to =
                from.saturating_add(usize::try_from(wanted.length).unwrap_or(usize::MAX)).min(bytes.len());
            imports.slice(wanted.import, wanted.offset, Ok(&bytes[from..to]), news);
        } else if !imports.has_work() {
            return;
        }
    }
}
