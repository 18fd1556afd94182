//! What columns are called in further languages, in small letters without signs.

use super::role::Role;

/// Names of each role: Swedish, Danish, Norwegian, Finnish, Dutch, Czech, Slovak, Hungarian, Romanian, Croatian,
/// Lithuanian, Turkish, Greek, Ukrainian, Bulgarian, Vietnamese, Thai, Indonesian, Malay, Portuguese, Arabic, Hebrew.
#[rustfmt::skip]
pub(super) const NAMES: [(Role, &[&str]); 7] = [
    (
        Role::Time,
        &["dato", "päivämäärä", "pvm", "dátum", "dată", "datums", "ημερομηνία", "ημνία", "ngày", "วันที", "วันเดือนปี", "วัน", "tanggal",
          "tarikh", "التاريخ", "תאריך"],
    ),
    (
        Role::Open,
        &["öppningskurs", "öppen", "öppning", "åbning", "åbningskurs", "åben", "åpning", "åpningskurs", "åpen", "avaus", "avauskurssi", "openen",
          "openingskoers", "otevírací", "otevření", "otevíracícena", "otvorenie", "nyitó", "nyitás", "nyitóár", "deschidere", "deschis", "otvaranje",
          "atidarymo", "atidarymas", "άνοιγμα", "відкриття", "отваряне", "mởcửa", "mở", "เปิด", "pembukaan", "buka", "الافتتاح", "פתיחה"],
    ),
    (
        Role::High,
        &["högsta", "högst", "hög", "högstakurs", "højeste", "højest", "høj", "høyest", "høyeste", "høy", "ylin", "ylinkurssi", "korkein", "hoogste",
          "nejvyšší", "najvyššia", "legmagasabb", "maximumár", "maxim", "ridicat", "najviša", "aukščiausia", "enyüksek", "υψηλό", "μέγιστη", "μέγιστο",
          "найвисока", "caonhất", "cao", "สูงสุด", "สูง", "tertinggi", "tinggi", "الأعلى", "גבוה"],
    ),
    (
        Role::Low,
        &["lägsta", "lägst", "låg", "lägstakurs", "laveste", "lavest", "lav", "alin", "alinkurssi", "matalin", "laagste", "nejnižší", "najnižšia",
          "legalacsonyabb", "minimumár", "minim", "scăzut", "najniža", "žemiausia", "endüşük", "χαμηλό", "ελάχιστη", "ελάχιστο", "мін", "найниска",
          "thấpnhất", "thấp", "ตำสุด", "ตำ", "terendah", "rendah", "الأدنى", "נמוך"],
    ),
    (
        Role::Close,
        &["stängningskurs", "stängning", "stäng", "slutkurs", "senast", "senaste", "lukning", "lukkekurs", "luk", "seneste", "sluttkurs", "slutt", "siste",
          "päätös", "päätöskurssi", "viimeisin", "viimeinen", "sluiten", "zavírací", "zavření", "závěr", "záver", "poslední", "záró", "záróár", "utolsó",
          "închidere", "ultimul", "zatvaranje", "uždarymo", "uždarymas", "kapanış", "son", "κλείσιμο", "τελευταία", "τιμήκλεισίματος", "закриття",
          "затваряне", "đóngcửa", "lầncuối", "ปิด", "ลาสุด", "penutupan", "tutup", "terakhir", "fecho", "الإغلاق", "סגירה"],
    ),
    (
        Role::Volume,
        &["mængde", "volum", "volyymi", "objem", "forgalom", "apimtis", "όγκος", "обсяг", "обем", "khốilượng", "kl", "ปริมาณ", "jumlah", "الحجم", "נפח"],
    ),
    (Role::QuoteVolume, &["omsättning", "omsætning", "omsetning", "vaihto", "omzet"]),
];
