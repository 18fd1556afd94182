//! Names of months, in the languages that files are written in.

/// How names of months begin, in small letters, by the month. What begins as another does stands before it.
#[rustfmt::skip]
const BEGINNINGS: [(i64, &[&str]); 12] = [
    (11, &["nov", "noi", "ноя", "lis", "kas", "noe", "νοε", "marras", "лис", "ноем"]),
    (10, &["oct", "okt", "ott", "out", "окт", "paź", "paz", "eki", "říj", "οκτ", "loka", "жов"]),
    (12, &["dec", "dez", "déc", "dic", "des", "дек", "gru", "ara", "pro", "δεκ", "joulu"]),
    (1, &["jan", "ene", "gen", "янв", "sty", "oca", "led", "ιαν", "ian", "jän", "tammi", "січ"]),
    (2, &["feb", "fev", "fév", "фев", "lut", "şub", "sub", "úno", "φεβ", "helmi", "лют"]),
    (3, &["mar", "mär", "mrt", "maa", "мар", "bře", "μαρ", "már", "бер"]),
    (4, &["apr", "avr", "abr", "апр", "kwi", "nis", "dub", "απρ", "huhti", "ápr", "кві"]),
    (5, &["may", "mai", "maj", "mei", "mag", "май", "мая", "kvě", "μαΐ", "μαϊ", "touko", "máj", "тра"]),
    (6, &["jun", "juin", "giu", "июн", "cze", "haz", "červen", "čvn", "ιουν", "kesä", "jún", "iun", "чер"]),
    (7, &["jul", "juil", "lug", "июл", "lip", "tem", "červenec", "čvc", "ιουλ", "heinä", "júl", "iul", "лип"]),
    (8, &["aug", "aoû", "aou", "ago", "авг", "sie", "ağu", "srp", "αυγ", "elo", "сер"]),
    (9, &["sep", "set", "сен", "wrz", "eyl", "zář", "σεπ", "syys", "szept", "вер"]),
];

/// The month that a word names, from 1.
pub(super) fn month(word: &str) -> Option<i64> {
    let word = word.to_lowercase();
    // July in Czech begins with the whole of June
    if word.starts_with("červenec") {
        return Some(7);
    }
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| word.starts_with(beginning));
    BEGINNINGS.iter().find(|(_, beginnings)| begins(beginnings)).map(|(month, _)| *month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_in_every_language() {
        let years = [
            "january february march april may june july august september october november december",
            "januar februar märz april mai juni juli august september oktober november dezember",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            "januari februari maart april mei juni juli augustus september oktober november december",
            "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
            "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
            "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
            "januari februari mars april maj juni juli augusti september oktober november december",
            "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
            "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
            "január február március április május június július augusztus szeptember október november december",
            "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
            "ιαν φεβ μαρ απρ μαΐ ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
        ];
        for year in years {
            let seen: Vec<Option<i64>> = year.split(' ').map(month).collect();
            assert_eq!(seen, (1..=12).map(Some).collect::<Vec<_>>(), "{year}");
        }
        assert_eq!((month("MRT"), month("foo"), month("")), (Some(3), None, None));
    }
}
