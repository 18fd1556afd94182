//! The stand-in exchange as a program.

use lexopt::prelude::*;
use spreadscope_exchange::tape::{log, recorded, synthetic};
use spreadscope_exchange::{Config, Exchange, ScriptedFault, Tape, UnknownStream, Venue, serve_static_with};
use std::path::PathBuf;
use std::time::Duration;

const USAGE: &str =
    "spreadscope-exchange [--port N] [--tape synthetic|recorded] [--seed N] [--half-life-secs N] [--speed X]
    [--history-hours N] [--live-hours N] [--keep-times] [--waits] [--faults script.json]
    [--venue binance|us] [--symbols N] [--unknown-stream silent|closed] [--flat-errors] [--cors-on-errors] [--connection-secs N] [--static DIR] [--static-port N] [--static-header 'name: value']
spreadscope-exchange --write-log DIR";

struct Options {
    config: Config,
    recorded: bool,
    spec: synthetic::Spec,
    half_life_secs: u32,
    venue: Venue,
    symbols: usize,
    site: Option<PathBuf>,
    site_port: u16,
    site_headers: Vec<(String, String)>,
    log: Option<PathBuf>,
}

#[tokio::main]
async fn main() {
    if let Err(error) = run().await {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let options = options()?;
    if let Some(folder) = options.log {
        std::fs::create_dir_all(&folder)?;
        for (name, bytes) in log::files() {
            std::fs::write(folder.join(name), bytes)?;
        }
        return Ok(());
    }
    let tape: Tape = if options.recorded {
        let synthetic::Spec { history_hours, live_hours, .. } = options.spec;
        recorded::tape(&recorded::default_path(), &recorded::Spec { history_hours, live_hours })?
    } else {
        synthetic::tape_with_half_life(&options.spec, options.half_life_secs).with_coins()
    };
    let tape = tape.of_venue(options.venue).with_listed(options.symbols);
    let port = options.config.port;
    let exchange = Exchange::start(tape, options.config)
        .await
        .map_err(|error| format!("port {port} cannot be had ({error}): choose another with --port"))?;
    println!("stand-in exchange: {}", exchange.origin());
    if let Some(folder) = options.site {
        let headers: Vec<(&str, &str)> =
            options.site_headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (address, _served) = serve_static_with(&folder, options.site_port, &headers).await?;
        println!("static files:      http://{address}");
    }
    tokio::signal::ctrl_c().await?;
    Ok(())
}

const VENUES: [(&str, Venue); 2] = [("binance", Venue::Binance), ("us", Venue::Us)];
const UNKNOWN: [(&str, UnknownStream); 2] =
    [("silent", UnknownStream::Silent), ("closed", UnknownStream::Closed)];

/// Returns what `word` names among `known`.
fn named<T: Copy, const N: usize>(
    option: &str,
    word: &str,
    known: [(&str, T); N],
) -> Result<T, Box<dyn std::error::Error>> {
    let found = known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    let names = known.map(|(name, _)| name).join(" or ");
    found.ok_or_else(|| format!("{option} is {names}, was {word}").into())
}

fn header(text: &str) -> Result<(String, String), Box<dyn std::error::Error>> {
    let (name, value) = text.split_once(':').ok_or("--static-header is 'name: value'")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn options() -> Result<Options, Box<dyn std::error::Error>> {
    let mut options = Options {
        config: Config { port: 9443, ..Config::default() },
        recorded: false,
        spec: synthetic::Spec::default(),
        half_life_secs: synthetic::HALF_LIFE_SECS,
        venue: Venue::default(),
        symbols: 0,
        site: None,
        site_port: 8081,
        site_headers: Vec::new(),
        log: None,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => options.config.port = parser.value()?.parse()?,
            Long("tape") => {
                options.recorded = match parser.value()?.string()?.as_str() {
                    "recorded" => true,
                    "synthetic" => false,
                    other => return Err(format!("--tape is synthetic or recorded, was {other}").into()),
                }
            }
            Long("seed") => options.spec.seed = parser.value()?.parse()?,
            Long("half-life-secs") => options.half_life_secs = parser.value()?.parse()?,
            Long("speed") => options.config.speed = parser.value()?.parse()?,
            Long("history-hours") => options.spec.history_hours = parser.value()?.parse()?,
            Long("live-hours") => options.spec.live_hours = parser.value()?.parse()?,
            Long("keep-times") => options.config.keep_times = true,
            Long("waits") => options.config.waits = true,
            Long("faults") => {
                let script = std::fs::read_to_string(PathBuf::from(parser.value()?))?;
                options.config.script = serde_json::from_str::<Vec<ScriptedFault>>(&script)?;
            }
            Long("venue") => options.venue = named("--venue", &parser.value()?.string()?, VENUES)?,
            Long("symbols") => options.symbols = parser.value()?.parse()?,
            Long("unknown-stream") => {
                options.config.unknown_stream =
                    named("--unknown-stream", &parser.value()?.string()?, UNKNOWN)?;
            }
            Long("cors-on-errors") => options.config.cors_on_errors = true,
            Long("flat-errors") => options.config.nested_errors = false,
            Long("connection-secs") => {
                options.config.longest_connection = Duration::from_secs(parser.value()?.parse()?);
            }
            Long("static-header") => options.site_headers.push(header(&parser.value()?.string()?)?),
            Long("static") => options.site = Some(parser.value()?.into()),
            Long("write-log") => options.log = Some(parser.value()?.into()),
            Long("static-port") => options.site_port = parser.value()?.parse()?,
            Short('h') | Long("help") => {
                println!("{USAGE}");
                std::process::exit(0);
            }
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    Ok(options)
}
