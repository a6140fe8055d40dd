//! How messages show what was found and what would be right.

use options::nearest;
use toml_span::value::ValueInner;

const SHOWN_CHARS: usize = 60;

/// A key or word in backticks, made printable and not too long.
pub(super) fn quote(word: &str) -> String {
    format!("`{}`", shorten(word))
}

/// A value as a person wrote it, or what it is where that is long.
pub(super) fn describe(value: &ValueInner<'_>) -> String {
    match value {
        ValueInner::String(text) => format!("the text \"{}\"", shorten(text)),
        ValueInner::Integer(number) => format!("the number {number}"),
        ValueInner::Float(number) => format!("the number {number}"),
        ValueInner::Boolean(flag) => flag.to_string(),
        ValueInner::Array(_) => "a list".to_owned(),
        ValueInner::Table(_) => "a table".to_owned(),
    }
}

/// A number with its digits in groups of three, as TOML may write it.
pub(super) fn grouped(number: impl std::fmt::Display) -> String {
    let digits = number.to_string();
    let (sign, digits) = digits.split_at(usize::from(digits.starts_with('-')));
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group));
    format!("{sign}{}", groups.collect::<Vec<_>>().join("_"))
}

/// The words that are allowed.
pub(super) fn one_of(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// A sentence, and the word that was most likely meant.
pub(super) fn with_hint<'a>(sentence: &str, word: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(word, words) {
        Some(meant) => format!("{sentence}; did you mean `{meant}`?"),
        None => sentence.to_owned(),
    }
}

/// Refuses a word that is not in the list.
pub(super) fn not_one_of(found: &str, words: &[&str]) -> String {
    let sentence = format!("found \"{}\", allowed is {}", shorten(found), one_of(words));
    with_hint(&sentence, found, words.iter().copied())
}

/// A text made printable and not too long.
pub(super) fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARS).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        shown.push('…');
    }
    shown.replace("\\\"", "\"").replace("\\'", "'")
}
