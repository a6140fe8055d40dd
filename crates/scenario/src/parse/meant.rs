//! Which key a person meant who wrote another one.

use options::nearest;

/// Words that people use for a key, and the key. A word counts only where its key is allowed.
const SYNONYMS: &[(&str, &str)] = &[
    ("latency", "delay"),
    ("ping", "delay"),
    ("rtt", "delay"),
    ("one_way", "delay"),
    ("bandwidth", "down"),
    ("download", "down"),
    ("upload", "up"),
    ("packet_loss", "loss"),
    ("duration", "measure"),
    ("window", "measure"),
    ("length", "measure"),
    ("grace", "drain"),
    ("repeats", "rounds"),
    ("repeat", "rounds"),
    ("runs", "rounds"),
    ("users", "count"),
    ("clients", "count"),
    ("viewers", "count"),
    ("connections", "count"),
    ("number", "count"),
    ("users", "subscribers"),
    ("clients", "subscribers"),
    ("interval", "every"),
    ("period", "every"),
    ("rate", "poisson"),
    ("size", "body"),
    ("payload", "body"),
    ("message", "post"),
    ("proxy", "via"),
    ("ssl", "tls"),
    ("type", "use"),
    ("kind", "use"),
    ("max", "at_most"),
    ("min", "at_least"),
];

/// The key that was meant, if there is one of that meaning or near enough to it in letters.
pub(super) fn meant<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let of =
        |(synonym, key): &(&str, &str)| known.iter().find(|known| *synonym == word && *known == key).copied();
    SYNONYMS.iter().find_map(of).or_else(|| nearest(word, known.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_synonym_counts_where_its_key_is_allowed() {
        assert_eq!(meant("latency", &["delay", "loss"]), Some("delay"));
        assert_eq!(meant("latency", &["name", "body"]), None);
        assert_eq!(meant("users", &["topic", "subscribers"]), Some("subscribers"));
        assert_eq!(meant("users", &["count", "ramp"]), Some("count"));
        assert_eq!(meant("dely", &["delay", "loss"]), Some("delay"));
    }
}
