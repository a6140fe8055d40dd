//! The author's notes: the analysis that stands at the end of a scenario's text.

/// The notes, a paragraph each. The first one says of which run they speak. Empty where the scenario has none.
pub(crate) fn notes(scenario_text: &str) -> Vec<String> {
    let lines = scenario_text.lines().map(str::trim);
    let from_there = lines.skip_while(|line| !line.starts_with("# Analysis"));
    let comment = from_there.map_while(|line| line.strip_prefix('#')).map(str::trim);
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in comment {
        match (line, is_open) {
            ("", _) => is_open = false,
            (line, true) if !line.starts_with("* ") && !line.starts_with("- ") => {
                if let Some(last) = paragraphs.last_mut() {
                    last.push(' ');
                    last.push_str(line);
                }
            }
            (line, _) => {
                paragraphs.push(line.to_owned());
                is_open = true;
            }
        }
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::notes;

    #[test]
    fn the_last_comment_is_paragraphs() {
        let text = "# Which?\nseed = 1\n\n# Analysis (of a run):\n#\n# One\n# line.\n#\n# * a\n# * b\n";
        assert_eq!(notes(text), ["Analysis (of a run):", "One line.", "* a", "* b"]);
        assert!(notes("# Which?\nseed = 1\n").is_empty());
    }
}
