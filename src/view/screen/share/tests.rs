use super::*;
use crate::view::charts::figure::ChartKind;
use crate::view::screen::side::SidePanel;
use proptest::prelude::*;
use spreadscope_engine::Interval;
use spreadscope_engine::analytics::evidence::Beside;
use spreadscope_engine::settings::test_options::{FitTerms, LagRule};
use spreadscope_engine::settings::{HedgeKind, PriceScale};

fn screen() -> Screen {
    Screen {
        route: Route::parse("/analytics/spread").unwrap(),
        settings: Settings {
            interval: Interval::OneMinute,
            z_window_bars: 120,
            z_threshold: 2.5,
            z_hysteresis: 0.25,
            hedge_model: HedgeKind::Kalman,
            price_scale: PriceScale::Logs,
            test_lags: LagRule::TStat,
            test_terms: FitTerms::Linear,
            overlays: vec![HedgeKind::Huber, HedgeKind::TheilSen],
            ..Settings::default()
        },
        rows: None,
        range: TimeRange::Fixed(Span { from: 1_700_000_000_000.0, to: 1_700_003_600_000.0 }),
        layout: Layout::default().toggled(ChartKind::Volume).resized(ChartKind::Price),
        side: Side::default().raised(SidePanel::Feed).toggled(SidePanel::Watchlist),
        scheme: Scheme::Dark,
        zone: Zone::Local,
        trade: TradeOptions { fee_bps: 7.5, shades: true, ..TradeOptions::default() },
        evidence: EvidenceChoice { beside: Beside::SlowerInterval, resamples: true },
        replay: replay::read("1700000000000.1700003600000.1700001800000").ok(),
        scan: "top50,USDT,1h,250;by,z:2;-q-bh".to_owned(),
        backtest: "entry_z:2.5~fee_bps:4".to_owned(),
    }
}

fn read(fragment: &str, page: &Source) -> Link {
    super::read(fragment, page, &Settings::default())
}

fn of(link: Link) -> Screen {
    assert_eq!(link.ignored, Vec::<String>::new());
    let settings = link.settings.unwrap();
    Screen {
        route: link.route,
        rows: None,
        range: link.range.unwrap_or(TimeRange::following(settings.interval)),
        layout: link.layout.unwrap(),
        side: link.side.unwrap(),
        scheme: link.scheme.unwrap_or_default(),
        zone: link.zone.unwrap_or_default(),
        trade: link.trade.unwrap_or_default(),
        evidence: link.evidence.unwrap_or_default(),
        replay: link.replay,
        scan: link.scan.unwrap_or_default(),
        backtest: link.backtest.unwrap_or_default(),
        settings,
    }
}

#[test]
fn another_page_is_a_step_back_and_another_setting_is_not() {
    let backtest = "/backtest?y=BTCUSDT&x=ETHUSDT&interval=1s";
    assert!(is_step(backtest, "/?y=BTCUSDT&x=ETHUSDT&interval=1s&from=1&to=2"));
    assert!(
        is_step("", backtest)
            && is_step("/", "/ticks/BTCUSDT")
            && is_step("/ticks/BTCUSDT", "/ticks/ETHUSDT")
    );
    assert!(!is_step("", "/?y=BTCUSDT&x=ETHUSDT&interval=1s"));
    assert!(!is_step(backtest, "/backtest?y=BTCUSDT&x=ETHUSDT&interval=1m&backtest=entry_z:3"));
    // neither an anchor nor an address that shows nothing is a page
    assert!(!is_step("charts", backtest) && !is_step("/no/such/view", backtest));
}

#[test]
fn a_link_restores_the_screen() {
    let screen = screen();
    assert_eq!(of(read(&write(&screen), &Source::Binance)), screen);
    let plain = Screen {
        route: Route::Desk,
        settings: Settings::default(),
        rows: None,
        range: TimeRange::default(),
        layout: Layout::default(),
        side: Side::default(),
        scheme: Scheme::System,
        zone: Zone::Utc,
        trade: TradeOptions::default(),
        evidence: EvidenceChoice::default(),
        replay: None,
        scan: String::new(),
        backtest: String::new(),
    };
    let charts = Layout::default().store();
    let side = "tests.-evidence.-trade.watchlist.alerts.feed";
    assert_eq!(write(&plain), format!("/?y=BTCUSDT&x=ETHUSDT&interval=1s&layout={charts}&side={side}"));
    assert_eq!(of(read(&write(&plain), &Source::Binance)), plain);
    let venue = Settings { source: Source::BinanceUs, ..Settings::default() };
    let other = Screen { settings: venue, range: TimeRange::Follow { bars: None }, ..plain };
    assert_eq!(of(read(&write(&other), &Source::Binance)), other);
}

#[test]
fn each_bad_value_is_named_and_the_rest_is_taken() {
    let link = read(
        "/?y=BTCUSDT&x==cmd|calc&interval=2s&z_window_bars=5&hedge_window_bars=many&z_threshold=3&colour=red\
         &bars=0&layout=price.candles&side=news&theme=pink&venue=loopback:http://127.0.0.1:1&from=1",
        &Source::Binance,
    );
    let settings = link.settings.unwrap();
    assert_eq!(settings, Settings { z_threshold: 3.0, ..Settings::default() });
    let named = ["x==cmd", "interval=2s", "z_window_bars=5", "hedge_window_bars=many", "colour=red"];
    let others = ["bars=0", "layout=price.candles", "side=news", "theme=pink", "venue=loopback", "from=1"];
    for word in named.into_iter().chain(others) {
        assert!(link.ignored.iter().any(|line| line.contains(word)), "{word}: {:?}", link.ignored);
    }
    assert_eq!(link.ignored.len(), 11, "{:?}", link.ignored);
    assert!(link.ignored.iter().any(|line| line.contains("z window must be 10 to 20000 bars, was 5")));
}

#[test]
fn how_long_history_is_kept_is_neither_told_nor_taken() {
    let own = Settings { keep_days: 365, keep_ticks_hours: 12, ..Settings::default() };
    let told = write(&Screen { settings: own.clone(), ..screen() });
    assert!(!told.contains("keep"), "{told}");
    let link = super::read("/?z_threshold=3&keep_days=1", &Source::Binance, &own);
    assert_eq!(link.settings, Some(Settings { z_threshold: 3.0, ..own }));
    assert_eq!(
        link.ignored,
        ["\"keep_days=1\" in the link was ignored: how long history is kept is set on this page only."]
    );
}

#[test]
fn settings_at_odds_with_each_other_are_ignored_together() {
    for text in ["/?z_threshold=1&z_hysteresis=2", "/?y=ETHUSDT&x=ETHUSDT"] {
        let link = read(text, &Source::Binance);
        assert_eq!((link.settings, link.ignored.len()), (None, 1), "{text}");
    }
    let order = read("/?z_hysteresis=3&z_threshold=4", &Source::Binance);
    assert_eq!(order.settings.map(|settings| settings.z_hysteresis), Some(3.0));
}

#[test]
fn no_link_leads_away_from_the_stand_in_or_to_it() {
    let loopback = Source::Loopback { origin: "http://127.0.0.1:9443".into() };
    let link = read("/?y=SOLUSDT&venue=binance-us", &loopback);
    assert_eq!(link.settings.map(|settings| settings.source), Some(loopback));
    assert_eq!(link.ignored.len(), 1);
}

#[test]
fn an_anchor_or_nothing_is_no_link_and_a_book_is_refused() {
    assert_eq!(read("", &Source::Binance), Link::default());
    assert_eq!(read("feed", &Source::Binance), Link::default());
    assert_eq!(read(&"/".repeat(3_000), &Source::Binance).ignored.len(), 1);
    let many = read(&format!("/?{}", "a&".repeat(900)), &Source::Binance).ignored;
    assert_eq!((many.len(), many[16].as_str()), (17, "884 more parts of the link were ignored."));
}

proptest! {
    #[test]
    fn whatever_stands_in_an_address_the_settings_are_valid(text in "/[a-z/]{0,8}[?&=%a-z0-9_.-]{0,200}") {
        let link = read(&text, &Source::Binance);
        if let Some(settings) = link.settings {
            prop_assert_eq!(settings.validate(), Ok(()));
        }
    }
}

#[test]
fn a_link_to_a_recording_never_shows_the_live_market_in_its_place() {
    let recorded = Settings { source: Source::Recording, ..screen().settings };
    let rows = Some(Span { from: 1_700_000_000_000.0, to: 1_700_086_400_000.0 });
    let link = write(&Screen { settings: recorded.clone(), rows, ..screen() });
    // elsewhere it says what is missing
    let elsewhere = read(&link, &Source::Binance);
    assert_eq!((&elsewhere.settings, elsewhere.range), (&None, None));
    let waits = Linked { settings: recorded.clone(), replay: screen().replay };
    assert!(waits.replay.is_some() && elsewhere.recording == Some(waits), "it waits for its files");
    assert_eq!(elsewhere.replay, None, "the span is the file's");
    assert_eq!(
        elsewhere.ignored,
        [format!(
            "This link is of a recording ({} and {}, 1m bars, 2023-11-14T22:13:20.000Z to 2023-11-15T22:13:20.000Z), which is \
             not in the link: import its files with Import, and it opens as in the link.",
            recorded.pair.y, recorded.pair.x
        )]
    );
    assert_eq!(elsewhere.backtest, Some(screen().backtest), "its choices stand");
    // on the recording itself it shows that
    let here = super::read(&link, &Source::Binance, &Settings { z_window_bars: 77, ..recorded.clone() });
    assert_eq!((here.settings, here.recording), (Some(recorded.clone()), None));
    assert_eq!(here.replay, screen().replay);
    assert_eq!(here.ignored, Vec::<String>::new());
    let of_others =
        Settings { pair: Pair { x: recorded.pair.y.clone(), ..recorded.pair.clone() }, ..recorded };
    assert_eq!(super::read(&link, &Source::Binance, &of_others).settings, None);
    for broken in ["recording", "recording=1", "recording=a.b"] {
        let link = read(&format!("/?y=KO&x=PEP&{broken}"), &Source::Binance);
        assert_eq!(link.ignored.len(), 1, "{broken}");
    }
}
