//! Names of columns that hold something else than prices: fields beside a price, and what other files measure.

use super::names;

/// What is told of a market beside its price, in small letters without signs.
const FIELDS: [&str; 40] = [
    "marketcap",
    "marketcapitalization",
    "mcap",
    "marketvalue",
    "shares",
    "sharesoutstanding",
    "outstandingshares",
    "float",
    "pe",
    "peratio",
    "pb",
    "pbratio",
    "ps",
    "psratio",
    "eps",
    "yield",
    "dividendyield",
    "dividend",
    "dividends",
    "dividendamount",
    "splits",
    "stocksplits",
    "splitfactor",
    "splitcoefficient",
    "splitratio",
    "factor",
    "adjfactor",
    "adjustmentfactor",
    "beta",
    "vwap",
    "openinterest",
    "openint",
    "oi",
    "turnoverrate",
    "turnoverratio",
    "exdividend",
    "divcash",
    "capitalgains",
    "supply",
    "circulatingsupply",
];
/// Beginnings of those that are a price in another way.
const PRICES: [&str; 4] = ["adj", "adjusted", "unadj", "unadjusted"];
/// Fields whose names in capitals are none of a market.
const CAPITALS: [&str; 10] = ["PE", "EPS", "VWAP", "OI", "TMAX", "TMIN", "TAVG", "PRCP", "MCAP", "MARKETCAP"];

/// What files of others than markets measure: money of an account, weather, sensors, health, shops, machines.
const OTHERS: [&str; 137] = [
    "balance",
    "debit",
    "credit",
    "withdrawal",
    "withdrawals",
    "deposit",
    "deposits",
    "payee",
    "narrative",
    "saldo",
    "betrag",
    "verwendungszweck",
    "soll",
    "haben",
    "importe",
    "solde",
    "saldodisponible",
    "invoice",
    "invoices",
    "subtotal",
    "customer",
    "customers",
    "orders",
    "sales",
    "revenue",
    "visitors",
    "sessions",
    "pageviews",
    "views",
    "clicks",
    "impressions",
    "users",
    "temp",
    "temperature",
    "temperatur",
    "température",
    "temperatura",
    "tmax",
    "tmin",
    "tavg",
    "tempmax",
    "tempmin",
    "tempmean",
    "humidity",
    "hum",
    "feuchte",
    "dewpoint",
    "precip",
    "precipitation",
    "prcp",
    "rain",
    "rainfall",
    "snow",
    "snowfall",
    "wind",
    "windspeed",
    "windgust",
    "pressure",
    "barometer",
    "sunshine",
    "cloudcover",
    "uv",
    "uvindex",
    "pm25",
    "pm10",
    "no2",
    "co2",
    "ozone",
    "aqi",
    "sensor",
    "sensorid",
    "device",
    "deviceid",
    "station",
    "stationid",
    "voltage",
    "amperage",
    "watts",
    "kwh",
    "consumption",
    "production",
    "meter",
    "lat",
    "lon",
    "lng",
    "latitude",
    "longitude",
    "elevation",
    "altitude",
    "ele",
    "heading",
    "steps",
    "calories",
    "kcal",
    "distance",
    "heartrate",
    "pulse",
    "bpm",
    "weight",
    "bmi",
    "sleep",
    "glucose",
    "cases",
    "deaths",
    "recovered",
    "hospitalized",
    "vaccinations",
    "tests",
    "population",
    "births",
    "cpu",
    "mem",
    "memory",
    "disk",
    "latency",
    "latencyms",
    "ping",
    "comments",
    "requests",
    "errors",
    "uptime",
    "bandwidth",
    "throughput",
    "fps",
    "levelcm",
    "discharge",
    "turbidity",
    "salinity",
    "magnitude",
    "depth",
    "score",
    "points",
    "rating",
    "employees",
    "headcount",
    "attendance",
    "traffic",
];
/// What may be one as well, beside others that are.
const PERHAPS: [&str; 19] = [
    "value", "amount", "total", "count", "number", "power", "current", "level", "flow", "speed", "load",
    "energy", "hours", "duration", "status", "min", "max", "mean", "avg",
];
/// Units that stand behind a name, in small letters.
const UNITS: [&str; 22] = [
    "°c", "°f", "c°", "kwh", "mwh", "wh", "kw", "hpa", "mbar", "mm", "cm", "km", "km/h", "m/s", "mph", "kg",
    "lb", "lbs", "bpm", "ppm", "µg/m³", "kcal",
];

fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_in_capitals(name: &str) -> bool {
    !name.contains(char::is_lowercase)
}

/// Whether a name is that of a field beside a price, or of the price in another way: `Market Cap`, `PE`, `Adj Close`.
pub(super) fn is_field(name: &str) -> bool {
    let plain = plain(bare(name));
    let is_price = name.contains(char::is_lowercase)
        && PRICES.iter().any(|begin| {
            plain.strip_prefix(begin).is_some_and(|rest| {
                ["close", "open", "high", "low", "price", "volume", "factor", "closeprice"].contains(&rest)
            })
        });
    is_price || is_field_alone(name)
}

/// Whether a name is that of a field beside a price, which has another role than those of bars and trades.
pub(super) fn is_field_alone(name: &str) -> bool {
    let is_short = is_in_capitals(name) && name.chars().all(char::is_alphanumeric);
    let is_named = FIELDS.contains(&plain(bare(name)).as_str()) && names::role_of(name).is_none();
    is_named && (!is_short || CAPITALS.contains(&name.trim()))
}

fn bare(name: &str) -> &str {
    name.split(['(', '[']).next().unwrap_or_default()
}

/// The columns called `names` that are none of prices but of what other files measure.
pub(super) fn others(names: &[String]) -> Vec<usize> {
    let is_other = |name: &String| {
        let plain = plain(name);
        let unit = name
            .rsplit_once(['(', '[', '_'])
            .map(|(_, unit)| unit.trim_end_matches([')', ']']).to_lowercase());
        let has_unit = unit.is_some_and(|unit| UNITS.contains(&unit.as_str()));
        let is_ticker = is_in_capitals(name) && !CAPITALS.contains(&name.trim());
        // temperature_2m, temp_max
        let mut words = name.split(|letter: char| !letter.is_alphanumeric());
        let first = words.next().unwrap_or_default().to_lowercase();
        let is_known = OTHERS.contains(&plain.as_str()) || OTHERS.contains(&first.as_str());
        has_unit || (is_known && !is_ticker)
    };
    let found: Vec<usize> = (0..names.len()).filter(|at| is_other(&names[*at])).collect();
    if found.is_empty() {
        return found;
    }
    let perhaps = |name: &String| PERHAPS.contains(&plain(name).as_str()) && !is_in_capitals(name);
    (0..names.len()).filter(|at| found.contains(at) || perhaps(&names[*at])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_beside_a_price_are_no_markets() {
        for name in [
            "Market Cap",
            "marketCap",
            "Shares Outstanding",
            "PE",
            "P/E Ratio",
            "EPS",
            "Adj Close",
            "Split Factor",
            "OI",
        ] {
            assert!(is_field(name), "{name}");
        }
        for name in ["KO", "BETA", "FLOAT", "Close", "Brent", "ADJ"] {
            assert!(!is_field(name), "{name}");
        }
    }

    #[test]
    fn what_other_files_measure_is_no_price() {
        let of = |header: &str| others(&header.split(',').map(str::to_owned).collect::<Vec<_>>()).len();
        for (header, count) in [
            ("Date,Amount,Balance", 2),
            ("Date,Temperature (°C),Humidity (%)", 2),
            ("time,voltage,current,power", 3),
            ("timestamp,sensor_id,value", 2),
            ("DATE,TMAX,TMIN,PRCP", 3),
            ("date,kWh", 1),
            ("Date,Power,Gas", 0),
            ("Date,CPU,MEM", 0),
            ("date,value", 0),
            ("Date,Natural Gas,Brent", 0),
        ] {
            assert_eq!(of(header), count, "{header}");
        }
    }
}
