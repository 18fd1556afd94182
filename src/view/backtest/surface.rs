//! The surface as a grid of cells: shaded by net, with peak and plateau marked, and a cursor moved by keys.

use super::fields;
use crate::view::numbers::format;
use core::fmt::Write as _;
use spreadscope_engine::backtest::settings::{Setting, Value};
use spreadscope_engine::backtest::{Cell, Grid, Parameters, Spot, Surface};

/// Shades on either side of zero.
const SHADES: f64 = 5.0;
/// Column heads with visible text are this many columns apart.
const HEADS_APART: usize = 7;
/// Number of rows in the table of the best cells.
const BEST: usize = 100;

/// Returns whether two sets of rules differ only in the axes of `grid`: then its cells apply to both.
pub fn of_same_rules(grid: &Grid, one: &Parameters, other: &Parameters) -> bool {
    let mut like = other.clone();
    for axis in &grid.axes {
        if let Some(setting) = Setting::named(axis.name) {
            (setting.write)(&mut like, (setting.read)(one));
        }
    }
    like == *one
}

/// Returns the values of a cell as settings and texts.
pub fn settings_at(grid: &Grid, place: usize) -> [(&'static str, String); 2] {
    let [down, across] = grid.values(place).map(|value| value.to_string());
    [(grid.axes[0].name, down), (grid.axes[1].name, across)]
}

/// Returns the shade of each cell: -5 to 5, with the largest loss or gain at an end; `None` where nothing
/// traded.
pub fn shades(surface: &Surface) -> Vec<Option<i8>> {
    let largest = surface.cells.iter().flatten().fold(0.0_f64, |most, cell| most.max(cell.net.abs()));
    let shade = |cell: &Cell| {
        let share = if largest > 0.0 { (cell.net / largest).clamp(-1.0, 1.0) * SHADES } else { 0.0 };
        // rounded away from zero: a small loss still shows as a loss
        let whole = if share < 0.0 { share.floor() } else { share.ceil() };
        #[expect(clippy::cast_possible_truncation, reason = "whole, -5 to 5")]
        let whole = whole as i8;
        whole
    };
    surface.cells.iter().map(|cell| cell.as_ref().map(shade)).collect()
}

/// Returns an axis value in short.
fn head(grid: &Grid, axis: usize, place: usize) -> String {
    match grid.axes[axis].values.get(place) {
        Some(value) => {
            let text = value.to_string();
            fields::word(&text).to_owned()
        }
        None => String::new(),
    }
}

/// Returns the number of cells across.
pub fn across(grid: &Grid) -> usize {
    grid.axes[1].values.len()
}

/// Returns the grid as the rows of an HTML table; it contains only numbers and words of our own, so nothing is
/// escaped.
pub fn html(grid: &Grid, surface: &Surface) -> String {
    let mut out = String::with_capacity(grid.len() * 90);
    let mut push = |text: core::fmt::Arguments<'_>| {
        out.write_fmt(text).expect("Invariant: a String takes any text");
    };
    let across = across(grid);
    push(format_args!(
        "<thead><tr role=\"row\"><th role=\"columnheader\" class=\"corner\"><span class=\"visually-hidden\">{} down, {} across</span></th>",
        fields::field(grid.axes[0].name).label,
        fields::field(grid.axes[1].name).label
    ));
    for column in 0..across {
        let text = head(grid, 1, column);
        // the head needs room to its right as well
        let has_room = column % HEADS_APART == 0 && across - column > HEADS_APART / 2;
        let class = if has_room || across <= 8 { "head" } else { "visually-hidden" };
        push(format_args!("<th role=\"columnheader\"><span class=\"{class}\">{text}</span></th>"));
    }
    push(format_args!("</tr></thead><tbody>"));
    let shades = shades(surface);
    let marked = |spot: &Option<Spot>, place| spot.is_some_and(|spot| spot.place == place);
    for row in 0..grid.axes[0].values.len() {
        let text = head(grid, 0, row);
        let class = if row % 5 == 0 || grid.axes[0].values.len() <= 8 { "head" } else { "visually-hidden" };
        push(format_args!(
            "<tr role=\"row\"><th role=\"rowheader\"><span class=\"{class}\">{text}</span></th>"
        ));
        for place in row * across..(row + 1) * across {
            let shade = shades.get(place).copied().flatten();
            let mark = match (marked(&surface.peak, place), marked(&surface.plateau, place)) {
                (true, true) => "◆",
                (true, false) => "▲",
                (false, true) => "■",
                (false, false) => "",
            };
            match shade {
                Some(shade) => push(format_args!(
                    "<td role=\"gridcell\" id=\"cell-{place}\" data-place=\"{place}\" data-shade=\"{shade}\" aria-label=\"{}\">{mark}</td>",
                    net_of(surface, place)
                )),
                None => push(format_args!(
                    "<td role=\"gridcell\" id=\"cell-{place}\" data-place=\"{place}\" aria-label=\"no trade\"></td>"
                )),
            }
        }
        push(format_args!("</tr>"));
    }
    push(format_args!("</tbody>"));
    out
}

fn net_of(surface: &Surface, place: usize) -> String {
    surface
        .cells
        .get(place)
        .and_then(Option::as_ref)
        .map_or_else(String::new, |cell| format::signed(cell.net, 2))
}

/// Returns the values of a cell: `Entry |z| 2.3, Exit z 0.1`.
pub fn values(grid: &Grid, place: usize) -> String {
    let across = across(grid);
    let named = |axis: usize, at: usize| {
        format!("{} {}", fields::field(grid.axes[axis].name).label, head(grid, axis, at))
    };
    format!("{}, {}", named(0, place / across), named(1, place % across))
}

/// Returns the contents of a cell in a sentence.
pub fn reading(grid: &Grid, surface: &Surface, place: usize) -> String {
    match surface.cells.get(place).and_then(Option::as_ref) {
        None => format!("{}: no trade", values(grid, place)),
        Some(cell) => {
            let fee = cell.break_even_fee_bps().map_or_else(|| "—".to_owned(), |fee| format::fixed(fee, 2));
            format!(
                "{}: net {}, {} round trip{}, break-even fee {fee} bps",
                values(grid, place),
                format::signed(cell.net, 2),
                format::count(cell.trades as u64),
                if cell.trades == 1 { "" } else { "s" }
            )
        }
    }
}

/// Returns a sentence about the peak or the plateau.
pub fn spot(grid: &Grid, spot: &Spot) -> String {
    let beyond = if is_at_edge(grid, spot.place) {
        "; at the edge of the grid: what lies beyond was not tried"
    } else {
        ""
    };
    format!(
        "{}: net {}; the median of its neighbours {}, the worst {}{beyond}",
        values(grid, spot.place),
        format::signed(spot.net, 2),
        format::signed(spot.median, 2),
        format::signed(spot.worst_neighbour, 2)
    )
}

/// Returns whether a cell has the first or the last of an axis of numbers.
fn is_at_edge(grid: &Grid, place: usize) -> bool {
    let across = across(grid);
    [place / across, place % across].into_iter().zip(&grid.axes).any(|(at, axis)| {
        axis.values.iter().any(|value| matches!(value, Value::Number(_)))
            && (at == 0 || at + 1 == axis.values.len())
    })
}

/// Returns where a key moves the cursor.
pub fn moved(grid: &Grid, place: usize, key: &str) -> Option<usize> {
    let (across, len) = (across(grid), grid.len());
    let column = place % across;
    let to = match key {
        "ArrowLeft" if column > 0 => place - 1,
        "ArrowRight" if column + 1 < across => place + 1,
        "ArrowUp" => place.checked_sub(across)?,
        "ArrowDown" => place + across,
        "PageUp" => place.saturating_sub(10 * across).max(column),
        "PageDown" => (place + 10 * across).min(len - across + column),
        "Home" => place - column,
        "End" => place - column + across - 1,
        _ => return None,
    };
    (to < len).then_some(to)
}

/// Returns the best cells as rows (values down and across, round trips, net, break-even fee) with their places.
pub fn best(grid: &Grid, surface: &Surface) -> Vec<(usize, [String; 5])> {
    let across = across(grid);
    let mut places: Vec<(usize, &Cell)> =
        surface.cells.iter().enumerate().filter_map(|(place, cell)| Some((place, cell.as_ref()?))).collect();
    places.sort_by(|(_, a), (_, b)| b.net.total_cmp(&a.net));
    places.truncate(BEST);
    let row = |(place, cell): (usize, &Cell)| {
        let fee = cell.break_even_fee_bps().map_or_else(|| "—".to_owned(), |fee| format::fixed(fee, 2));
        let cells = [
            head(grid, 0, place / across),
            head(grid, 1, place % across),
            format::count(cell.trades as u64),
            format::signed(cell.net, 2),
            fee,
        ];
        (place, cells)
    };
    places.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::{news_of, run};
    use spreadscope_engine::backtest::bench::message::{News, Wanted};

    fn surface(axes: &str) -> (Grid, Surface) {
        let wanted = [run(&[("fee_bps", "2")]), Wanted::Surface { axes: axes.to_owned() }];
        let News::Surface(found) = news_of(wanted).remove(1) else { panic!("no surface") };
        (Grid::parse(axes).unwrap(), *found)
    }

    #[test]
    fn each_cell_has_a_shade_of_its_own_sign_and_the_peak_the_deepest() {
        let (grid, surface) = surface("entry_z=1:3:5,exit_z=-0.5:1.5:4");
        let shades = shades(&surface);
        for (cell, shade) in surface.cells.iter().zip(&shades) {
            assert_eq!(cell.is_some(), shade.is_some());
            if let (Some(cell), Some(shade)) = (cell, shade) {
                assert!(f64::from(*shade) * cell.net >= 0.0 && (*shade != 0 || cell.net == 0.0));
            }
        }
        assert!(shades.iter().flatten().any(|shade| shade.abs() == 5));
        let html = html(&grid, &surface);
        assert_eq!(html.matches("<td").count(), 20);
        let peak = surface.peak.unwrap().place;
        assert!(html.contains(&format!("id=\"cell-{peak}\"")));
        assert!(html.contains('▲') || html.contains('◆'));
        assert_eq!(
            html.matches("aria-label=\"no trade\"").count(),
            shades.iter().filter(|shade| shade.is_none()).count()
        );
    }

    #[test]
    fn no_head_runs_over_the_right_edge() {
        let (grid, surface) = surface("entry_z=1:3:2,exit_z=-0.5:1.5:50");
        let html = html(&grid, &surface);
        let across = html.split("</thead>").next().unwrap();
        let shown: Vec<usize> = across
            .split("<th ")
            .skip(2)
            .enumerate()
            .filter(|(_, head)| head.contains("\"head\""))
            .map(|(column, _)| column)
            .collect();
        assert_eq!(shown, [0, 7, 14, 21, 28, 35, 42]);
    }

    #[test]
    fn keys_move_within_the_grid() {
        let (grid, _) = surface("entry_z=1:3:3,exit_z=-0.5:0.5:4");
        assert_eq!(moved(&grid, 0, "ArrowLeft"), None);
        assert_eq!(moved(&grid, 3, "ArrowRight"), None);
        assert_eq!(moved(&grid, 1, "ArrowDown"), Some(5));
        assert_eq!((moved(&grid, 9, "ArrowDown"), moved(&grid, 9, "ArrowUp")), (None, Some(5)));
        assert_eq!((moved(&grid, 6, "Home"), moved(&grid, 6, "End")), (Some(4), Some(7)));
        assert_eq!((moved(&grid, 6, "PageUp"), moved(&grid, 2, "PageDown")), (Some(2), Some(10)));
        assert_eq!(moved(&grid, 6, "a"), None);
    }

    #[test]
    fn a_surface_stays_that_of_rules_that_differ_in_its_axes_alone() {
        let grid = Grid::parse("entry_z,exit_z").unwrap();
        let one = Parameters::default();
        let mut other = one.clone();
        for (name, value) in settings_at(&grid, 77) {
            other.set(name, &value).unwrap();
        }
        assert!(one != other && of_same_rules(&grid, &one, &other));
        other.set("fee_bps", "3").unwrap();
        assert!(!of_same_rules(&grid, &one, &other));
    }

    #[test]
    fn a_place_is_read_out_and_the_best_come_first() {
        let (grid, surface) = surface("entry_z=1:3:3,exit_z=0:1.5:2");
        let peak = surface.peak.unwrap();
        assert!(reading(&grid, &surface, peak.place).contains("break-even fee"));
        // every cell of two columns is at an edge; the middle of three by three is not
        assert!(spot(&grid, &peak).ends_with("at the edge of the grid: what lies beyond was not tried"));
        let wider = Grid::parse("entry_z=1:3:3,exit_z=-0.5:0.5:3").unwrap();
        let middle = Spot { place: 4, ..peak };
        assert!(
            !spot(&wider, &middle).contains("of the grid")
                && spot(&wider, &Spot { place: 5, ..peak }).contains("of the grid")
        );
        // models have no order, so no edge
        let models = Grid::parse("hedge_model,entry_z=1:3:3").unwrap();
        assert!(!spot(&models, &Spot { place: 1, ..peak }).contains("of the grid"));
        let best = best(&grid, &surface);
        assert_eq!(best[0].0, peak.place);
        assert_eq!(best.len(), surface.cells.iter().flatten().count());
        let blank = surface.cells.iter().position(Option::is_none).unwrap();
        assert!(reading(&grid, &surface, blank).ends_with("no trade"));
    }
}
