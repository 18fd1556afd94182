//! The state of the screen as the fragment of its address, so that a link restores it.
//!
//! The fragment never leaves the browser. It holds what differs from the defaults, so that a link means the
//! same to everyone. At most it names a venue, never an address to connect to, and it leaves alone how long
//! this machine keeps its history. What cannot be used is named and ignored.

use crate::view::charts::layout::Layout;
use crate::view::charts::range::{Span, TimeRange};
use crate::view::numbers::evidence::EvidenceChoice;
use crate::view::numbers::trade::TradeOptions;
use crate::view::replay;
use crate::view::screen::route::Route;
use crate::view::screen::scheme::Scheme;
use crate::view::screen::side::Side;
use crate::view::screen::zone::Zone;
use crate::view::settings::form;
use crate::view::settings::named;
use spreadscope_engine::Pair;
use spreadscope_engine::base::number;
use spreadscope_engine::replay::Place;
use spreadscope_engine::settings::{About, Settings, Source};
use spreadscope_engine::transfer::timestamp;

/// Longest link that is read; ours are shorter.
const LONGEST: usize = 2_000;
/// Most ignored parts of a link that are named; the rest are counted.
const NAMED: usize = 16;
/// Times permitted in a span, milliseconds since 1970: 1973 to 2286.
const TIMES: core::ops::Range<f64> = 1e11..1e13;
/// The mark of a link to a recording; its value is the span of its rows, or `0.0`.
const RECORDING: &str = "recording";
/// Most bars that a range can follow.
const MOST_BARS: usize = 1_000_000;

/// The parts of the screen that a link carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Screen {
    /// The view.
    pub route: Route,
    /// The engine's settings.
    pub settings: Settings,
    /// The span of the rows shown, which a link to a recording carries: its files stay on this machine.
    pub rows: Option<Span>,
    /// The span of the charts.
    pub range: TimeRange,
    /// The charts.
    pub layout: Layout,
    /// The side panels.
    pub side: Side,
    /// The colours.
    pub scheme: Scheme,
    /// The time zone shown.
    pub zone: Zone,
    /// Capital, sizing and costs of a trade.
    pub trade: TradeOptions,
    /// The choices on the evidence.
    pub evidence: EvidenceChoice,
    /// The running replay.
    pub replay: Option<Place>,
    /// The scanner's choices, in its own words.
    pub scan: String,
    /// The backtest's choices, in its page's words.
    pub backtest: String,
}

/// A recording of a link that is not shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// Its settings.
    pub settings: Settings,
    /// The replay of it that the link asks for.
    pub replay: Option<Place>,
}

/// The contents of an address.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    /// The view.
    pub route: Route,
    /// The settings, if the address has any.
    pub settings: Option<Settings>,
    /// A recording that is not shown, to be opened once its files are here.
    pub recording: Option<Linked>,
    /// The span of the charts.
    pub range: Option<TimeRange>,
    /// The charts.
    pub layout: Option<Layout>,
    /// The side panels.
    pub side: Option<Side>,
    /// The colours.
    pub scheme: Option<Scheme>,
    /// The time zone shown.
    pub zone: Option<Zone>,
    /// Capital, sizing and costs of a trade.
    pub trade: Option<TradeOptions>,
    /// The choices on the evidence.
    pub evidence: Option<EvidenceChoice>,
    /// A replay to open.
    pub replay: Option<Place>,
    /// The scanner's choices, in its own words.
    pub scan: Option<String>,
    /// The backtest's choices, for its page to read.
    pub backtest: Option<String>,
    /// What was ignored, in words.
    pub ignored: Vec<String>,
}

/// Returns the fragment for `screen`, without its `#`.
pub fn write(screen: &Screen) -> String {
    let Screen {
        route,
        settings,
        rows,
        range,
        layout,
        side,
        scheme,
        zone,
        trade,
        evidence,
        replay,
        backtest,
        scan,
    } = screen;
    let mut words = vec![
        format!("y={}", settings.pair.y),
        format!("x={}", settings.pair.x),
        format!("interval={}", settings.interval.as_str()),
    ];
    let mut add = |name: &str, value: &str| words.push(format!("{name}={value}"));
    if settings.source == Source::BinanceUs {
        add("venue", "binance-us");
    }
    if settings.source == Source::Recording {
        let Span { from, to } = rows.unwrap_or(Span { from: 0.0, to: 0.0 });
        add(RECORDING, &format!("{}.{}", from.round(), to.round()));
    }
    let defaults = Settings::default();
    for setting in Settings::ALL.iter().filter(|setting| setting.group != About::Storage) {
        let value = setting.text(settings);
        if value != setting.text(&defaults) {
            add(setting.link, &value);
        }
    }
    match *range {
        TimeRange::Follow { .. } if *range == TimeRange::following(settings.interval) => {}
        TimeRange::Follow { bars: Some(bars) } => add("bars", &bars.to_string()),
        TimeRange::Follow { bars: None } => add("bars", "all"),
        TimeRange::Fixed(Span { from, to }) => {
            add("from", &from.round().to_string());
            add("to", &to.round().to_string());
        }
    }
    // always included: whoever opens the link may have arranged the screen differently
    add("layout", &layout.store());
    add("side", &side.store());
    if *scheme != Scheme::default() {
        add("theme", scheme.as_str());
    }
    if *zone != Zone::default() {
        add("time", zone.as_str());
    }
    if *trade != TradeOptions::default() {
        add("trade", &trade.store());
    }
    if *evidence != EvidenceChoice::default() {
        add("evidence", &evidence.store());
    }
    if let Some(place) = replay {
        add("replay", &replay::write(place));
    }
    if !scan.is_empty() {
        add("scan", scan);
    }
    if !backtest.is_empty() {
        add("backtest", backtest);
    }
    format!("{}?{}", route.path(), words.join("&"))
}

/// Returns whether `to` shows another page than `from`, so that Back should lead from one to the other.
pub fn is_step(from: &str, to: &str) -> bool {
    let route = |fragment: &str| Route::parse(fragment.split('?').next().unwrap_or_default());
    // an anchor, or an address of nothing, is no page to go back to
    let is_page = from.is_empty() || from.starts_with('/');
    is_page && route(from).is_ok_and(|from| route(to).is_ok_and(|to| to != from))
}

/// Reads a fragment, without its `#`, on a page built for `page` whose user has `own` settings. The fragment
/// may be any text.
pub fn read(fragment: &str, page: &Source, own: &Settings) -> Link {
    let mut link = Link::default();
    if fragment.len() > LONGEST {
        link.ignored.push(format!("The link was ignored: it has {} characters.", fragment.len()));
        return link;
    }
    // an anchor of the page, or nothing
    if !fragment.starts_with('/') {
        return link;
    }
    let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
    match Route::parse(path) {
        Ok(route) => link.route = route,
        Err(reason) => link.ignored.push(format!("The address was ignored: {reason}.")),
    }
    let mut draft = Draft::new(page, own);
    for word in query.split('&').filter(|word| !word.is_empty()) {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        if let Err(reason) = draft.take(name, value, &mut link) {
            let shown: String = word.chars().take(60).collect();
            link.ignored.push(format!("{shown:?} in the link was ignored: {reason}."));
        }
    }
    draft.finish(&mut link);
    let more = link.ignored.len().saturating_sub(NAMED);
    if more > 0 {
        link.ignored.truncate(NAMED);
        link.ignored.push(format!("{more} more parts of the link were ignored."));
    }
    link
}

/// Settings being read.
struct Draft<'a> {
    page: &'a Source,
    settings: Settings,
    touched: bool,
    span: [Option<f64>; 2],
    /// What the user is shown now.
    own: &'a Settings,
    /// The span of the recording that the link is of.
    recording: Option<(i64, i64)>,
}

impl<'a> Draft<'a> {
    fn new(page: &'a Source, own: &'a Settings) -> Self {
        let settings = Settings { source: page.clone(), ..Settings::default().keeping_as(own) };
        Self { page, settings, touched: false, span: [None, None], own, recording: None }
    }

    fn take(&mut self, name: &str, value: &str, link: &mut Link) -> Result<(), String> {
        match name {
            "from" | "to" => {
                let time = number::parse(value).filter(|time| TIMES.contains(time));
                self.span[usize::from(name == "to")] =
                    Some(time.ok_or("it must be milliseconds since 1970")?);
            }
            "bars" => {
                let bars = match value {
                    "all" => None,
                    count => Some(
                        count
                            .parse()
                            .ok()
                            .filter(|count| (1..=MOST_BARS).contains(count))
                            .ok_or("it must be a number of bars, or all")?,
                    ),
                };
                link.range = Some(TimeRange::Follow { bars });
            }
            RECORDING => {
                let span = value
                    .split_once('.')
                    .and_then(|(from, to)| Some((from.parse::<i64>().ok()?, to.parse::<i64>().ok()?)));
                self.recording = Some(span.ok_or("it must be two times, milliseconds since 1970")?);
            }
            "scan" => link.scan = Some(value.to_owned()),
            "layout" => link.layout = Some(Layout::parse(value)?),
            "side" => link.side = Some(Side::parse(value)?),
            "theme" => link.scheme = Some(Scheme::parse(value).ok_or("it must be system, light or dark")?),
            "trade" => link.trade = Some(TradeOptions::parse(value)?),
            "replay" => link.replay = Some(replay::read(value)?),
            "evidence" => link.evidence = Some(EvidenceChoice::parse(value)?),
            "backtest" => link.backtest = Some(value.to_owned()),
            "time" => link.zone = Some(Zone::parse(value).ok_or("it must be utc or local")?),
            _ => {
                self.settings = self.with(name, value)?;
                self.touched = true;
            }
        }
        Ok(())
    }

    /// Returns the settings with one more value set, if it can be used.
    fn with(&self, name: &str, value: &str) -> Result<Settings, String> {
        if name != "venue" {
            return named::with(&self.settings, name, value);
        }
        let source = Source::parse(value).ok().filter(|source| form::sources(self.page).contains(source));
        Ok(Settings { source: source.ok_or("this page has no such venue")?, ..self.settings.clone() })
    }

    fn finish(mut self, link: &mut Link) {
        match self.span {
            [Some(from), Some(to)] if from < to => link.range = Some(TimeRange::Fixed(Span { from, to })),
            [None, None] => {}
            _ => link.ignored.push("The link's from and to were ignored: they are not a span.".to_owned()),
        }
        if let Err(errors) = self.settings.validate() {
            let told = errors.iter().map(form::in_words).collect::<Vec<_>>().join("; ");
            link.ignored.push(format!("The link's settings were ignored: {told}."));
            self.touched = false;
        }
        link.settings = self.touched.then_some(self.settings);
        if let Some(span) = self.recording {
            of_recording(link, span, self.own);
        }
    }
}

/// Makes `link`, which is of a recording, one to that recording if it is shown; otherwise it shows and replays no other
/// market in its place, and says what to import.
fn of_recording(link: &mut Link, (from, to): (i64, i64), own: &Settings) {
    let Some(settings) = link.settings.take() else { return };
    if own.source == Source::Recording && own.pair == settings.pair {
        link.settings = Some(Settings { source: Source::Recording, ..settings });
        return;
    }
    link.range = None;
    let when = if [from, to].iter().all(|time| TIMES.contains(&(*time as f64))) {
        format!(", {} to {}", timestamp::format(from), timestamp::format(to))
    } else {
        String::new()
    };
    let Pair { y, x } = &settings.pair;
    link.ignored.push(format!(
        "This link is of a recording ({y} and {x}, {} bars{when}), which is not in the link: import its files with Import, \
         and it opens as in the link.",
        settings.interval.as_str()
    ));
    // nor does a replay of it load other bars in their place
    let settings = Settings { source: Source::Recording, ..settings };
    link.recording = Some(Linked { settings, replay: link.replay.take() });
}

#[cfg(test)]
mod tests;
