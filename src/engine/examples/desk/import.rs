//! Files read by the reader of the desk's import form, as it would take them without a change of the user's.

use super::report;
use spreadscope_engine::transfer::news::Report;
use spreadscope_engine::transfer::{Ask, Import, Imports, News, Preview};
use spreadscope_engine::{Symbol, UnixMillis};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// What came of a file.
pub(super) struct Outcome {
    pub(super) file: String,
    pub(super) preview: Option<Preview>,
    pub(super) end: Result<Report, String>,
}

pub(super) fn run(arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut files, mut json, mut bars) = (Vec::new(), false, None);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => json = true,
            "--bars" => bars = Some(arguments.next().ok_or("--bars needs a symbol")?),
            option if option.starts_with("--") => return Err(format!("there is no option {option}")),
            _ => files.push(argument),
        }
    }
    if files.is_empty() {
        return Err("usage: desk import FILE… [--json] [--bars SYMBOL]".to_owned());
    }
    let mut imports = Imports::default();
    imports.open_with(Import::open);
    let outcomes: Vec<Outcome> =
        (1..).zip(&files).map(|(number, file)| take(&mut imports, number, file)).collect();
    let mut order: Vec<Symbol> = Vec::new();
    for leg in outcomes.iter().filter_map(|outcome| outcome.end.as_ref().ok()).flat_map(|report| &report.legs)
    {
        let symbol = &leg.summary.symbol;
        if !order.contains(symbol) && imports.recording(symbol).is_some() {
            order.push(symbol.clone());
        }
    }
    match bars {
        Some(name) => report::bars(&imports, &name),
        None if json => report::json(&imports, &outcomes, &order),
        None => {
            report::words(&imports, &outcomes, &order);
            Ok(())
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program has the time of its machine; the engine is given it"
)]
fn now() -> UnixMillis {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis());
    UnixMillis(i64::try_from(elapsed).unwrap_or(i64::MAX / 2))
}

pub(super) fn take(imports: &mut Imports, import: u64, file: &str) -> Outcome {
    let failed = |reason: String| Outcome { file: file.to_owned(), preview: None, end: Err(reason) };
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return failed(format!("{file}: {error}")),
    };
    let name =
        Path::new(file).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut news = Vec::new();
    imports.ask(Ask::Open { import, name, bytes: bytes.len() as u64 }, &mut news);
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
        imports.ask(Ask::Start { import, plan: preview.plan.clone() }, &mut news);
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
    Outcome { file: file.to_owned(), preview, end }
}

/// Gives the file its slices until there is nothing left to do at once.
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
