//! The cells of the page's state that belong to one owner: what it alone writes, and others read.

use crate::view::charts::layout::Layout;
use crate::view::charts::range::TimeRange;
use crate::view::numbers::trade::TradeOptions;
use crate::view::replay::Playback;
use crate::view::screen::scheme::Scheme;
use crate::view::screen::side::Side;
use crate::view::screen::zone::Zone;
use crate::web::offline;
use leptos::prelude::*;
use spreadscope_engine::alert::Alert;
use spreadscope_engine::analytics::evidence::Beside;
use spreadscope_engine::analytics::position::Position;
use spreadscope_engine::replay::Place;

/// An alert on its way over the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// Counts the alerts of this session.
    pub id: u64,
    /// The alert.
    pub alert: Alert,
}

/// Takes encoded news.
pub type TakeNews = Box<dyn Fn(&[u8])>;

/// How the desk looks: what a link and the next visit bring back.
#[derive(Debug, Default)]
pub struct Look {
    /// Whose time of day is shown.
    pub zone: RwSignal<Zone>,
    /// The colours.
    pub scheme: RwSignal<Scheme>,
    /// Counts the changes of colour scheme: charts read their colours again.
    pub theme: RwSignal<u64>,
    /// The charts, in the user's order.
    pub layout: RwSignal<Layout>,
    /// The panels beside them, in the user's order.
    pub side: RwSignal<Side>,
    /// The span of time that all charts show.
    pub range: RwSignal<TimeRange>,
    /// The crosshair that all charts share, milliseconds since 1970.
    pub cursor: RwSignal<Option<f64>>,
}

/// What the panels of evidence and trade have been told.
#[derive(Debug, Default)]
pub struct Panels {
    /// Capital, sizing and costs of a trade.
    pub trade: RwSignal<TradeOptions>,
    /// The position that is followed.
    pub position: RwSignal<Option<Position>>,
    /// What stands beside the evidence.
    pub beside: RwSignal<Beside>,
}

/// The backtest's, which its part alone understands.
#[derive(Debug, Default)]
pub struct Backtest {
    /// The choices of the backtest as a link has them, for the part that knows what they mean.
    pub link: RwSignal<String>,
    /// What takes the news of a backtest, while its page is open.
    pub news: StoredValue<Option<TakeNews>, LocalStorage>,
}

/// The scanner's, which its part alone understands.
#[derive(Debug, Default)]
pub struct Scan {
    /// What the engine has told of a scan, until the scanner takes it.
    pub news: RwSignal<Vec<Vec<u8>>>,
    /// What the scanner shows, as its link tells it.
    pub link: RwSignal<String>,
    /// What the scanner has found, for when it is shown again.
    pub found: StoredValue<Vec<u8>>,
}

/// A replay.
#[derive(Debug, Default)]
pub struct Replayed {
    /// What is shown of a replay.
    pub playback: RwSignal<Playback>,
    /// The span and the place of the replay, as a link carries them.
    pub place: RwSignal<Option<Place>>,
}

/// What the page says by itself.
#[derive(Debug, Default)]
pub struct Notes {
    /// Alerts on display as toasts, newest last.
    pub toasts: RwSignal<Vec<Toast>>,
    /// What the user should know about this session, such as stored values that were ignored.
    pub notices: RwSignal<Vec<String>>,
    /// Why there is no engine, once that is so.
    pub lost: RwSignal<Option<String>>,
    /// What the last command did, for a moment and for readers.
    pub said: RwSignal<String>,
    /// A new version of the page that waits to be taken, unless the user has put it off.
    pub update: RwSignal<Option<offline::Update>, LocalStorage>,
}
