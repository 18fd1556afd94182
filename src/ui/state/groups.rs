//! Groups of the page's state that belong to one owner, who alone writes them while others read.

use crate::view::charts::layout::Layout;
use crate::view::charts::range::TimeRange;
use crate::view::numbers::evidence::EvidenceChoice;
use crate::view::numbers::trade::TradeOptions;
use crate::view::replay::Playback;
use crate::view::screen::scheme::Scheme;
use crate::view::screen::side::{Side, SidePanel};
use crate::view::screen::zone::Zone;
use crate::web::offline;
use core::any::Any;
use leptos::prelude::*;
use spreadscope_engine::alert::Alert;
use spreadscope_engine::analytics::position::Position;
use spreadscope_engine::replay::Place;

/// An alert shown as a toast.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// Counts the alerts of this session.
    pub id: u64,
    /// The alert.
    pub alert: Alert,
}

/// Takes encoded news.
pub type TakeNews = Box<dyn Fn(&[u8])>;

/// The desk's appearance: what a link and the next visit restore.
#[derive(Debug, Default)]
pub struct Look {
    /// The zone of the times shown.
    pub zone: RwSignal<Zone>,
    /// The colours.
    pub scheme: RwSignal<Scheme>,
    /// Counts the changes of colour scheme, after which charts read their colours again.
    pub theme: RwSignal<u64>,
    /// The charts, in the user's order.
    pub layout: RwSignal<Layout>,
    /// The side panels, in the user's order.
    pub side: RwSignal<Side>,
    /// The span of time that all charts show.
    pub range: RwSignal<TimeRange>,
    /// The crosshair that all charts share, milliseconds since 1970.
    pub cursor: RwSignal<Option<f64>>,
}

/// The state of the evidence and trade panels.
#[derive(Debug, Default)]
pub struct Panels {
    /// Capital, sizing and costs of a trade.
    pub trade: RwSignal<TradeOptions>,
    /// The position that is followed.
    pub position: RwSignal<Option<Position>>,
    /// The one entered in a replay, a recording or the demo, apart from the live one.
    pub rehearsed: RwSignal<Option<Position>>,
    /// The choices on the evidence.
    pub evidence: RwSignal<EvidenceChoice>,
    /// The panel that has just been opened, until it is laid out and shows itself.
    pub opened: RwSignal<Option<SidePanel>>,
}

/// The backtest's state, which only its part understands.
#[derive(Debug, Default)]
pub struct Backtest {
    /// The backtest's choices as a link carries them, for the part that understands them.
    pub link: RwSignal<String>,
    /// Takes the news of a backtest, once its page has been opened.
    pub news: StoredValue<Option<TakeNews>, LocalStorage>,
    /// The runs and the job under way, which stay while another page is shown.
    pub session: StoredValue<Option<Box<dyn Any>>, LocalStorage>,
}

/// The scanner's state, which only its part understands.
#[derive(Debug, Default)]
pub struct Scan {
    /// The engine's news of a scan, until the scanner takes them.
    pub news: RwSignal<Vec<Vec<u8>>>,
    /// The scanner's choices as a link carries them.
    pub link: RwSignal<String>,
    /// The scanner's findings, for when it is shown again.
    pub found: StoredValue<Vec<u8>>,
}

/// A replay.
#[derive(Debug, Default)]
pub struct Replayed {
    /// The state of playback.
    pub playback: RwSignal<Playback>,
    /// The span and the place of the replay, as a link carries them.
    pub place: RwSignal<Option<Place>>,
}

/// The page's own messages.
#[derive(Debug, Default)]
pub struct Notes {
    /// Alerts shown as toasts, newest last.
    pub toasts: RwSignal<Vec<Toast>>,
    /// What the user should know about this session, such as stored values that were ignored.
    pub notices: RwSignal<Vec<String>>,
    /// Why there is no engine, if there is none.
    pub lost: RwSignal<Option<String>>,
    /// The outcome of the last command, shown for a moment and read out.
    pub said: RwSignal<String>,
    /// A new version of the page that is waiting, unless the user has put it off.
    pub update: RwSignal<Option<offline::Update>, LocalStorage>,
}
