//! What a table of ours says above its rows: whose prices they are, and how long a bar is.

use crate::{Interval, Pair, Symbol};
use serde::Deserialize;

/// How the parameters begin where rows are JSON.
const PARAMETERS: &str = "{\"parameters\":";
/// How the list of rows begins.
const ROWS: &str = "\"rows\":[";
/// How both end.
const END: &str = "]}";

/// What a head tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The two markets.
    pub pair: Option<Pair>,
    /// Length of a bar.
    pub interval: Option<Interval>,
}

/// The parameters that are read; there are more.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Parameters {
    y: Option<String>,
    x: Option<String>,
    interval: Option<String>,
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
    let Parameters { y, x, interval } = of_json(text).unwrap_or_else(|| of_remarks(text));
    let symbol = |name: Option<String>| Symbol::new(&name?).ok();
    let pair = symbol(y).zip(symbol(x)).map(|(y, x)| Pair { y, x });
    Head {
        pair: pair.filter(|pair| pair.y != pair.x),
        interval: interval.and_then(|text| Interval::parse(&text)),
    }
}

/// Whether a line stands around the rows of a table of ours and is none of them.
pub(super) fn is_around(line: &str) -> bool {
    line.starts_with(PARAMETERS) || line == ROWS || line == END
}

fn of_json(text: &str) -> Option<Parameters> {
    let object = text.trim_start().strip_prefix(PARAMETERS)?;
    // the first value is the object; what follows it is not looked at
    serde_json::Deserializer::from_str(object).into_iter().next()?.ok()
}

fn of_remarks(text: &str) -> Parameters {
    let mut found = Parameters::default();
    let remarks = text.lines().map_while(|line| line.strip_prefix('#'));
    for (name, value) in remarks.filter_map(|remark| remark.split_once(':')) {
        let parameter = match name.trim() {
            "y" => &mut found.y,
            "x" => &mut found.x,
            "interval" => &mut found.interval,
            _ => continue,
        };
        *parameter = Some(value.trim().to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_kinds_of_head_say_the_same() {
        let pair = Pair { y: Symbol::new("BTCUSDT").unwrap(), x: Symbol::new("ETHUSDT").unwrap() };
        let expected = Head { pair: Some(pair), interval: Some(Interval::OneMinute) };
        let heads = [
            "\u{feff}# made_by: Spreadscope\r\n# y: BTCUSDT\r\n# x: ETHUSDT\r\n# interval: 1m\r\ny_open,x_open\r\n",
            "{\"parameters\":{\"made_by\":1,\"y\":\"BTCUSDT\",\"x\":\"ETHUSDT\",\"interval\":\"1m\"}}\n{\"y_open\":1}\n",
            "{\"parameters\":{\"y\":\"BTCUSDT\",\"x\":\"ETHUSDT\",\"interval\":\"1m\"},\n\"rows\":[\n",
        ];
        for head in heads {
            assert_eq!(read(head), expected, "{head}");
        }
    }

    #[test]
    fn what_cannot_be_is_not_said() {
        let heads = [
            "",
            "date,close\n# y: BTCUSDT\n# x: ETHUSDT\n",
            "# y: left axis\n# x: ETHUSDT\n# interval: 7s\n",
            "# y: BTCUSDT\n# x: btcusdt\n",
            "{\"parameters\":{\"y\":[],\"x\":\"ETHUSDT\"}}\n",
            "{\"parameters\":{\"y\":\"BTCUSDT\"",
        ];
        for head in heads {
            assert_eq!(read(head), Head::default(), "{head}");
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
