//! The files that the user can take away: the analytics table and the alerts.

use crate::view::csv::{self, Csv};
use crate::view::format;
use crate::view::model::Model;
use crate::view::range::Span;
use crate::view::series::Column;
use spreadscope_engine::UnixMillis;
use spreadscope_engine::event::{Alert, Direction, Origin};

/// A file with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Returns every closed row that opens within `span`, all of them without one, oldest first.
///
/// `open_time` is ISO 8601 in UTC, `open_time_ms` the same in milliseconds since 1970; numbers are in full;
/// what does not exist is empty. `y_origin` and `x_origin` say where the bar comes from.
pub fn analytics(model: &Model, span: Option<Span>, now: UnixMillis) -> File {
    let series = &model.series;
    let rows = span.map_or(0..series.len(), |span| series.between(span.from, span.to));
    let mut columns = vec!["open_time", "open_time_ms", "y_origin", "x_origin"];
    columns.extend(Column::ALL.map(Column::name));
    let mut csv = Csv::new(&csv::parameters(&model.settings, now.0), &columns);
    for row in rows {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
        let open_time = series.times()[row] as i64;
        csv.word(&format::iso(open_time));
        csv.whole(open_time);
        for origin in series.origins()[row] {
            csv.word(origin_word(origin));
        }
        for column in Column::ALL {
            csv.number(series.column(column)[row]);
        }
        csv.end_row();
    }
    File { name: csv::file_name("analytics", &model.settings, now.0), text: csv.finish() }
}

/// Returns the alerts of this session, newest first.
pub fn alerts(model: &Model, now: UnixMillis) -> File {
    let columns =
        ["time", "time_ms", "bar_open_time_ms", "direction", "z_score", "threshold", "spread", "hedge_ratio"];
    let mut csv = Csv::new(&csv::parameters(&model.settings, now.0), &columns);
    for alert in &model.alerts {
        let Alert { time, open_time, direction, z, threshold, spread, hedge_ratio } = *alert;
        csv.word(&format::iso(time.0));
        csv.whole(time.0);
        csv.whole(open_time.0);
        csv.word(match direction {
            Direction::Above => "above",
            Direction::Below => "below",
        });
        for number in [z, threshold, spread, hedge_ratio] {
            csv.number(number);
        }
        csv.end_row();
    }
    File { name: csv::file_name("alerts", &model.settings, now.0), text: csv.finish() }
}

const fn origin_word(origin: Origin) -> &'static str {
    match origin {
        Origin::Live => "live",
        Origin::History => "history",
        Origin::Missing => "missing",
        Origin::Outage => "outage",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::series::tests::row;
    use spreadscope_engine::Settings;

    const T0: f64 = 1_700_000_000_000.0;

    fn model(rows: i64) -> Model {
        let mut model = Model::new(Settings::default());
        for second in 0..rows {
            model.series.put(&row(second, second as f64 / 3.0));
        }
        model
    }

    /// The header and the rows below it, as cells.
    fn cells(text: &str) -> Vec<Vec<&str>> {
        let table = text.split("\r\n").filter(|line| !line.starts_with('#') && !line.is_empty());
        table.map(|line| line.split(',').collect()).collect()
    }

    #[test]
    fn every_row_is_there_and_every_number_reads_back() {
        let model = model(20);
        let file = analytics(&model, None, UnixMillis(0));
        let table = cells(&file.text);
        assert_eq!(table.len(), 21);
        let z = table[0].iter().position(|name| *name == "z_score").unwrap();
        for (row, cells) in table[1..].iter().enumerate() {
            assert_eq!(cells.len(), table[0].len());
            assert_eq!(cells[z].parse::<f64>().unwrap().to_bits(), (row as f64 / 3.0).to_bits());
        }
        assert_eq!(table[1][..4], ["2023-11-14T22:13:20.000Z", "1700000000000", "live", "live"]);
        assert_eq!(file.name, "spreadscope-analytics-BTCUSDT-ETHUSDT-1s-19700101T000000Z.csv");
    }

    #[test]
    fn what_does_not_exist_is_empty() {
        let table_text = analytics(&model(1), None, UnixMillis(0)).text;
        let table = cells(&table_text);
        let place = table[0].iter().position(|name| *name == "correlation_log_returns").unwrap();
        assert_eq!(table[1][place], "");
    }

    #[test]
    fn the_visible_range_takes_its_rows_and_no_others() {
        let span = Span { from: T0 + 5_000.0, to: T0 + 9_500.0 };
        let text = analytics(&model(20), Some(span), UnixMillis(0)).text;
        let times: Vec<&str> = cells(&text)[1..].iter().map(|row| row[1]).collect();
        assert_eq!(times.first(), Some(&"1700000005000"));
        assert_eq!(times.last(), Some(&"1700000009000"));
    }

    #[test]
    fn alerts_keep_their_numbers() {
        let mut model = model(1);
        let time = UnixMillis(1_700_000_001_000);
        model.alerts.push_front(Alert {
            time,
            open_time: time - 1_000,
            direction: Direction::Below,
            z: -2.25,
            threshold: 2.0,
            spread: -4.5,
            hedge_ratio: 20.0,
        });
        let text = alerts(&model, UnixMillis(0)).text;
        assert_eq!(
            cells(&text)[1],
            [
                "2023-11-14T22:13:21.000Z",
                "1700000001000",
                "1700000000000",
                "below",
                "-2.25",
                "2",
                "-4.5",
                "20"
            ]
        );
    }
}
