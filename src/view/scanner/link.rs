//! The scanner's choices as a link carries them: form; conditions; order.

use super::conditions::Conditions;
use super::form::Form;
use super::sort::Order;

/// Longest word of a link that is repeated in full.
const SHOWN: usize = 30;

/// The choices of a link, and the words in it that mean nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    /// What to scan.
    pub form: Form,
    /// Which pairs to show.
    pub conditions: Conditions,
    /// In which order.
    pub order: Order,
    /// What was ignored, as a sentence; `None` if nothing was.
    pub ignored: Option<String>,
}

/// Reads the choices of a link; what means nothing is left at its default, and named.
pub fn read(link: &str) -> Link {
    let mut parts = link.splitn(3, ';');
    let [form, conditions, order] = [(); 3].map(|()| parts.next().unwrap_or_default());
    let unread = [
        unread(form, &Form::default().store(), |word| Form::parse(word) != Form::default()),
        unread(conditions, "q:0.05", |word| Conditions::parse(word) != Conditions::default()),
        unread(order, "", |word| Order::parse(word).is_some()),
    ];
    let shown = |word: &&str| format!("“{}”", word.chars().take(SHOWN).collect::<String>());
    let unread: Vec<String> = unread.iter().flatten().map(shown).collect();
    let ignored = match unread.as_slice() {
        [] => None,
        [word] => Some(format!("{word} of the scanner in the link was ignored: it is none of its choices.")),
        words => Some(format!(
            "{} of the scanner in the link were ignored: they are none of its choices.",
            words.join(", ")
        )),
    };
    Link {
        form: Form::parse(form),
        conditions: Conditions::parse(conditions),
        order: Order::parse(order).unwrap_or_default(),
        ignored,
    }
}

/// The words of a part that neither change a choice nor are its default.
fn unread<'a>(part: &'a str, default: &str, changes: fn(&str) -> bool) -> Vec<&'a str> {
    let is_known =
        |word: &str| word.is_empty() || changes(word) || default.split(',').any(|known| known == word);
    part.split(',').filter(|word| !is_known(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::scanner::form::Universe;

    #[test]
    fn a_link_of_the_page_is_read_without_a_word() {
        let link = Link::default();
        let text = [link.form.store(), link.conditions.store(), link.order.store()].join(";");
        assert_eq!(read(&text), link);
        assert_eq!(read(""), link);
        let list = read("list,USDT,1h,250,all,every:15,+ADA,+DOTUSDT;by,q:0.1,survivors;-p");
        assert_eq!((list.form.universe, list.ignored), (Universe::List, None));
    }

    #[test]
    fn what_a_link_asks_for_in_vain_is_named() {
        let asked = read("top9999,XXX,3s,99999999;q:7,zzz;upwards");
        assert_eq!((asked.form, asked.conditions, asked.order), Default::default());
        assert_eq!(
            asked.ignored.as_deref(),
            Some(
                "“top9999”, “XXX”, “3s”, “99999999”, “q:7”, “zzz”, “upwards” of the scanner in the link were ignored: \
                 they are none of its choices."
            )
        );
        let one = read("top50,7m").ignored;
        let words = "“7m” of the scanner in the link was ignored: it is none of its choices.";
        assert_eq!(one.as_deref(), Some(words));
        let long = read(&"x".repeat(900)).ignored.unwrap();
        assert!(long.chars().count() < 120, "{long}");
    }
}
