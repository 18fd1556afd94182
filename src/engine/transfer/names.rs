//! What columns are called, in several languages.

use super::foreign_names;
use super::plan::Role;

/// Names of each role in lower case without blanks and signs, the best first.
#[rustfmt::skip]
const NAMES: [(Role, &[&str]); Role::COUNT] = [
    (
        Role::Time,
        &[
            "opentime",
            "timeopen",
            "transacttime",
            "transactiontime",
            "tradetime",
            "createdtime",
            "candledatetimeutc",
            "timestamp",
            "time",
            "ts",
            "unix",
            "unixtime",
            "unixtimestamp",
            "timestampms",
            "datetime",
            "date",
            "gmttime",
            "utctime",
            "localtime",
            "opentimestamp",
            "starttime",
            "startat",
            "start",
            "begin",
            "begints",
            "eventtime",
            "createdat",
            "createtime",
            "dateutc",
            "timeutc",
            "datetimeutc",
            "tradedate",
            "tradingday",
            "day",
            "index",
            "mts",
            "dt",
            "t",
            "ticks",
            "observationdate",
            "datum",
            "zeit",
            "zeitpunkt",
            "fecha",
            "data",
            "dateheure",
            "дата",
            "日期",
            "时间",
            "交易日期",
            "成交时间",
            "pricedate", "quotedate", "tarih", "fechahora", "datahora", "horodatage", "日付け", "日付", "日時", "날짜", "일자", "датаивремя", "calctime", "dateandtime", "timestamputc", "opendate", "begindate", "snappedat", "timestampopen", "startedat", "timeperiodstart", "periodstart", "periodstartunix", "begintime",
            "closetime", "timeclose", "closetimestamp", "closedatetime", "closedate", "closedat", "candleclosetime", "barclosetime", "endtime", "timeend", "endtimestamp", "enddatetime", "enddate", "endat", "endts", "endedat", "periodend", "periodendunix", "timeperiodend", "timestampclose", "timestampend", "intervalend", "barend", "end",],
    ),
    (
        Role::Symbol,
        &[
            "symbol",
            "pair",
            "market",
            "ticker",
            "instrument",
            "instrumentname",
            "instid",
            "productid",
            "product",
            "currencypair",
            "security",
            "coin",
            "stock",
            "asset",
            "assetid",
            "code",
            "sym",
            "name",
            "tic",
            "代码",
            "股票代码", "variable", "s",],
    ),
    (
        Role::Open,
        &[
            "open",
            "openprice",
            "openingprice",
            "o",
            "priceopen",
            "1open",
            "eröffnung",
            "eröffn",
            "erster",
            "apertura",
            "abertura",
            "ouverture",
            "ouv",
            "откр",
            "开盘",
            "开盘价",
            "pxopen", "anfang", "anfangskurs", "eröffnungskurs", "otwarcie", "açılış", "начало", "открытие", "始値", "시가", "opening", "priceopenusd", "开盘價", "開盤", "開盤價", "开",
        ],
    ),
    (
        Role::High,
        &[
            "high",
            "highprice",
            "h",
            "max",
            "pricehigh",
            "2high",
            "hoch",
            "máximo",
            "máxima",
            "máx",
            "massimo",
            "plushaut",
            "макс",
            "最高",
            "最高价",
            "pxhigh", "höchst", "höchstkurs", "höchster", "tageshoch", "hoog", "maximum", "haut", "najwyzszy", "najwyższy", "yüksek", "максимум", "高値", "고가", "최고", "高", "alta", "alto", "highest",
        ],
    ),
    (
        Role::Low,
        &[
            "low",
            "lowprice",
            "l",
            "min",
            "pricelow",
            "3low",
            "tief",
            "mínimo",
            "mínima",
            "mín",
            "minimo",
            "plusbas",
            "мин",
            "最低",
            "最低价",
            "pxlow", "tiefst", "tiefstkurs", "tiefster", "tagestief", "laag", "minimum", "bas", "najnizszy", "najniższy", "düşük", "минимум", "安値", "저가", "최저", "低", "baja", "bajo", "baixa", "lowest",
        ],
    ),
    (
        Role::Close,
        &[
            "close",
            "closeprice",
            "c",
            "priceclose",
            "4close",
            "last",
            "closelast",
            "lastprice",
            "adjclose",
            "adjustedclose",
            "5adjustedclose",
            "schluss",
            "schlusskurs",
            "zuletzt",
            "letzter",
            "cierre",
            "chiusura",
            "fechamento",
            "clôture",
            "dernier",
            "último",
            "ultimo",
            "цена",
            "收盘",
            "收盘价",
            "pxlast", "pxclose", "prc", "settle", "settlement", "settlementprice", "closingprice", "closing", "schluß", "schlußkurs", "slot", "slotkoers", "laatste", "zamkniecie", "zamknięcie", "şimdi", "закрытие", "закр", "終値", "종가", "收盤", "收盤價", "cloture", "clôt", "clot", "fermeture", "kurs", "cours", "收",
        ],
    ),
    (
        Role::Volume,
        &[
            "volume",
            "candleacctradevolume",
            "basevolume",
            "vol",
            "v",
            "volumebase",
            "5volume",
            "6volume",
            "tickvol",
            "tickvolume",
            "volumen",
            "volumes",
            "stück",
            "объём",
            "成交量",
            "pxvolume", "wolumen", "wol", "hac", "hacim", "volym", "umsatz", "stuck", "stuecke", "объем", "出来高", "거래량", "交易量", "volumetraded", "totalvolume", "成交量手", "成交量股", "volumefrom", "basetokenvolume", "sxsum",],
    ),
    (
        Role::QuoteVolume,
        &[
            "quotevolume",
            "candleacctradeprice",
            "quoteassetvolume",
            "quotevol",
            "turnover",
            "volccyquote",
            "amountquote",
            "volumequote",
            "volquote",
            "成交额",
            "成交金额", "成交额元", "amountusd", "turnoverusd", "notional", "quoteassetvol", "volumeto", "quotetokenvolume", "売買代金", "거래대금",],
    ),
    (
        Role::Trades,
        &[
            "trades",
            "count",
            "numberoftrades",
            "tradecount",
            "tradescount",
            "tradecnt",
            "numtrades",
            "transactions", "n", "sxcnt",],
    ),
    (Role::TakerBase, &["takerbase", "takerbuyvolume", "takerbuybasevolume", "takerbuybaseassetvolume"]),
    (Role::TakerQuote, &["takerquote", "takerbuyquotevolume", "takerbuyquoteassetvolume"]),
    (Role::Price, &["price", "tradeprice", "p", "px", "rate"]),
    (Role::Size, &["homenotional", "baseqty", "basesize", "size", "qty", "quantity", "amount", "q", "sz", "volume", "vol", "lastsize"]),
    (Role::TradeId, &["tradeid", "id", "aggtradeid", "tid"]),
    (Role::FirstTradeId, &["firsttradeid", "firstid"]),
    (Role::LastTradeId, &["lasttradeid", "lastid"]),
    (Role::BuyerIsMaker, &["isbuyermaker", "buyerismaker", "isbuyermarketmaker", "side", "takerside", "m"]),
    (Role::Origin, &["origin"]),
    (Role::TimeOfDay, &["timeofday", "time", "clock", "hour", "hhmmss", "uhrzeit", "hora"]),
    (Role::Year, &["year", "yyyy", "yr", "jahr", "année", "annee", "ano", "año", "anno", "год", "年"]),
    (Role::Month, &["month", "mm", "mo", "mon", "monat", "mois", "mes", "mese", "месяц", "月"]),
    (Role::Day, &["day", "dd", "dayofmonth", "tag", "jour", "dia", "día", "giorno", "день", "日"]),
    (Role::Hour, &["hour", "hr", "hh", "hourofday", "stunde", "heure", "hora", "ora", "час", "时"]),
    (Role::Minute, &["minute", "minutes", "mi", "min", "minuto", "минута", "分"]),
    (Role::Second, &["second", "seconds", "sec", "ss", "sekunde", "seconde", "segundo", "секунда", "秒"]),
];

/// Whether a name of a time says that it is the one at which a bar closed.
pub(super) fn is_close_time(name: &str) -> bool {
    let name = &plain(name)[0];
    let is_time = NAMES.iter().any(|(role, known)| *role == Role::Time && known.contains(&name.as_str()));
    is_time && (name.contains("close") || name.contains("end"))
}

/// Where the column of `role` is.
pub(super) fn find(names: &[Vec<String>], role: Role) -> Option<usize> {
    // a whole name before a part of one
    let known = || of_role(role);
    let whole = known().find_map(|known| names.iter().position(|name| name[0] == known));
    whole.or_else(|| {
        known().find_map(|known| names.iter().position(|name| name[1..].iter().any(|part| part == known)))
    })
}

/// The names of a role, the best first.
fn of_role(role: Role) -> impl Iterator<Item = &'static str> {
    let both = NAMES.iter().chain(&foreign_names::NAMES).filter(move |(named, _)| *named == role);
    both.flat_map(|(_, known)| known.iter().copied())
}

/// The role that a name has of itself.
pub(super) fn role_of(name: &str) -> Option<Role> {
    let name = plain(name);
    let both = || NAMES.iter().chain(&foreign_names::NAMES);
    both().find(|(_, known)| known.contains(&name[0].as_str())).map(|(role, _)| *role)
}

/// Words of columns that measure something else than a price.
const MEASURES: [&str; 28] = [
    "rate",
    "rates",
    "ratio",
    "interest",
    "hours",
    "funding",
    "premium",
    "change",
    "chg",
    "return",
    "returns",
    "pct",
    "percent",
    "zscore",
    "score",
    "signal",
    "rank",
    "weight",
    "dividends",
    "splits",
    "marketcap",
    "interval",
    "confirm",
    "flags",
    "correlation",
    "ask",
    "bid",
    "spread",
];

/// Whether a name says in small letters that its column measures something else than a price.
pub(super) fn is_measure(name: &str) -> bool {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    let is_small = |word: &&str| word.chars().any(char::is_lowercase);
    let measures = |word: &str| {
        MEASURES.iter().any(|known| word.eq_ignore_ascii_case(known))
            || (word.len() > 6 && word.ends_with("Volume"))
    };
    words.filter(is_small).any(measures)
}

/// A name without the number in front that some list it by: `1a. open (EUR)`.
fn without_number(name: &str) -> &str {
    let rest = name.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let (digits, rest) =
        (name.len() - rest.len(), rest.strip_prefix(|letter: char| letter.is_ascii_lowercase()));
    rest.and_then(|rest| rest.strip_prefix(". ")).filter(|_| (1..=2).contains(&digits)).unwrap_or(name)
}

/// A name in lower case without signs, and its parts where it says a thing twice: `price/价格`, `Volume (BTC)`.
pub(super) fn plain(name: &str) -> Vec<String> {
    let name = without_number(name);
    let letters = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let mut names = vec![letters(name)];
    // Yahoo explains a name behind it: "Close Close price adjusted for splits."
    if let Some((field, _)) = name.to_lowercase().split_once("price adjusted for") {
        names.push(if field.starts_with("adj") { "adjclose" } else { "close" }.to_owned());
    }
    if name.contains(['/', '(', '[']) {
        names.extend(name.split(['/', '(', '[']).map(letters).filter(|part| !part.is_empty()));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_front_is_no_part_of_a_name() {
        for (name, parts) in [
            ("1a. open (EUR)", &["openeur", "open", "eur"][..]),
            ("1. open", &["1open"]),
            ("2b.high", &["2bhigh"]),
        ] {
            assert_eq!(plain(name), parts, "{name}");
        }
    }

    #[test]
    fn every_name_is_written_as_it_is_looked_up() {
        let all = NAMES.iter().chain(&foreign_names::NAMES).flat_map(|(_, known)| known.iter());
        for name in all {
            assert_eq!(plain(name)[0], **name);
        }
    }
}
