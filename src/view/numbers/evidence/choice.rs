//! The user's choices on the evidence: what is shown beside it, and whether the half-life is resampled.

use spreadscope_engine::analytics::evidence::Beside;

const RESAMPLED: &str = "resampled";

/// The choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EvidenceChoice {
    /// The second sample.
    pub beside: Beside,
    /// Whether the interval of the half-life is computed by resampling too.
    pub resamples: bool,
}

impl EvidenceChoice {
    /// Returns the choices as text, `slower-interval~resampled`, for storage and links.
    pub fn store(self) -> String {
        let beside = self.beside.as_str();
        if self.resamples { format!("{beside}~{RESAMPLED}") } else { beside.to_owned() }
    }

    /// Reads what [`Self::store`] wrote, or a link with the second sample alone.
    ///
    /// # Errors
    /// A clause: what it must be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (beside, rest) = text.split_once('~').map_or((text, None), |(beside, rest)| (beside, Some(rest)));
        let beside = Beside::parse(beside).ok_or("it must be nothing, other-direction or slower-interval")?;
        match rest {
            None => Ok(Self { beside, resamples: false }),
            Some(RESAMPLED) => Ok(Self { beside, resamples: true }),
            Some(_) => Err("after ~, it must be resampled"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_come_back_as_they_were_stored_and_links_of_before_are_read() {
        for beside in Beside::ALL {
            for resamples in [false, true] {
                let choice = EvidenceChoice { beside, resamples };
                assert_eq!(EvidenceChoice::parse(&choice.store()), Ok(choice));
            }
        }
        let known = EvidenceChoice { beside: Beside::SlowerInterval, resamples: false };
        assert_eq!(EvidenceChoice::parse("slower-interval"), Ok(known));
        assert_eq!(EvidenceChoice::parse("slower-interval~x"), Err("after ~, it must be resampled"));
        assert!(
            EvidenceChoice::parse("x~resampled").is_err_and(|said| said.starts_with("it must be nothing"))
        );
    }
}
