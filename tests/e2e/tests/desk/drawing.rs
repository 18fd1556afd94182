//! Cutting plotly.js is invisible: the served part draws each chart as the whole does.

use super::{Done, tape};
use serde_json::{Value, json};
use spreadscope_e2e::browser::{Browser, Trouble, workspace};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::layout;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use std::fs;

const WHOLE: &str = "plotly-basic-3.7.0.js";
const SERVED: &str = "plotly-lines-3.7.0.min.js";

/// Returns the figures on the screen as plain data.
const FIGURES: &str = "\
    const plain = (_, value) => ArrayBuffer.isView(value) ? Array.from(value) : value;\
    return [...document.querySelectorAll('.js-plotly-plot')]\
        .map(plot => JSON.parse(JSON.stringify({ data: plot.data, layout: plot.layout }, plain)))";

/// Draws each figure with a plotly.js as the page does, and returns the drawings: new; with other values; with
/// fewer points, another range, size and colours; with other traces; without shapes; and as a picture with a
/// title. Random names of clipping paths and traces are normalised, and so are the place of an empty style and the
/// spelling of `<` and `>` in a text.
const DRAW: &str = "\
    const [script, figures, done] = arguments;\
    document.head.appendChild(document.createElement('script')).textContent = script;\
    const still = { staticPlot: true, displayModeBar: false, displaylogo: false, responsive: false, doubleClick: false, showTips: false };\
    const drawn = [];\
    const nameless = text => text.replace(/(clip|defs-|legend|trace)[0-9a-f]{6}/g, '$1').replace(/ style=\"\"/g, '').replaceAll('&#60;', '&lt;').replaceAll('&#62;', '&gt;');\
    const columns = data => data.map(trace => {\
        const typed = column => Float64Array.from(column, value => value ?? NaN);\
        return { ...trace, x: typed(trace.x), y: typed(trace.y) };\
    });\
    const draw = async figure => {\
        const plot = document.body.appendChild(document.createElement('div'));\
        const note = () => drawn.push(nameless(plot.innerHTML));\
        const layout = () => structuredClone(figure.layout);\
        await Plotly.newPlot(plot, columns(figure.data), layout(), still);\
        note();\
        for (const trace of plot.data) trace.y = trace.y.map(y => y * 1.01);\
        plot.layout = layout();\
        await Plotly.redraw(plot);\
        note();\
        for (const trace of plot.data) for (const axis of ['x', 'y']) trace[axis] = trace[axis].slice(0, 20);\
        plot.layout = layout();\
        plot.layout.width += 50;\
        plot.layout.height += 30;\
        plot.layout.xaxis.range[1] += (plot.layout.xaxis.range[1] - plot.layout.xaxis.range[0]) / 10;\
        plot.layout.font.color = '#e8ebf0';\
        plot.layout.plot_bgcolor = plot.layout.paper_bgcolor = '#101010';\
        plot.layout.yaxis.tickvals.push(0.1);\
        plot.layout.yaxis.ticktext.push('other');\
        await Plotly.redraw(plot);\
        note();\
        plot.data = [...columns(figures[0].data), ...columns(figure.data).slice(1)];\
        plot.layout = { ...layout(), shapes: [] };\
        await Plotly.redraw(plot);\
        note();\
        const sheet = layout();\
        sheet.height += 24;\
        sheet.margin.t += 24;\
        sheet.title = { text: 'Prices: A & B / C < D, 1s bars', x: 0.01, xanchor: 'left', y: 0.98, yanchor: 'top', font: { size: 13 } };\
        sheet.paper_bgcolor = '#ffffff';\
        const { width, height } = sheet;\
        const picture = format => Plotly.toImage({ data: plot.data, layout: sheet }, { format, scale: 2, width, height });\
        drawn.push(nameless(decodeURIComponent(await picture('svg'))));\
        drawn.push(await picture('png'));\
        Plotly.purge(plot);\
        plot.remove();\
    };\
    figures.reduce((before, figure) => before.then(() => draw(figure)), Promise.resolve())\
        .then(() => done(drawn), error => done(String(error && error.stack)));";
const DRAWINGS_OF_A_FIGURE: usize = 6;

async fn drawn_by(browser: &Browser, script: &str, figures: &[Value]) -> Result<Vec<Value>, Trouble> {
    browser.open("about:blank").await?;
    let text = fs::read_to_string(workspace().join(".vendor").join(script))?;
    match browser.script_async_with(DRAW, vec![text.into(), figures.into()]).await? {
        Value::Array(drawn) => Ok(drawn),
        trouble => Err(format!("{script}: {trouble}").into()),
    }
}

/// Returns where two drawings differ.
fn difference(whole: &str, served: &str) -> String {
    let same = whole.chars().zip(served.chars()).take_while(|(whole, served)| whole == served).count();
    let near = |text: &str| text.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
    format!("whole …{}… served …{}…", near(whole), near(served))
}

/// Returns the figures in view, on a screen tall enough for all of them.
async fn figures(desk: &Desk, width: u32, dark: bool) -> Result<Vec<Value>, Trouble> {
    // charts below the edge are drawn only when they come into view
    desk.browser.look(width, 3000, dark).await?;
    layout::settled(&desk.browser).await?;
    let drawn = "return document.querySelectorAll('.js-plotly-plot').length";
    desk.browser.steady("the charts in view are drawn", drawn).await?;
    match desk.browser.script(FIGURES).await? {
        Value::Array(figures) => Ok(figures),
        other => Err(format!("no figures: {other}").into()),
    }
}

/// Charts in rarer states, on sheets the size of others and on very small ones.
fn rare(sheet: &Value) -> Vec<Value> {
    let x: Vec<f64> = (0..60).map(f64::from).collect();
    let wave: Vec<Option<f64>> =
        (0..60).map(|at| (at % 17 != 5).then(|| (f64::from(at) / 7.0).sin() * 3.0)).collect();
    let trace = |mode: &str, more: Value| {
        let mut trace = json!({ "type": "scatter", "mode": mode, "x": x, "y": wave });
        more.as_object().into_iter().flatten().for_each(|(name, value)| trace[name] = value.clone());
        trace
    };
    let ink = "#0b63c5";
    let marks = ["diamond-open", "triangle-up", "triangle-down", "x"]
        .map(|symbol| trace("markers", json!({ "marker": { "symbol": symbol, "size": 8, "color": ink } })));
    let dashes = ["solid", "dot", "dash", "longdash", "dashdot", "longdashdot"]
        .map(|dash| trace("lines", json!({ "line": { "color": ink, "width": 1.0, "dash": dash } })));
    let filled = |fill: &str, shape: &str| {
        let line = json!({ "color": "transparent", "width": 0.0, "shape": shape });
        trace("lines", json!({ "fill": fill, "fillcolor": "rgba(11, 99, 197, 0.09)", "line": line }))
    };
    let fills = [filled("toself", "linear"), filled("tozeroy", "hv"), filled("tozeroy", "linear")];
    let joined =
        trace("lines+markers", json!({ "marker": { "size": 6, "color": ink }, "line": { "color": ink } }));
    // lines that leave the sheet by many times its height, and come back
    let far: Vec<Option<f64>> = wave.iter().map(|y| y.map(|y| y.powi(9))).collect();
    let leaving = ["linear", "hv"].map(|shape| {
        trace("lines", json!({ "y": far, "line": { "color": ink, "width": 1.0, "shape": shape } }))
    });
    let few =
        |points: usize| json!({ "type": "scatter", "mode": "lines", "x": x[..points], "y": wave[..points] });
    let shape = |kind: &str, layer: &str, x: &str, y: &str| {
        json!({
            "type": kind, "layer": layer, "xref": x, "yref": y, "x0": 0.2, "x1": 0.7, "y0": -1.0, "y1": 0.4,
            "fillcolor": "rgba(176, 74, 0, 0.07)", "line": { "color": ink, "width": 1.0, "dash": "dash" }
        })
    };
    let shapes = json!([
        shape("rect", "below", "x", "paper"),
        shape("rect", "above", "paper", "y"),
        shape("line", "above", "paper", "y"),
        shape("line", "below", "x", "y"),
    ]);
    let on = |data: &[Value], width: u32, height: u32| {
        let mut layout = sheet.clone();
        (layout["width"], layout["height"]) = (width.into(), height.into());
        layout["xaxis"]["range"] = json!([-5, 62]);
        layout["yaxis"]["range"] = json!([-2.5, 4]);
        layout["shapes"] = shapes.clone();
        json!({ "data": data, "layout": layout })
    };
    let mut on_two_axes = on(&[few(60), few(40)], 600, 200);
    let mut right = on_two_axes["layout"]["yaxis"].clone();
    (right["overlaying"], right["side"], right["range"]) = ("y".into(), "right".into(), json!([-9, 9]));
    on_two_axes["layout"]["yaxis2"] = right;
    on_two_axes["data"][1]["yaxis"] = "y2".into();
    vec![
        on_two_axes,
        on(&marks, 600, 200),
        on(&dashes, 2400, 700),
        on(&fills, 320, 150),
        on(&leaving, 600, 200),
        on(&[joined, few(0), few(1), few(2)], 600, 200),
        on(&[few(0)], 110, 35),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_part_of_plotly_that_is_served_draws_what_the_whole_draws() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("drawing", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(10).await?;
    desk.hour(10).await?;
    let mut drawn = figures(&desk, 1440, false).await?;
    let count = drawn.len();
    assert!(count >= 6, "{count} charts");
    drawn.extend(figures(&desk, 390, true).await?);
    desk.go("/backtest").await?;
    let ready = "return document.querySelector('main.backtest')?.dataset.state == 'ready'";
    desk.browser.until(30, "a run", ready).await?;
    let of_run = figures(&desk, 1440, false).await?;
    assert!(of_run.len() >= 5, "{} charts of a run", of_run.len());
    drawn.extend(of_run);
    drawn.extend(rare(&drawn[0]["layout"]));

    let whole = drawn_by(&desk.browser, WHOLE, &drawn).await?;
    let served = drawn_by(&desk.browser, SERVED, &drawn).await?;
    assert_eq!(whole.len(), DRAWINGS_OF_A_FIGURE * drawn.len());
    for (place, (whole, served)) in whole.iter().zip(&served).enumerate() {
        let (figure, drawing) = (place / DRAWINGS_OF_A_FIGURE, place % DRAWINGS_OF_A_FIGURE);
        assert!(
            whole.as_str().is_some_and(|svg| svg.len() > 1_000),
            "drawing {drawing} of {figure}: {whole}"
        );
        assert!(
            served == whole,
            "drawing {drawing} of figure {figure}: {}",
            difference(&whole.to_string(), &served.to_string())
        );
    }
    desk.close().await
}

/// What is cut reports itself: nothing is drawn wrongly in silence.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_from_plotly_is_refused_by_its_name() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("refusing", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(10).await?;
    let sheet = desk.browser.script(FIGURES).await?[0].clone();
    for (attribute, value, feature) in [
        ("xaxis.type", json!("log"), "logarithms and categories"),
        ("xaxis.type", json!("date"), "logarithms and categories"),
        ("xaxis.autorange", json!(true), "ranges that are worked out"),
        ("data.line.shape", json!("spline"), "smooth lines"),
        ("data.stackgroup", json!("one"), "stacks, groups and fills between lines"),
        ("data.line.colorscale", json!("Viridis"), "colour scales"),
        ("shapes.type", json!("circle"), "other shapes"),
    ] {
        let script = "\
            const [{ data, layout }, path, value] = arguments;\
            const names = path.split('.');\
            const last = names.pop();\
            layout.shapes = [{ type: 'rect', xref: 'x', x0: 0, x1: 1, yref: 'y', y0: 0, y1: 1 }];\
            let place = { data: data[0], shapes: layout.shapes[0], xaxis: layout.xaxis }[names.shift()];\
            for (const name of names) place = place[name] ??= {};\
            place[last] = value;\
            const plot = document.body.appendChild(document.createElement('div'));\
            try { Plotly.newPlot(plot, data, layout, { staticPlot: true }); return 'drawn'; }\
            catch (error) { return error.message; }";
        let said = desk.browser.script_with(script, vec![sheet.clone(), attribute.into(), value]).await?;
        assert!(said.as_str().is_some_and(|said| said.ends_with(feature)), "{attribute}: {said}");
    }
    desk.close().await
}
