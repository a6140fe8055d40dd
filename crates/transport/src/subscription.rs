//! What a client asks for when it opens its stream.

use crate::Seq;
use std::fmt::Write;

/// What a client wants to hear, and from where on.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// The topics.
    pub topics: Topics,
    /// Only what is newer; zero asks for all that the log still has.
    pub cursor: Seq,
    /// When several updates of a topic are waiting, only the newest is wanted.
    pub conflate: bool,
    /// A number in [0, 1) of this subscriber's own, from which a transport derives phases. It is not
    /// sent.
    pub phase: f64,
}

/// A set of topics, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topics(Vec<u32>);

/// What is wrong with a query string, as a sentence for the peer that sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadQuery(String);

impl Topics {
    /// More topics than this are refused in one subscription.
    pub const LIMIT: usize = 100_000;

    /// Orders the numbers and drops repetitions.
    #[must_use]
    pub fn new(mut numbers: Vec<u32>) -> Self {
        numbers.sort_unstable();
        numbers.dedup();
        Topics(numbers)
    }

    /// In rising order.
    #[must_use]
    pub fn as_slice(&self) -> &[u32] {
        &self.0
    }

    /// Reads `"0-3,7"`; an empty text is an empty set.
    ///
    /// # Errors
    /// When it is no such list, or too long.
    pub fn parse(text: &str) -> Result<Self, BadQuery> {
        let bad = || BadQuery(format!("topics={text} is not a list of numbers and ranges such as 0-3,7"));
        let mut numbers = Vec::new();
        if text.is_empty() {
            return Ok(Topics(numbers));
        }
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let first = digits(first).ok_or_else(bad)?;
            let last = digits(last).ok_or_else(bad)?;
            let room = (Self::LIMIT - numbers.len()) as u64;
            // Both ends count, so a range of n holds n + 1; what runs backwards holds none.
            if last < first || u64::from(last - first) >= room {
                return Err(bad());
            }
            numbers.extend(first..=last);
        }
        Ok(Topics::new(numbers))
    }

    /// The list as [`Topics::parse`] reads it.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = String::new();
        let runs = self.0.chunk_by(|a, b| a + 1 == *b);
        for run in runs {
            let comma = if text.is_empty() { "" } else { "," };
            let (first, last) = (run[0], run[run.len() - 1]);
            // Writing to a String does not fail.
            let _ = if first == last {
                write!(text, "{comma}{first}")
            } else {
                write!(text, "{comma}{first}-{last}")
            };
        }
        text
    }
}

impl Subscription {
    /// The longest query: what fits into the smallest head that any of the transports' servers takes.
    pub const QUERY_BYTES: usize = 6 << 10;

    /// Everything that the topics still have, in full.
    #[must_use]
    pub fn new(topics: Vec<u32>) -> Self {
        Subscription { topics: Topics::new(topics), cursor: 0, conflate: false, phase: 0.0 }
    }

    /// No topics: for a client that only sends and asks. Over HTTP it opens no connection before it has
    /// something to send; where one connection carries both directions it is opened and stays quiet.
    #[must_use]
    pub fn none() -> Self {
        Subscription::new(Vec::new())
    }

    /// Whether it asks for no topics.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.topics.as_slice().is_empty()
    }

    /// The query string of the URL that opens the stream, the same for every transport.
    #[must_use]
    pub fn to_query(&self) -> String {
        let conflate = if self.conflate { "&conflate=1" } else { "" };
        format!("topics={}&cursor={}{conflate}", self.topics.print(), self.cursor)
    }

    /// Reads the query string of a URL. `topics` is needed; without `cursor` all is wanted. Keys that
    /// are not known are passed over.
    ///
    /// # Errors
    /// When a value is not what it should be.
    pub fn from_query(query: &str) -> Result<Self, BadQuery> {
        if query.len() > Self::QUERY_BYTES {
            return Err(BadQuery(format!("the query is longer than {} bytes", Self::QUERY_BYTES)));
        }
        let mut topics = None;
        let mut subscription = Subscription::new(Vec::new());
        for pair in query.split('&') {
            match pair.split_once('=').unwrap_or((pair, "")) {
                ("topics", value) => topics = Some(Topics::parse(value)?),
                ("cursor", value) => subscription.cursor = parse_cursor(value)?,
                ("conflate", value) => subscription.conflate = value == "1",
                _ => {}
            }
        }
        let none = || BadQuery("topics are missing: ask for ?topics=0 or ?topics=0-3,7".to_owned());
        Ok(Subscription { topics: topics.ok_or_else(none)?, ..subscription })
    }
}

/// Digits alone: the library's own parser would take a sign too.
fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn parse_cursor(text: &str) -> Result<Seq, BadQuery> {
    text.parse().map_err(|_| BadQuery(format!("cursor={text} is not a whole number")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_are_short_and_read_back() {
        assert_eq!(Topics::new(vec![7, 0, 1, 2, 3]).print(), "0-3,7");
        assert!(Topics::parse("3-1").is_err());
        assert!(Topics::parse("0-4294967295").is_err());
        assert!(Topics::parse(",").is_err());
        assert!(Topics::parse("+5").is_err());
        let most = Topics::LIMIT - 1;
        assert!(Topics::parse(&format!("0-{most}")).is_ok());
        assert!(Topics::parse(&format!("0-{most},0")).is_err());
        assert!(Subscription::from_query("cursor=1").is_err());
        assert!(Subscription::from_query(&Subscription::none().to_query()).unwrap().is_none());
        assert!(Subscription::from_query("topics=0&cursor=x").is_err());
    }

    proptest! {
        #[test]
        fn a_query_is_read_back(topics in prop::collection::vec(0_u32..500, 0..50), cursor: u64, conflate: bool) {
            let sent = Subscription { cursor, conflate, ..Subscription::new(topics) };
            prop_assert_eq!(Subscription::from_query(&sent.to_query()).unwrap(), sent);
        }

        #[test]
        fn no_query_panics(query in "\\PC*") {
            let _ = Subscription::from_query(&query);
        }
    }
}
