//! The user's choice of colour scheme.

/// Light, dark, or as the system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// As the system is.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Scheme {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Returns the choice as stored and as the style sheet names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns the choice that [`Self::as_str`] names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.as_str() == text)
    }

    /// Returns the choice's label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::System => "Auto",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// Returns the colour in force of a token: a custom property keeps `light-dark(…, …)` unevaluated.
pub fn in_force(token: &str, dark: bool) -> &str {
    let inside = token.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')'));
    let mut depth = 0_u32;
    let comma = |letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    };
    match inside.and_then(|sides| sides.split_once(comma)) {
        Some((light, in_the_dark)) => if dark { in_the_dark } else { light }.trim(),
        None => token,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_colour_for_light_and_one_for_dark() {
        let band = "light-dark(rgba(11, 99, 197, 0.09),rgba(109, 179, 248, 0.11))";
        for (token, light, dark) in [
            ("light-dark(#0b63c5, #6db3f8)", "#0b63c5", "#6db3f8"),
            (band, "rgba(11, 99, 197, 0.09)", "rgba(109, 179, 248, 0.11)"),
            ("#0b63c5", "#0b63c5", "#0b63c5"),
            ("system-ui, \"Segoe UI\"", "system-ui, \"Segoe UI\"", "system-ui, \"Segoe UI\""),
        ] {
            assert_eq!([false, true].map(|is_dark| in_force(token, is_dark)), [light, dark], "{token}");
        }
    }

    #[test]
    fn the_inks_of_the_style_sheet_have_both() {
        let tokens = include_str!("../../../style/tokens.css");
        let inks: Vec<&str> = tokens
            .lines()
            .filter_map(|line| line.trim().strip_prefix("--chart-")?.split_once(": "))
            .map(|(_, value)| value.trim_end_matches(';'))
            .filter(|value| value.contains('#') || value.contains("rgba"))
            .collect();
        assert!(inks.len() > 15, "{inks:?}");
        for ink in inks {
            assert_ne!(in_force(ink, false), in_force(ink, true), "{ink}");
        }
    }
}
