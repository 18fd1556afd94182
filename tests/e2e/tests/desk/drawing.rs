//! What is cut from plotly.js is never seen: the part that is served draws each chart as the whole does.

use super::{Done, tape, wait};
use serde_json::Value;
use spreadscope_e2e::browser::{Browser, Trouble, workspace};
use spreadscope_e2e::desk::Desk;
use spreadscope_e2e::turn::beside;
use spreadscope_exchange::Config;
use std::fs;

/// The figures on the screen, as plain data.
const FIGURES: &str = "\
    const plain = (_, value) => ArrayBuffer.isView(value) ? Array.from(value) : value;\
    return [...document.querySelectorAll('.js-plotly-plot')]\
        .map(plot => JSON.parse(JSON.stringify({ data: plot.data, layout: plot.layout }, plain)))";

/// Draws figures with a plotly.js, anew and again with other values, and tells what it has drawn, and the length of
/// a picture of it. The names of clipping paths and traces are drawn by lot.
const DRAW: &str = "\
    const [script, figures, done] = arguments;\
    document.head.appendChild(document.createElement('script')).textContent = script;\
    const still = { staticPlot: true, displayModeBar: false, responsive: false };\
    const drawn = [];\
    const draw = async ({ data, layout }) => {\
        const plot = document.body.appendChild(document.createElement('div'));\
        const note = () => drawn.push(plot.innerHTML.replace(/(clip|defs-|legend|trace)[0-9a-f]{6}/g, '$1'));\
        await Plotly.newPlot(plot, data, layout, still);\
        note();\
        for (const trace of plot.data) trace.y = trace.y.map(y => y === null ? null : y * 1.01);\
        await Plotly.redraw(plot);\
        note();\
        const { width, height } = layout;\
        const figure = { data: plot.data, layout: plot.layout };\
        drawn.push((await Plotly.toImage(figure, { format: 'svg', width, height })).length);\
        Plotly.purge(plot);\
        plot.remove();\
    };\
    figures.reduce((before, figure) => before.then(() => draw(figure)), Promise.resolve())\
        .then(() => done(drawn), error => done(String(error && error.stack)));";

async fn drawn_by(browser: &Browser, script: &str, figures: &Value) -> Result<Vec<Value>, Trouble> {
    browser.open("about:blank").await?;
    let text = fs::read_to_string(workspace().join(".vendor").join(script))?;
    match browser.script_async_with(DRAW, vec![text.into(), figures.clone()]).await? {
        Value::Array(drawn) => Ok(drawn),
        trouble => Err(format!("{script}: {trouble}").into()),
    }
}

/// Where two drawings part.
fn difference(whole: &str, served: &str) -> String {
    let same = whole.chars().zip(served.chars()).take_while(|(whole, served)| whole == served).count();
    let near = |text: &str| text.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
    format!("whole …{}… served …{}…", near(whole), near(served))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_part_of_plotly_that_is_served_draws_what_the_whole_draws() -> Done {
    let _turn = beside().await;
    let desk = Desk::start("drawing", tape(), Config::default()).await?;
    desk.open().await?;
    desk.live(10).await?;
    desk.hour(10).await?;
    // the charts below the edge are drawn when they come into view
    desk.browser.look(1440, 3000, false).await?;
    wait(2_500).await;
    let figures = desk.browser.script(FIGURES).await?;
    let count = figures.as_array().map_or(0, Vec::len);
    assert!(count >= 6, "{count} charts");

    let whole = drawn_by(&desk.browser, "plotly-basic-3.7.0.js", &figures).await?;
    let served = drawn_by(&desk.browser, "plotly-lines-3.7.0.min.js", &figures).await?;
    assert_eq!(whole.len(), 3 * count);
    for (place, (whole, served)) in whole.iter().zip(&served).enumerate() {
        assert!(whole.as_str().is_none_or(|svg| svg.contains("<path")), "drawing {place} is empty: {whole}");
        assert!(served == whole, "drawing {place}: {}", difference(&whole.to_string(), &served.to_string()));
    }
    desk.close().await
}
