//! A content security policy, directive by directive.

/// The directives in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Policy {
    directives: Vec<Directive>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Directive {
    name: String,
    sources: Vec<String>,
}

impl Policy {
    /// Reads the text of a policy.
    pub(super) fn parse(text: &str) -> Self {
        let directives = text.split(';').filter_map(|directive| {
            let mut words = directive.split_whitespace().map(str::to_owned);
            Some(Directive { name: words.next()?, sources: words.collect() })
        });
        Self { directives: directives.collect() }
    }

    /// Lets the page connect to itself and these hosts alone.
    pub(super) fn connect_to(&mut self, hosts: Vec<String>) {
        let sources = std::iter::once("'self'".to_owned()).chain(hosts).collect();
        self.directive("connect-src").sources = sources;
    }

    /// Lets these inline scripts run, by their hashes, and none that was let run before.
    pub(super) fn run_scripts(&mut self, hashes: Vec<String>) {
        let sources = &mut self.directive("script-src").sources;
        sources.retain(|source| !source.starts_with("'sha256-"));
        sources.extend(hashes);
    }

    fn directive(&mut self, name: &str) -> &mut Directive {
        let found = self.directives.iter().position(|directive| directive.name == name);
        let index = found.unwrap_or_else(|| {
            self.directives.push(Directive { name: name.to_owned(), sources: Vec::new() });
            self.directives.len() - 1
        });
        &mut self.directives[index]
    }

    /// The policy as it stands in a page.
    pub(super) fn text(&self) -> String {
        let directives: Vec<String> = self
            .directives
            .iter()
            .map(|Directive { name, sources }| {
                std::iter::once(name).chain(sources).map(String::as_str).collect::<Vec<_>>().join(" ")
            })
            .collect();
        directives.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

    #[test]
    fn a_policy_is_written_as_it_was_read() {
        assert_eq!(Policy::parse(TEXT).text(), TEXT);
        assert_eq!(
            Policy::parse(" default-src  'none' ;\n script-src 'self';").text(),
            "default-src 'none'; script-src 'self'"
        );
    }

    #[test]
    fn hosts_take_the_place_of_those_before() {
        let mut policy = Policy::parse(TEXT);
        policy.connect_to(vec!["https://a".to_owned()]);
        policy.connect_to(vec!["https://b".to_owned(), "wss://b".to_owned()]);
        assert!(policy.text().ends_with("; connect-src 'self' https://b wss://b"));
    }

    #[test]
    fn hashes_take_the_place_of_those_before_and_leave_the_rest() {
        let mut policy = Policy::parse(TEXT);
        policy.run_scripts(vec!["'sha256-a'".to_owned()]);
        policy.run_scripts(vec!["'sha256-b'".to_owned()]);
        assert!(policy.text().contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-b';"));
    }
}
