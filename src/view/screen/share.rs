//! The state of the screen as the fragment of its address, so that a link restores it.
//!
//! The fragment never leaves the browser. It holds what differs from the defaults, so that a link means the
//! same to everyone; it names a venue at most, never an address to connect to, and how long this machine keeps its
//! history is no business of a link. What cannot be used is named and ignored.

use crate::view::charts::layout::Layout;
use crate::view::charts::range::{Span, TimeRange};
use crate::view::numbers::trade::TradeOptions;
use crate::view::replay;
use crate::view::screen::route::Route;
use crate::view::screen::scheme::Scheme;
use crate::view::screen::side::Side;
use crate::view::screen::zone::Zone;
use crate::view::settings::form;
use crate::view::settings::named;
use spreadscope_engine::analytics::evidence::Beside;
use spreadscope_engine::base::number;
use spreadscope_engine::replay::Place;
use spreadscope_engine::settings::{About, Settings, Source};

/// Longer than any link of ours.
const LONGEST: usize = 2_000;
/// Parts of a link that are named when they are ignored; of more there is a count.
const NAMED: usize = 16;
/// Times of a span, milliseconds since 1970: 1973 to 2286.
const TIMES: core::ops::Range<f64> = 1e11..1e13;
/// Bars that a range can follow at most.
const MOST_BARS: usize = 1_000_000;

/// What of the screen a link carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Screen {
    /// Which view.
    pub route: Route,
    /// The engine's settings.
    pub settings: Settings,
    /// The span of the charts.
    pub range: TimeRange,
    /// The charts.
    pub layout: Layout,
    /// The panels beside them.
    pub side: Side,
    /// The colours.
    pub scheme: Scheme,
    /// Whose time.
    pub zone: Zone,
    /// Capital, sizing and costs of a trade.
    pub trade: TradeOptions,
    /// What stands beside the evidence.
    pub evidence: Beside,
    /// The replay that is on.
    pub replay: Option<Place>,
    /// What the scanner shows, in its own words.
    pub scan: String,
    /// The choices of the backtest, in the words of its page.
    pub backtest: String,
}

/// What was found in an address.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    /// Which view.
    pub route: Route,
    /// The settings, if the address speaks of any.
    pub settings: Option<Settings>,
    /// The span of the charts.
    pub range: Option<TimeRange>,
    /// The charts.
    pub layout: Option<Layout>,
    /// The panels beside them.
    pub side: Option<Side>,
    /// The colours.
    pub scheme: Option<Scheme>,
    /// Whose time.
    pub zone: Option<Zone>,
    /// Capital, sizing and costs of a trade.
    pub trade: Option<TradeOptions>,
    /// What stands beside the evidence.
    pub evidence: Option<Beside>,
    /// A replay to go to.
    pub replay: Option<Place>,
    /// What the scanner shows, in its own words.
    pub scan: Option<String>,
    /// The choices of the backtest, for its page to read.
    pub backtest: Option<String>,
    /// What was ignored, in words.
    pub ignored: Vec<String>,
}

/// Returns the fragment for `screen`, without its `#`.
pub fn write(screen: &Screen) -> String {
    let Screen {
        route,
        settings,
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
    // told in any case: who opens the link may have arranged the screen in another way
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
    if *evidence != Beside::default() {
        add("evidence", evidence.as_str());
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

/// Reads a fragment, without its `#`, on a page built for `page` whose user has `own` settings. Anything may stand in
/// it.
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

/// Settings in the making.
struct Draft<'a> {
    page: &'a Source,
    settings: Settings,
    touched: bool,
    span: [Option<f64>; 2],
}

impl<'a> Draft<'a> {
    fn new(page: &'a Source, own: &Settings) -> Self {
        let settings = Settings { source: page.clone(), ..Settings::default().keeping_as(own) };
        Self { page, settings, touched: false, span: [None, None] }
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
            "scan" => link.scan = Some(value.to_owned()),
            "layout" => link.layout = Some(Layout::parse(value)?),
            "side" => link.side = Some(Side::parse(value)?),
            "theme" => link.scheme = Some(Scheme::parse(value).ok_or("it must be system, light or dark")?),
            "trade" => link.trade = Some(TradeOptions::parse(value)?),
            "replay" => link.replay = Some(replay::read(value)?),
            "evidence" => {
                link.evidence = Some(
                    Beside::parse(value).ok_or("it must be nothing, other-direction or slower-interval")?,
                );
            }
            "backtest" => link.backtest = Some(value.to_owned()),
            "time" => link.zone = Some(Zone::parse(value).ok_or("it must be utc or local")?),
            _ => {
                self.settings = self.with(name, value)?;
                self.touched = true;
            }
        }
        Ok(())
    }

    /// The settings with one more of them set, if its value can be used.
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
    }
}

#[cfg(test)]
mod tests;
