//! Cells that are damaged, or that carry more than a number or a time, cost at most their row.

use crate::further_vendors::{day, days, joined};
use crate::vendors::{bars, date, import};

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
/// 2024-01-08.
const BEGIN: i64 = 1_704_672_000_000;

#[test]
fn a_damaged_cell_of_a_table_without_names_costs_its_row_alone() {
    type Write<'a> = &'a dyn Fn(i64, [f64; 5]) -> Vec<String>;
    let kraken = |time: i64, [o, h, l, c, v]: [f64; 5]| {
        vec![
            (time / 1_000).to_string(),
            o.to_string(),
            h.to_string(),
            l.to_string(),
            c.to_string(),
            v.to_string(),
            "7".into(),
        ]
    };
    let klines = |time: i64, [o, h, l, c, v]: [f64; 5]| {
        let sums = [
            v.to_string(),
            (time + HOUR - 1).to_string(),
            (v * c).to_string(),
            "9".into(),
            "1".into(),
            c.to_string(),
            "0".into(),
        ];
        [time.to_string(), o.to_string(), h.to_string(), l.to_string(), c.to_string()]
            .into_iter()
            .chain(sums)
            .collect()
    };
    let meta = |time: i64, [o, h, l, c, v]: [f64; 5]| {
        let (day, clock) = (day(time).replace('-', "."), date(time)[11..].to_owned());
        vec![day, clock, o.to_string(), h.to_string(), l.to_string(), c.to_string(), v.to_string()]
    };
    let forms: [(&str, Write<'_>); 3] =
        [("XBTUSD_60.csv", &kraken), ("XBTUSD.csv", &klines), ("XBTUSD60.csv", &meta)];
    for (name, write) in forms {
        let rows: Vec<Vec<String>> =
            days(HOUR).into_iter().map(|(time, numbers)| write(time, numbers)).collect();
        let read = |rows: &[Vec<String>]| {
            let text = rows.iter().fold(String::new(), |text, row| text + &row.join(",") + "\n");
            let (files, _) = import(name, text.as_bytes());
            let (step, held) = bars(&files, "XBTUSD");
            assert_eq!(step, HOUR, "{name}");
            held
        };
        let whole = read(&rows);
        for column in 1..rows[0].len() {
            for cell in ["x", "", "12:77", "-5", "2024-02-31", "1,5"] {
                let mut damaged = rows.clone();
                damaged[7][column] = cell.to_owned();
                let mut held = read(&damaged);
                held.retain(|(time, _)| *time != whole[7].0);
                let mut expected = whole.clone();
                expected.remove(7);
                assert_eq!(held, expected, "{name}: column {column} is {cell:?}");
            }
        }
    }
}

#[test]
fn times_and_prices_carry_what_programs_put_beside_them() {
    for (header, row) in [
        (
            "Date,Close",
            &(|day: &str, c: f64| format!("{day} 00:00:00 +0000 UTC,{c}")) as &dyn Fn(&str, f64) -> String,
        ),
        ("Date,Close", &|day, c| format!("'{day},{c}")),
        ("Date;Close", &|day, c| format!("{day};kr {}", format!("{c:.2}").replace('.', ","))),
    ] {
        let text = format!("{header}\n{}\n", joined(DAY, "\n", |time, [.., c, _]| row(&day(time), c)));
        let (files, report) = import("KO.csv", text.as_bytes());
        assert_eq!((report.rows, report.refusals.count), (20, 0), "{}", &text[..60]);
        let (_, held) = bars(&files, "KO");
        assert_eq!((held[0].0, held[0].1.close), (BEGIN, days(DAY)[0].1[3]), "{}", &text[..60]);
    }
}
