//! The question at the head of a scenario text.

/// The comment lines that open a text, joined to one paragraph. Nothing when there are none.
#[must_use]
pub fn question(text: &str) -> String {
    let (opening, _) = crate::edit::split_opening(text);
    let comment = opening.lines().map(str::trim).skip_while(|line| line.is_empty());
    let words = comment.map_while(|line| line.strip_prefix('#')).map(str::trim);
    words.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::question;

    #[test]
    fn only_the_first_block_of_comments_is_the_question() {
        assert_eq!(
            question("\n# Which one?\n#\n#  Really?\n\n# An aside.\nseed = 1\n"),
            "Which one? Really?"
        );
        assert_eq!(question("# Windows\r\n# too\r\nseed = 1\r\n"), "Windows too");
        assert_eq!(question("seed = 1\n# Late.\n"), "");
        assert_eq!(question("#\n#\n"), "");
    }
}
