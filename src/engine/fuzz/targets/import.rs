//! A whole file as an import: previewed, started as proposed, finished or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use spreadscope_engine::transfer::{Import, ImportCommand, Imports, News};
use spreadscope_engine::{Interval, UnixMillis};

const NAMES: [&str; 5] = [
    "BTCUSDT-trades-2024-08-09.csv",
    "BTCUSDT-1m-2024-08-09.zip",
    "20180404_btcusd_minute_trade.csv",
    "recording.jsonl.gz",
    "KO.csv",
];
/// Most steps of work: a small file may unpack to a very large one.
const MOST_STEPS: usize = 64;

fn run(imports: &mut Imports, file: &[u8], news: &mut Vec<News>) -> bool {
    for _ in 0..MOST_STEPS {
        imports.work(UnixMillis(1_800_000_000_000), news);
        if let Some(wanted) = imports.wanted() {
            let from = usize::try_from(wanted.offset).expect("within the file");
            let to = from + usize::try_from(wanted.length).expect("within the file");
            imports.slice(wanted.import, wanted.offset, Ok(&file[from..to]), news);
        } else if !imports.has_work() {
            return true;
        }
    }
    false
}

fuzz_target!(|data: &[u8]| {
    let Some((&name, file)) = data.split_first() else { return };
    let name = NAMES[usize::from(name) % NAMES.len()].to_owned();
    let (mut imports, mut news) = (Imports::default(), Vec::new());
    imports.open_with(Import::open);
    imports.command(ImportCommand::Open { import: 1, name, bytes: file.len() as u64 }, &mut news);
    if !run(&mut imports, file, &mut news) {
        return;
    }
    let plan = news.drain(..).find_map(|news| match news {
        News::Preview { preview, .. } => Some(preview.plan),
        _ => None,
    });
    let Some(plan) = plan else { return };
    imports.command(ImportCommand::Start { import: 1, plan }, &mut news);
    if !run(&mut imports, file, &mut news) {
        return;
    }
    let done = news.iter().any(|news| matches!(news, News::Done(_)));
    let failed = news.iter().any(|news| matches!(news, News::Failed { .. }));
    assert!(done != failed && done == (imports.recordings().len() > 0));
    for (_, recorded) in imports.recordings() {
        assert!(recorded.len() <= 202_000);
        for interval in Interval::ALL {
            if let Some(bars) = recorded.bars(interval) {
                assert!(bars.len() <= interval.bars_kept());
            }
        }
    }
});
