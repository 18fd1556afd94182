//! One trade on its way from the socket's frame to the figure that the page draws, step by step.

use crate::virtual_time::{clock_frame, trade_frame};
use spreadscope::view::charts::figure::{Canvas, ChartKind, Theme, build};
use spreadscope::view::charts::offsets::Offsets;
use spreadscope::view::charts::range::Span;
use spreadscope::view::screen::model::Model;
use spreadscope_engine::bars::{DecimalSum, Origin};
use spreadscope_engine::base::symbol::Leg;
use spreadscope_engine::binance::wire::{self, Frame};
use spreadscope_engine::messages::event::Fact;
use spreadscope_engine::messages::input::SocketEvent;
use spreadscope_engine::messages::protocol::{ToPage, decode, encode};
use spreadscope_engine::{Command, Engine, Event, Input, Output, Settings, UnixMillis};

const T0: i64 = 1_700_000_000_000;

fn take(engine: &mut Engine, events: &mut Vec<Event>) -> Option<u64> {
    let mut socket = None;
    while let Some(output) = engine.poll() {
        match output {
            Output::Emit(event) => events.push(event),
            Output::OpenSocket { generation, .. } => socket = Some(generation),
            _ => {}
        }
    }
    socket
}

#[test]
fn a_trade_goes_from_its_frame_through_every_room_to_the_figure() {
    let mut engine = Engine::new(1);
    let mut events = Vec::new();
    let settings = Settings::default();
    engine.handle(UnixMillis(T0), Input::Command(Command::Configure(Box::new(settings.clone()))));
    let generation = take(&mut engine, &mut events).expect("settings open a socket");

    // binance: the frame is parsed
    let text = trade_frame("BTCUSDT", 7, "101.25", T0 + 1_200);
    let Ok(Frame::Trade { symbol, trade }) = wire::parse(&text) else { panic!("{text} is a trade") };
    assert_eq!((&*symbol, trade.price, trade.trade_id), ("BTCUSDT", 101.25, 7));

    // market: its id is placed, and it waits among the ticks for its bar to close
    for (millis, text) in [
        (T0 + 200, trade_frame("BTCUSDT", 6, "100.00", T0 + 200)),
        (T0 + 210, trade_frame("ETHUSDT", 3, "10.00", T0 + 210)),
        (T0 + 1_200, text),
        (T0 + 1_300, trade_frame("ETHUSDT", 4, "10.10", T0 + 1_300)),
        (T0 + 2_600, clock_frame(T0 + 2_600)),
    ] {
        let event = SocketEvent::Frame(text);
        engine.handle(UnixMillis(millis), Input::Socket { generation, event });
        take(&mut engine, &mut events);
    }
    let markets = engine.markets().expect("settings are in force");
    assert_eq!(markets.legs[Leg::Y as usize].ticks.newest(1), [trade]);

    // bars: its second is closed, with exact sums
    let bar = markets.legs[Leg::Y as usize].seconds().get(UnixMillis(T0 + 1_000));
    let traded = bar.traded.expect("the bar has a trade");
    assert_eq!((bar.origin, traded.close, traded.trades), (Origin::Live, 101.25, 1));
    assert_eq!(traded.quote_volume.value(), 202.5);
    assert_eq!(traded.volume, DecimalSum::of(2.0));

    // analytics and messages: a row is reported, and survives the encoding unchanged
    let mut model = Model::new(settings);
    let mut closes = Vec::new();
    for event in events {
        let ToPage::Event(event) = decode(&encode(&ToPage::Event(event))).unwrap() else {
            panic!("an event")
        };
        if let Event::Fact { fact: Fact::Rows { rows, .. }, .. } = &event {
            closes.extend(rows.iter().map(|row| (row.open_time, row.y.close)));
        }
        model.apply(event);
    }
    assert_eq!(closes.last(), Some(&(UnixMillis(T0 + 1_000), Some(101.25))));

    // view: the page draws it
    let span = Span { from: T0 as f64, to: (T0 + 3_000) as f64 };
    let canvas = Canvas {
        width: 400,
        height: 200,
        span,
        offsets: Offsets::fixed(0),
        now: UnixMillis(0),
        theme: Theme::default(),
        unpaid_z: None,
        two_axes: false,
        values: None,
        hidden: Vec::new(),
    };
    let figure = build(ChartKind::Volume, &model, &canvas);
    let drawn = figure.columns[0].x.iter().zip(&figure.columns[0].y);
    assert!(drawn.clone().any(|(_, value)| (*value - 202.5).abs() < 1e-9), "{:?}", figure.columns[0]);
}
