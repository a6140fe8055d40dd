//! How transports are told apart: by colour, by dashes and by marker.

use results::EntryRecord;

/// The looks of one transport. The style sheet holds the colours and the dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// A contestant, numbered in the order of the header.
    Contestant(usize),
    /// The floor, or a control: grey, dotted, without markers.
    Aside,
}

/// Colours, dash patterns and markers that there are. Their numbers have no common factor that would
/// bring the same three together again before the thirty-first contestant.
const COLOURS: usize = 6;
const DASHES: usize = 5;

impl Look {
    /// One look each, so that adding the floor or a control changes no contestant's.
    pub fn deal(entries: &[EntryRecord]) -> impl Iterator<Item = Look> {
        let mut contestants = 0..;
        entries.iter().map(move |entry| match entry.floor || entry.control_of.is_some() {
            true => Look::Aside,
            false => Look::Contestant(contestants.next().unwrap_or(0)),
        })
    }

    /// The classes of its colour and dashes.
    pub fn classes(self) -> String {
        match self {
            Look::Contestant(index) => format!("c{} d{}", index % COLOURS, index % DASHES),
            Look::Aside => "aside".to_owned(),
        }
    }

    /// The class of its colour alone.
    pub fn colour(self) -> String {
        match self {
            Look::Contestant(index) => format!("c{}", index % COLOURS),
            Look::Aside => "aside".to_owned(),
        }
    }
}
