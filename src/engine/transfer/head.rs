//! What a table of ours says above its rows: whose prices they are, and how long a bar is.

use crate::settings::{About, DeskSetting};
use crate::{Interval, Pair, Settings, Symbol};
use serde_json::{Map, Value};

/// How the parameters begin where rows are JSON.
const PARAMETERS: &str = "{\"parameters\":";
/// How the list of rows begins.
const ROWS: &str = "\"rows\":[";
/// How both end.
const END: &str = "]}";

/// Longer than any value of ours.
const LONGEST_VALUE: usize = 80;

/// What a head tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The two markets.
    pub pair: Option<Pair>,
    /// Length of a bar.
    pub interval: Option<Interval>,
    /// What the rows were made with, these included: names and values as they stand there.
    pub parameters: Vec<(String, String)>,
}

/// Reads the head of a file: nothing where it has none, or says what cannot be.
///
/// ```text
/// # y: BTCUSDT                     {"parameters":{"y":"BTCUSDT","x":"ETHUSDT","interval":"1s"}}
/// # x: ETHUSDT
/// # interval: 1s
/// ```
pub fn read(text: &str) -> Head {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parameters = of_json(text).unwrap_or_else(|| of_remarks(text));
    parameters.retain(|(name, value)| is_read(name) && value.len() <= LONGEST_VALUE);
    let said =
        |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let symbol = |name: &str| Symbol::new(said(name)?).ok();
    let pair = symbol("y").zip(symbol("x")).map(|(y, x)| Pair { y, x });
    Head {
        pair: pair.filter(|pair| pair.y != pair.x),
        interval: said("interval").and_then(Interval::parse),
        parameters,
    }
}

/// Whether a parameter is of the market or a setting that a file may tell; a head has more.
fn is_read(name: &str) -> bool {
    let told = |setting: &&DeskSetting| setting.group != About::Storage;
    matches!(name, "y" | "x" | "interval")
        || Settings::ALL.iter().filter(told).any(|setting| setting.name == name)
}

/// Whether a line stands around the rows of a table of ours and is none of them.
pub(super) fn is_around(line: &str) -> bool {
    line.starts_with(PARAMETERS) || line == ROWS || line == END
}

fn of_json(text: &str) -> Option<Vec<(String, String)>> {
    let object = text.trim_start().strip_prefix(PARAMETERS)?;
    // the first value is the object; what follows it is not looked at
    let first = serde_json::Deserializer::from_str(object).into_iter::<Map<String, Value>>().next()?.ok()?;
    let text_of = |value: Value| match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    Some(first.into_iter().filter_map(|(name, value)| Some((name, text_of(value)?))).collect())
}

fn of_remarks(text: &str) -> Vec<(String, String)> {
    let remarks = super::lines::of(text).map_while(|line| line.strip_prefix('#'));
    let pairs = remarks.filter_map(|remark| remark.split_once(':'));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

/// Whether there is nothing on a line but a remark, or what stands around the rows of a table of ours.
pub(super) fn is_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || is_around(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_kinds_of_head_say_the_same() {
        let pair = Pair { y: Symbol::new("BTCUSDT").unwrap(), x: Symbol::new("ETHUSDT").unwrap() };
        let heads = [
            "\u{feff}# made_by: Spreadscope\r\n# y: BTCUSDT\r\n# x: ETHUSDT\r\n# interval: 1m\r\n# z_threshold: 2.5\r\ny_open,x_open\r\n",
            "{\"parameters\":{\"made_by\":1,\"y\":\"BTCUSDT\",\"x\":\"ETHUSDT\",\"interval\":\"1m\",\"z_threshold\":2.5}}\n{\"y_open\":1}\n",
            "{\"parameters\":{\"y\":\"BTCUSDT\",\"x\":\"ETHUSDT\",\"interval\":\"1m\",\"z_threshold\":\"2.5\"},\n\"rows\":[\n",
        ];
        for head in heads {
            let Head { pair: told, interval, mut parameters } = read(head);
            assert_eq!((told.as_ref(), interval), (Some(&pair), Some(Interval::OneMinute)), "{head}");
            parameters.sort();
            let named: Vec<(&str, &str)> =
                parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!(
                named,
                [("interval", "1m"), ("x", "ETHUSDT"), ("y", "BTCUSDT"), ("z_threshold", "2.5")],
                "{head}"
            );
        }
    }

    #[test]
    fn what_cannot_be_is_not_said() {
        let heads = [
            "",
            "date,close\n# y: BTCUSDT\n# x: ETHUSDT\n",
            "# y: left/axis\n# x: ETHUSDT\n# interval: 7s\n",
            "# y: BTCUSDT\n# x: btcusdt\n",
            "{\"parameters\":{\"y\":[],\"x\":\"ETHUSDT\"}}\n",
            "{\"parameters\":{\"y\":\"BTCUSDT\"",
        ];
        for head in heads {
            let told = read(head);
            assert_eq!((told.pair, told.interval), (None, None), "{head}");
        }
    }

    proptest! {
        #[test]
        fn no_head_makes_it_panic(text in any::<String>(), json in r#"[\[\]{}":,yx0-9a-z\\]{0,60}"#) {
            for text in [format!("#{text}"), text, format!("{PARAMETERS}{json}")] {
                prop_assert!(read(&text).pair.is_none_or(|pair| pair.y != pair.x));
            }
        }
    }
}
