//! A file being written. A day of seconds is written in parts, so that the page stays responsive.

use super::{What, parameters, rows};
use crate::view::alert::log;
use crate::view::charts::range::Span;
use crate::view::files::table::{Format, Writer};
use crate::view::inspect::evidence;
use crate::view::numbers::calendar;
use crate::view::replay;
use crate::view::screen::model::Model;
use spreadscope_engine::replay::Place;
use spreadscope_engine::{Settings, UnixMillis};

/// Rows per part.
const ROWS_PER_PART: usize = 500;

/// A file being written, from a model that keeps changing.
#[derive(Debug)]
pub struct Job {
    what: What,
    writer: Option<Writer>,
    /// The file's name: `spreadscope-analytics-BTCUSDT-ETHUSDT-1s-20261124T140322Z.csv`.
    pub name: String,
    /// Its format.
    pub format: Format,
    span: Span,
    /// Rows that open earlier are written already, or outside the span.
    next: f64,
}

impl Job {
    /// Starts a file of the rows in `span`, or of all rows without one.
    ///
    /// A file from a replay says so, and names the replay's span.
    pub fn new(
        what: What,
        format: Format,
        span: Option<Span>,
        settings: &Settings,
        now: UnixMillis,
        replay: Option<Place>,
    ) -> Self {
        let span = span.unwrap_or(Span { from: f64::NEG_INFINITY, to: now.as_f64() });
        // in NDJSON every line is a tick, as other programs expect
        let mut parameters = match (what, format) {
            (What::Ticks, Format::Ndjson) => Vec::new(),
            _ => parameters(settings, now.0),
        };
        if let Some(place) = replay.filter(|_| !parameters.is_empty()) {
            parameters.extend(replay::head(&place));
        }
        let name = format!(
            "spreadscope-{}{}-{}-{}-{}-{}.{}",
            if replay.is_some() { "replay-" } else { "" },
            what.as_str(),
            settings.pair.y,
            settings.pair.x,
            settings.interval.as_str(),
            calendar::stamp(now.0),
            format.as_str()
        );
        let writer = Some(Writer::new(format, &parameters, &what.columns()));
        Self { what, writer, name, format, span, next: span.from }
    }

    /// Writes and returns the next part of the file; `None` once it is complete.
    pub fn more(&mut self, model: &Model) -> Option<String> {
        let mut writer = self.writer.take()?;
        let done = match self.what {
            What::Analytics | What::Bars => self.bars(model, &mut writer),
            What::Ticks => self.ticks(model, &mut writer),
            What::Alerts => self.alerts(model, &mut writer),
            What::Evidence => {
                let rows = model.evidence.as_deref().map(evidence::rows).unwrap_or_default();
                for row in &rows {
                    writer.row(row);
                }
                true
            }
        };
        if done {
            return Some(writer.finish());
        }
        let part = writer.take();
        self.writer = Some(writer);
        Some(part)
    }

    /// Writes some rows; returns whether they were the last.
    fn bars(&mut self, model: &Model, writer: &mut Writer) -> bool {
        let series = &model.series;
        let rows = series.between(self.next, self.span.to);
        let end = rows.end.min(rows.start + ROWS_PER_PART);
        for row in rows.start..end {
            let time = series.times()[row];
            if self.what == What::Analytics {
                rows::analytics(model, row, writer);
            } else {
                rows::legs(model, row, writer);
            }
            // the smallest step, so that the next row is the one that opens after this
            self.next = time + 1.0;
        }
        end == rows.end
    }

    fn ticks(&self, model: &Model, writer: &mut Writer) -> bool {
        let Some(inspection) = &model.inspection else { return true };
        for leg in &inspection.ticks {
            for trade in &leg.trades {
                let time = trade.trade_time.as_f64();
                if time >= self.span.from && time <= self.span.to {
                    writer.row(&rows::tick(&leg.symbol, trade));
                }
            }
        }
        true
    }

    fn alerts(&self, model: &Model, writer: &mut Writer) -> bool {
        for alert in &model.alerts {
            let time = alert.time.as_f64();
            if time >= self.span.from && time <= self.span.to {
                writer.row(&log::row(alert));
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::alert::tests::alert;
    use crate::view::numbers::series::tests::row;
    use spreadscope_engine::alert::Alert;
    use spreadscope_engine::messages::event::{Inspection, LegTicks};
    use spreadscope_engine::{Symbol, Trade};

    const T0: f64 = 1_700_000_000_000.0;
    const T0_MILLIS: i64 = 1_700_000_000_000;

    fn model(rows: i64) -> Model {
        let mut model = Model::new(Settings::default());
        for second in 0..rows {
            model.series.put(&row(second, second as f64 / 3.0));
        }
        model
    }

    fn file(model: &Model, what: What, format: Format, span: Option<Span>) -> String {
        let now = UnixMillis(1_800_000_000_000);
        let mut job = Job::new(what, format, span, &model.settings, now, None);
        core::iter::from_fn(|| job.more(model)).collect()
    }

    /// Splits the header and the rows below it into cells.
    fn cells(text: &str) -> Vec<Vec<&str>> {
        let table = text.split("\r\n").filter(|line| !line.starts_with('#') && !line.is_empty());
        table.map(|line| line.split(',').collect()).collect()
    }

    #[test]
    fn every_row_is_there_and_every_number_reads_back() {
        let rows = 2 * ROWS_PER_PART + 7;
        let model = model(i64::try_from(rows).unwrap());
        let text = file(&model, What::Analytics, Format::Csv, None);
        let table = cells(&text);
        assert_eq!(table.len(), rows + 1);
        let place = |name: &str| table[0].iter().position(|column| *column == name).unwrap();
        for (row, cells) in table[1..].iter().enumerate() {
            assert_eq!(cells.len(), table[0].len());
            let z: f64 = cells[place("z_score")].parse().unwrap();
            assert_eq!(z.to_bits(), (row as f64 / 3.0).to_bits());
        }
        assert_eq!(table[1][..4], ["2023-11-14T22:13:20.000Z", "1700000000000", "live", "live"]);
        assert_eq!(table[1][place("correlation_log_returns")], "", "what does not exist is empty");
    }

    #[test]
    fn what_comes_from_a_replay_says_so_and_of_which_span() {
        let (model, now) = (model(3), UnixMillis(1_800_000_000_000));
        let place = Place {
            from: UnixMillis(T0_MILLIS),
            to: UnixMillis(T0_MILLIS + 60_000),
            at: UnixMillis(T0_MILLIS),
            begins: None,
        };
        for (format, told) in [
            (Format::Csv, "# replay_from: 2023-11-14T22:13:20.000Z\r\n# replay_to: 2023-11-14T22:14:20.000Z"),
            (Format::Json, r#""replay_from":"2023-11-14T22:13:20.000Z""#),
        ] {
            let of = |replay| Job::new(What::Analytics, format, None, &model.settings, now, replay);
            let (mut live, mut replayed) = (of(None), of(Some(place)));
            assert!(replayed.name.starts_with("spreadscope-replay-analytics-BTCUSDT"), "{}", replayed.name);
            let text = |job: &mut Job| core::iter::from_fn(|| job.more(&model)).collect::<String>();
            let replayed = text(&mut replayed);
            assert!(replayed.contains(told), "{replayed}");
            assert!(!text(&mut live).contains("replay"));
        }
    }

    #[test]
    fn rows_that_come_while_it_is_written_are_not_in_it_twice() {
        let mut model = model(i64::try_from(ROWS_PER_PART).unwrap() + 10);
        let now = UnixMillis(1_700_000_000_000 + 500_000);
        let mut job = Job::new(What::Analytics, Format::Csv, None, &model.settings, now, None);
        let mut text = job.more(&model).unwrap();
        // a row is replaced, and another one arrives
        model.series.put(&row(3, 9.0));
        model.series.put(&row(9_999, 9.0));
        text += &core::iter::from_fn(|| job.more(&model)).collect::<String>();
        let table = cells(&text);
        let mut times: Vec<i64> = table[1..].iter().map(|row| row[1].parse().unwrap()).collect();
        assert!(times.is_sorted() && times.last().unwrap() <= &now.0);
        times.dedup();
        assert_eq!(times.len(), table.len() - 1);
    }

    #[test]
    fn the_visible_range_takes_its_rows_and_no_others() {
        let span = Span { from: T0 + 5_000.0, to: T0 + 9_500.0 };
        let text = file(&model(20), What::Analytics, Format::Csv, Some(span));
        let times: Vec<&str> = cells(&text)[1..].iter().map(|row| row[1]).collect();
        assert_eq!((times.first(), times.last()), (Some(&"1700000005000"), Some(&"1700000009000")));
    }

    #[test]
    fn bars_have_a_row_for_each_leg() {
        let text = file(&model(2), What::Bars, Format::Csv, None);
        let table = cells(&text);
        assert_eq!(table.len(), 5);
        assert_eq!(table[1][..3], ["BTCUSDT", "2023-11-14T22:13:20.000Z", "1700000000000"]);
        assert_eq!(table[1][3..], ["60000", "60000", "60000", "60000", "1", "60000", "3", "live"]);
        assert_eq!(table[2][0], "ETHUSDT");
    }

    #[test]
    fn ticks_are_lines_of_symbol_ts_price_and_size() {
        let mut model = model(1);
        let leg = |name: &str, price| LegTicks {
            symbol: Symbol::new(name).unwrap(),
            kept: 1,
            trades: vec![Trade {
                trade_id: 7,
                trade_time: UnixMillis(1_700_000_000_123),
                event_time: UnixMillis(1_700_000_000_125),
                price,
                size: 0.5,
                buyer_is_maker: true,
            }],
        };
        let ticks = [leg("BTCUSDT", 60_000.5), leg("ETHUSDT", 2_600.0)];
        model.inspection = Some(Box::new(Inspection { ticks_requested: 9, ticks }));
        let text = file(&model, What::Ticks, Format::Ndjson, None);
        assert_eq!(
            text.lines().next(),
            Some(
                r#"{"symbol":"BTCUSDT","ts":1700000000123,"price":60000.5,"size":0.5,"trade_id":7,"event_ts":1700000000125,"buyer_is_maker":true}"#
            )
        );
        assert_eq!(text.lines().count(), 2);
        model.inspection = None;
        assert_eq!(cells(&file(&model, What::Ticks, Format::Csv, None)).len(), 1);
    }

    #[test]
    fn alerts_keep_their_numbers_and_parameters_are_said() {
        let mut model = model(1);
        let hostile = Alert { name: "=HYPERLINK(\"http://x\",\"a,b\")".to_owned(), ..alert(0, 2.5) };
        model.alerts.extend([alert(1, -2.25), hostile]);
        let text = file(&model, What::Alerts, Format::Csv, None);
        let lines: Vec<&str> = text.split("\r\n").filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            lines[1],
            "2023-11-14T22:13:22.000Z,1700000002000,1700000001000,BTCUSDT,ETHUSDT,1s,0,\
             z beyond the threshold,warning,fired,z,below,-2.25,-2,-2.25,-4.5,20,,,,,,,"
        );
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
        assert!(
            lines[2].contains("0,\"'=HYPERLINK(\"\"http://x\"\",\"\"a,b\"\")\",warning,"),
            "{}",
            lines[2]
        );
        assert!(text.contains("# hedge_window_bars: 300\r\n"), "{text}");
        let now = UnixMillis(0);
        let job = Job::new(What::Alerts, Format::Json, None, &model.settings, now, None);
        assert_eq!(job.name, "spreadscope-alerts-BTCUSDT-ETHUSDT-1s-19700101T000000Z.json");
    }
}
