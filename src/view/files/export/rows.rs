//! A row of each table.

use crate::view::files::table::{Cell, Writer};
use crate::view::numbers::calendar;
use crate::view::numbers::column::{Column, LegColumn};
use crate::view::screen::model::Model;
use spreadscope_engine::{Symbol, Trade};

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
fn open_time(model: &Model, row: usize) -> [Cell; 2] {
    let millis = model.series.times()[row] as i64;
    [Cell::Text(calendar::iso(millis)), Cell::Whole(millis)]
}

pub(super) fn analytics(model: &Model, row: usize, writer: &mut Writer) {
    let series = &model.series;
    let mut cells = Vec::with_capacity(4 + Column::ALL.len());
    cells.extend(open_time(model, row));
    cells.extend(series.origins()[row].map(|origin| Cell::word(origin.as_str())));
    cells.extend(Column::ALL.map(|column| Cell::Number(series.column(column)[row])));
    writer.row(&cells);
}

pub(super) fn legs(model: &Model, row: usize, writer: &mut Writer) {
    let y = [
        Column::Y(LegColumn::Open),
        Column::Y(LegColumn::High),
        Column::Y(LegColumn::Low),
        Column::Y(LegColumn::Close),
        Column::Y(LegColumn::Volume),
        Column::Y(LegColumn::QuoteVolume),
        Column::Y(LegColumn::Trades),
    ];
    let x = [
        Column::X(LegColumn::Open),
        Column::X(LegColumn::High),
        Column::X(LegColumn::Low),
        Column::X(LegColumn::Close),
        Column::X(LegColumn::Volume),
        Column::X(LegColumn::QuoteVolume),
        Column::X(LegColumn::Trades),
    ];
    let pair = &model.settings.pair;
    for (leg, (symbol, columns)) in [(&pair.y, y), (&pair.x, x)].into_iter().enumerate() {
        let mut cells = vec![Cell::word(symbol.as_str())];
        cells.extend(open_time(model, row));
        cells.extend(columns.map(|column| Cell::Number(model.series.column(column)[row])));
        cells.push(Cell::word(model.series.origins()[row][leg].as_str()));
        writer.row(&cells);
    }
}

pub(super) fn tick(symbol: &Symbol, trade: &Trade) -> [Cell; 7] {
    [
        Cell::word(symbol.as_str()),
        Cell::Whole(trade.trade_time.0),
        Cell::Number(trade.price),
        Cell::Number(trade.size),
        Cell::Whole(i64::try_from(trade.trade_id).unwrap_or(i64::MAX)),
        Cell::Whole(trade.event_time.0),
        Cell::Flag(trade.buyer_is_maker),
    ]
}
