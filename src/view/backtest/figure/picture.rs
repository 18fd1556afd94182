//! What stands above a chart that is saved as a picture, since a picture has no page around it.

use super::Kind;
use crate::view::backtest::fields;
use crate::view::backtest::shown::Shown;
use spreadscope_engine::backtest::Parameters;

/// Width of a character of a picture's title, pixels: of most fonts at its size.
const CHARACTER_PIXELS: usize = 8;

/// Returns the lines above a picture `width` pixels wide: the pair, the time from left to right, how to read the
/// chart (`note` in place of its usual words), and the rules with their costs.
pub fn picture_title(
    kind: Kind,
    shown: &Shown,
    ends: Option<(String, String)>,
    note: Option<String>,
    width: usize,
) -> String {
    let Parameters { settings, rules } = &shown.ran.parameters;
    let mut lines = vec![format!(
        "{}: {} / {}, {} bars, backtest",
        kind.title(),
        settings.pair.y,
        settings.pair.x,
        settings.interval.as_str()
    )];
    lines.extend(ends.map(|(from, to)| format!("{from} to {to}")));
    lines.push(note.unwrap_or_else(|| kind.how_to_read().to_owned()));
    let mut said = vec![
        format!("entry |z| {}", rules.entry_z),
        format!("exit z {}", rules.exit_z),
        rules.stop_z.map_or_else(|| "no stop".to_owned(), |stop| format!("stop |z| {stop}")),
        format!("filled at {}", fields::word(rules.fill.as_str()).to_lowercase()),
        format!("fee {} bps", rules.fee_bps),
        format!("slippage {} bps", rules.slippage_bps),
        settings.hedge_model.row().label.to_owned(),
        format!("hedge window {} bars", settings.hedge_window_bars),
        format!("z window {} bars", settings.z_window_bars),
    ];
    said.extend(shown.ran.entered_by.iter().map(|rule| format!("entered by the alert rule {rule}")));
    lines.push(said.join(", "));
    let most = (width / CHARACTER_PIXELS).max(20);
    lines.iter().flat_map(|line| wrapped(line, most)).collect::<Vec<_>>().join("\n")
}

/// Breaks a line at its spaces into lines of at most `most` characters; a longer word stands alone.
fn wrapped(line: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + word.chars().count() <= most => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::backtest::shown::tests::shown;

    #[test]
    fn a_picture_says_what_was_traded_by_which_rules_at_which_costs() {
        let shown = shown(&[("stop_z", "4"), ("fee_bps", "2.5")]);
        let ends = Some(("2023-11-14 00:00:00 UTC".to_owned(), "2023-11-16 18:40:00 UTC".to_owned()));
        let title = picture_title(Kind::Equity, &shown, ends.clone(), None, 700);
        let lines: Vec<&str> = title.lines().collect();
        assert!(lines[0].starts_with("Equity: ") && lines[0].ends_with(", 1m bars, backtest"), "{title}");
        assert_eq!(lines[1], "2023-11-14 00:00:00 UTC to 2023-11-16 18:40:00 UTC");
        assert_eq!(lines[2], "Solid: net, grey: without costs");
        let rules = lines[3..].join(" ");
        assert!(
            rules.starts_with(
                "entry |z| 2, exit z 0, stop |z| 4, filled at next open, fee 2.5 bps, slippage 1 bps, "
            ),
            "{rules}"
        );
        let narrow = picture_title(Kind::Equity, &shown, ends, Some("A note".to_owned()), 300);
        assert!(narrow.lines().all(|line| line.chars().count() <= 37), "{narrow}");
        assert_eq!(narrow.replace('\n', " ").replace("A note", lines[2]), title.replace('\n', " "));
    }
}
