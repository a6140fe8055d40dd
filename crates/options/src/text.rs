//! Reading and printing durations and sizes, and guessing the word that was meant.

use std::time::Duration;

/// What is wrong with a written value, as a fragment that fits behind "`key`: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(String);

impl Malformed {
    pub(crate) fn outside(found: &str, min: String, max: String) -> Self {
        Malformed(format!("found \"{found}\", allowed is {min} to {max}"))
    }

    pub(crate) fn not_one_of(found: &str, allowed: &[&str]) -> Self {
        let hint = match nearest(found, allowed.iter().copied()) {
            Some(word) => format!("; did you mean `{word}`?"),
            None => String::new(),
        };
        Malformed(format!("found \"{found}\", allowed is {}{hint}", allowed.join(" or ")))
    }
}

/// Reads a span of time with its unit: `"250ms"`, `"1m 30s"`.
///
/// # Errors
/// When there is no number, no unit, or one that is not known.
pub fn duration(text: &str) -> Result<Duration, Malformed> {
    humantime::parse_duration(text).map_err(|_| {
        Malformed(format!(
            "found \"{text}\", needed is a time with its unit, such as \"250ms\", \"2s\" or \"1m 30s\""
        ))
    })
}

/// Reads a number of bytes with its unit: `"128B"`, `"64KiB"`.
///
/// # Errors
/// When there is no number, no unit, or one that is not known.
pub fn size(text: &str) -> Result<usize, Malformed> {
    let malformed = || {
        Malformed(format!(
            "found \"{text}\", needed is a size with its unit, such as \"128B\", \"64KiB\" or \"1MiB\""
        ))
    };
    if text.trim_end().ends_with(|last: char| last.is_ascii_digit()) {
        return Err(malformed());
    }
    let bytes: bytesize::ByteSize = text.parse().map_err(|_| malformed())?;
    usize::try_from(bytes.as_u64()).map_err(|_| malformed())
}

/// A span of time as a person writes it: `"1m 30s"`.
#[must_use]
pub fn print_duration(value: Duration) -> String {
    humantime::format_duration(value).to_string()
}

/// A number of bytes in the largest unit that keeps it whole: `"64KiB"`.
#[must_use]
pub fn print_size(bytes: usize) -> String {
    match bytes {
        0 => "0B".to_owned(),
        b if b % (1 << 20) == 0 => format!("{}MiB", b >> 20),
        b if b % (1 << 10) == 0 => format!("{}KiB", b >> 10),
        b => format!("{b}B"),
    }
}

/// The candidate that a misspelt word most likely meant, if one is near enough to be worth saying.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro_winkler(word, candidate), candidate));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > NEAR).then_some(best.1)
}

/// How alike two words are of which one may be a slip of the other.
const NEAR: f64 = 0.75;

/// The candidates that a misspelt word may have meant, the most likely first, at most so many.
#[must_use]
pub fn nearest_few<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro_winkler(word, candidate), candidate));
    let mut near: Vec<_> = scored.filter(|(score, _)| *score > NEAR).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().take(most).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn units_are_needed() {
        assert!(duration("250").is_err());
        assert!(size("128").is_err());
        assert!(duration("-1s").is_err());
        assert_eq!(size("128B").unwrap(), 128);
        assert_eq!(size("64KiB").unwrap(), 65536);
        assert_eq!(duration("1m 30s").unwrap(), Duration::from_secs(90));
    }

    #[test]
    fn far_words_are_not_guessed() {
        assert_eq!(nearest("perod", ["period", "poisson"]), Some("period"));
        assert_eq!(nearest("xyz", ["period", "poisson"]), None);
        assert_eq!(nearest_few("bytes", ["bytes-both", "latency", "bytes"], 2), ["bytes", "bytes-both"]);
        assert_eq!(nearest_few("bytes", ["bytes-both", "latency", "bytes"], 1), ["bytes"]);
        assert!(nearest_few("xyz", ["period", "poisson"], 3).is_empty());
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(ms in 0_u64..10_000_000, bytes in 0_usize..1 << 30) {
            let span = Duration::from_millis(ms);
            prop_assert_eq!(duration(&print_duration(span)).unwrap(), span);
            prop_assert_eq!(size(&print_size(bytes)).unwrap(), bytes);
        }

        #[test]
        fn nothing_written_panics(text in "\\PC*") {
            let _ = duration(&text);
            let _ = size(&text);
        }
    }
}
