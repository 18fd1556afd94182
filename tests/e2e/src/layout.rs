//! What is wrong with the layout of the page, at one width.

use crate::browser::{Browser, Trouble};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Window widths in CSS pixels: phones, tablets, laptops, large screens.
pub const WIDTHS: [u32; 12] = [320, 360, 390, 480, 600, 768, 900, 1024, 1280, 1440, 1920, 2560];

impl Browser {
    /// Sets window size and colour scheme, as on a phone or a desktop.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn look(&self, width: u32, height: u32, dark: bool) -> Result<(), Trouble> {
        self.look_at(width, height, dark, 1.0).await
    }

    /// As [`Self::look`], with a number of picture pixels per page pixel.
    ///
    /// # Errors
    /// A sentence that says what went wrong.
    pub async fn look_at(&self, width: u32, height: u32, dark: bool, pixels: f64) -> Result<(), Trouble> {
        let phone = width < 600;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": pixels, "mobile": phone });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await?;
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.cdp("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }
}

/// Sizes of the page, of the charts in view and of their places, the number of its elements and of what is
/// still moving; null until every chart has been drawn at the size of its place.
const STANDS: &str = r"
    const inView = chart => {
        const { top, bottom } = chart.getBoundingClientRect();
        return chart.checkVisibility() && top < innerHeight && bottom > 0;
    };
    const size = element => [element?.clientWidth ?? 0, element?.clientHeight ?? 0];
    const charts = [...document.querySelectorAll('[data-chart], [data-run-chart]')].filter(inView);
    const sizes = charts.map(chart => [size(chart.querySelector('.chart-plot')), size(chart.querySelector('.main-svg'))]);
    if (sizes.some(([place, drawn]) => place[0] > 0 && drawn[0] > 0 && Math.abs(place[0] - drawn[0]) > 1)) return null;
    const moving = document.getAnimations().filter(each => each.playState === 'running').length;
    const parts = document.querySelectorAll('body *:not(svg *)').length;
    const { scrollWidth, scrollHeight, clientWidth } = document.documentElement;
    return JSON.stringify([scrollWidth, scrollHeight, clientWidth, parts, moving, sizes]);
";

/// Waits until nothing moves or is drawn at another size, as after a change of the window. A page that never
/// settles is accepted after some seconds.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn settled(browser: &Browser) -> Result<(), Trouble> {
    let deadline = Instant::now() + Duration::from_secs(4);
    let (mut before, mut alike) = (Value::Null, 0);
    while alike < 3 && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = browser.script(STANDS).await?;
        alike = if now == before && !now.is_null() { alike + 1 } else { 0 };
        before = now;
    }
    Ok(())
}

/// The parts of the page that are always there.
const PAGE: &str = "header, main, .banners";

/// Lists what scrolls sideways, each control that is squeezed, outside, covered or out of reach, and each text
/// that is cut short or overlaps another. Texts in plots are Plotly's; a chart's hint is either shown in full or
/// hidden, by its style.
const FAULTS: &str = r#"
    const parts = arguments[0];
    const found = new Set();
    const name = element => {
        const said = element.dataset.action || element.getAttribute('aria-label') || element.textContent.trim().slice(0, 40);
        return `${element.tagName.toLowerCase()}.${element.className || element.parentElement?.className} “${said}”`;
    };
    const shown = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getBoundingClientRect().width > 0;
    const root = document.documentElement;
    // not that of the window, which a phone's browser widens to what is in it
    const width = root.clientWidth;
    if (root.scrollWidth > width) {
        found.add(`the page is ${root.scrollWidth - width} px wider than the window`);
        const wide = [...document.querySelectorAll('body *')].filter(each => shown(each) && each.getBoundingClientRect().right > width + 1);
        wide.slice(0, 3).forEach(each => found.add(`beyond the window: ${name(each)}`));
    }
    const inside = selector => [...document.querySelectorAll(parts)].flatMap(part => [...part.querySelectorAll(selector)]);
    // what is closed must have something in reach that opens it; what is `hidden` is not offered now
    const reached = element => {
        if (shown(element) || element.closest('[hidden]')) return true;
        const closed = element.parentElement?.closest('[popover]:not(:popover-open), details:not([open])');
        if (!closed) return false;
        if (closed.matches('details')) return reached(closed.querySelector('summary'));
        const openers = [...document.querySelectorAll(`[popovertarget="${closed.id}"]`)];
        return openers.some(opener => !closed.contains(opener) && reached(opener));
    };
    // no control need lead to what is shown anyway: the menu of the bar where its items have room, the backtest's
    // form where it stands beside the results
    const needless = control => {
        const target = document.getElementById(control.getAttribute('popovertarget'));
        return control.matches('.bt-to-form, .bt-to-answer') || !!target && [...target.querySelectorAll('button')].some(shown);
    };
    // a table's heads stay while its cells are scrolled behind them
    const stuck = element => getComputedStyle(element?.closest('th, td') ?? root).position === 'sticky';
    // how many pixels what is in a field lacks; a date is the browser's own, a list shows what is chosen
    const lacks = field => {
        if (!field.matches('select, [type=datetime-local]')) return field.matches('input') ? field.scrollWidth - field.clientWidth : 0;
        const alone = field.cloneNode(false);
        if (field.selectedOptions?.length) alone.append(field.selectedOptions[0].cloneNode(true));
        Object.assign(alone.style, { position: 'absolute', width: 'max-content', minWidth: 0, maxWidth: 'none' });
        field.after(alone);
        const lacking = alone.offsetWidth - field.offsetWidth;
        alone.remove();
        return lacking;
    };
    for (const control of inside('button, a[href], select, input, textarea, summary')) {
        if (control.closest('.chart-table')) continue;
        if (!shown(control)) {
            if (!reached(control) && !needless(control)) found.add(`out of reach: ${name(control)}`);
            continue;
        }
        control.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
        // a box to tick is as large as its label
        const box = (control.matches('[type=checkbox], [type=radio]') && control.closest('label') || control).getBoundingClientRect();
        if (box.width < 23.5 || box.height < 23.5) found.add(`squeezed to ${Math.round(box.width)} × ${Math.round(box.height)} px: ${name(control)}`);
        const lacking = lacks(control);
        if (lacking > 1) found.add(`cut short by ${Math.round(lacking)} px: ${name(control)}`);
        if (box.left < -1 || box.right > width + 1) found.add(`outside: ${name(control)}`);
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        // a toast covers the page for some seconds
        if (top?.closest('.toasts')) continue;
        if (!top || !(control.contains(top) || top.closest('label')?.contains(control))) found.add(`covered by ${top && name(top)}: ${name(control)}`);
    }
    scrollTo(0, 0);
    for (const each of inside('*')) {
        const { overflowX } = getComputedStyle(each);
        if (/auto|scroll/.test(overflowX) && each.scrollWidth > each.clientWidth + 1 && !each.matches('.chart-table, .inspector-body, .table-scroll, .bt-scroll, .scanner-body') && shown(each)) {
            found.add(`scrolls sideways by ${each.scrollWidth - each.clientWidth} px: ${name(each)}`);
        }
    }
    const texts = [];
    const passed = '.visually-hidden, .js-plotly-plot, .chart-help.hint, .range-hint[data-news=false], select, svg, .chart-cursor, .toasts';
    for (const part of document.querySelectorAll(parts)) {
        const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const node = walker.currentNode, parent = node.parentElement;
            if (!node.data.trim() || parent.closest(passed) || !shown(parent)) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            const box = range.getBoundingClientRect();
            let seen = true;
            for (let around = parent; around && around !== document.body && seen; around = around.parentElement) {
                const { overflowX, overflowY, display } = getComputedStyle(around);
                if (display === 'inline' || display === 'contents') continue;
                const edge = around.getBoundingClientRect();
                if (/hidden|clip/.test(overflowX) && (box.right > edge.right + 1 || box.left < edge.left - 1)) found.add(`cut short: ${name(parent)}`);
                if (/hidden|clip/.test(overflowY) && (box.bottom > edge.bottom + 3 || box.top < edge.top - 3)) found.add(`cut below: ${name(parent)}`);
                // what a list hides can be scrolled into view
                if (/auto|scroll/.test(overflowY)) seen = box.bottom <= edge.bottom && box.top >= edge.top;
            }
            if (seen) texts.push([parent, [...range.getClientRects()]]);
        }
    }
    const over = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2
        && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4;
    texts.forEach(([parent, lines], place) => {
        for (const [other, others] of texts.slice(place + 1)) {
            if (parent !== other && !stuck(parent) && !stuck(other) && !parent.closest('.banners') && !other.closest('.banners') && lines.some(line => others.some(each => over(line, each)))) {
                found.add(`overlaid: ${name(parent)} and ${name(other)}`);
            }
        }
    });
    return [...found];"#;

/// Replaces numbers by the longest texts that numbers can have; the page must be paused.
const LONGEST: &str = r"
    const longest = arguments[0];
    for (const [selector, text] of Object.entries(longest)) {
        for (const place of document.querySelectorAll(selector)) {
            const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
            if (walker.nextNode()) walker.currentNode.data = text;
            place.dataset.long = text.length > 7;
        }
    }
    return true";

/// Returns the faults of the current layout, each prefixed with `at`.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn faults(browser: &Browser, at: &str) -> Result<Vec<String>, Trouble> {
    faults_in(browser, PAGE, at).await
}

/// As [`faults`], of what lies within the selector `parts` alone, as a drawer over the page.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn faults_in(browser: &Browser, parts: &str, at: &str) -> Result<Vec<String>, Trouble> {
    let found = browser.script_with(FAULTS, vec![parts.into()]).await?;
    let found = found.as_array().ok_or("no list of faults")?;
    Ok(found.iter().filter_map(Value::as_str).map(|fault| format!("{at}: {fault}")).collect())
}

/// Replaces each number by the longest one that the page's formats can produce.
///
/// # Errors
/// A sentence that says what went wrong.
pub async fn lengthen(browser: &Browser) -> Result<(), Trouble> {
    let longest = json!({
        ".tile-value": "\u{2212}999.9\u{d7}10\u{207b}\u{b9}\u{b2}",
        "[data-stat=last], [data-stat=mean], [data-stat=variance]": "999.9\u{d7}10\u{207b}\u{b9}\u{b2}",
        ".legs-name": "1000CHEEMSUSDT",
        ".pair > span:first-child": "1000CHEEMSUSDT",
        ".pair > span:last-child": "1MBABYDOGEUSDT",
        ".pill-label": "Connecting, attempt 12",
    });
    browser.script_with(LONGEST, vec![longest]).await.map(drop)
}
