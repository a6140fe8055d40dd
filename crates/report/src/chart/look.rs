//! How transports are told apart: by colour, by dashes and by marker.

use results::EntryRecord;

/// The looks of one entry. The style sheet holds the colours and the dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// An entry of a transport: the transport's hue, and which of its entries it is.
    Entry(usize, usize),
    /// Raw TCP, or a control: grey, dotted, without markers.
    Aside,
}

/// Transports with a hue of their own, in the order of the style sheet's colours. Others share the next one.
const HUES: [&str; 5] = ["websocket", "sse", "long-polling", "short-polling", "plain"];

/// Dash patterns that there are. Entries of one transport differ in dash and marker.
const DASHES: usize = 5;

/// Markers that there are.
pub(super) const MARKERS: usize = 6;

impl Look {
    /// One look each: a transport has the same colour on every page.
    pub fn deal(entries: &[EntryRecord]) -> impl Iterator<Item = Look> {
        let mut dealt = [0usize; HUES.len() + 1];
        entries.iter().map(move |entry| {
            if entry.floor || entry.control_of.is_some() {
                return Look::Aside;
            }
            let hue = HUES.iter().position(|name| *name == entry.transport).unwrap_or(HUES.len());
            let variant = dealt[hue];
            dealt[hue] += 1;
            Look::Entry(hue, variant)
        })
    }

    /// The classes of its colour and dashes.
    pub fn classes(self) -> String {
        match self {
            Look::Entry(hue, variant) => format!("c{hue} d{}", variant % DASHES),
            Look::Aside => "aside".to_owned(),
        }
    }

    /// The class of its colour alone.
    pub fn colour(self) -> String {
        match self {
            Look::Entry(hue, _) => format!("c{hue}"),
            Look::Aside => "aside".to_owned(),
        }
    }

    /// Which marker it has; none where dots are enough.
    pub(super) fn marker(self) -> Option<usize> {
        match self {
            Look::Entry(hue, variant) => Some((hue + variant) % MARKERS),
            Look::Aside => None,
        }
    }
}
