//! Over how many processes the clients were spread.

/// What the scenario's text says; one where it does not say.
///
/// The header does not repeat it. The key occurs once at most in a text that was accepted, however its
/// table is written, so looking for it is enough.
pub(crate) fn of_scenario(text: &str) -> u32 {
    let uncommented = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    uncommented.filter_map(value).next().unwrap_or(1).max(1)
}

fn value(line: &str) -> Option<u32> {
    let (before, after) = line.split_once("crowds")?;
    let is_key = !before.ends_with(|last: char| last.is_alphanumeric() || last == '_' || last == '-');
    let number = after.trim_start_matches(['"', '\'']).trim_start().strip_prefix('=')?.trim_start();
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    is_key.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::of_scenario;

    #[test]
    fn it_is_found_however_the_table_is_written() {
        for text in [
            "[subscribers]\ncount = 4\ncrowds = 3",
            "subscribers = { count = 4, crowds=3 } # crowds = 9",
            "# crowds = 9\nsubscribers.crowds = 3",
            "[subscribers]\n\"crowds\" = 3",
        ] {
            assert_eq!(of_scenario(text), 3, "{text}");
        }
        for text in ["", "[subscribers]\ncount = 4", "# crowds = 9", "max-crowds = 9"] {
            assert_eq!(of_scenario(text), 1, "{text}");
        }
    }
}
