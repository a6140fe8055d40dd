//! A table as data, before it is HTML or a terminal's.

use crate::format;
use std::borrow::Cow;

/// Columns under groups, rows under heads, and the notes that its cells need.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub caption: String,
    /// The head over the heads of rows.
    pub corner: &'static str,
    pub groups: Vec<Group>,
    pub rows: Vec<Row>,
}

/// Columns that belong together.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub title: String,
    pub columns: Vec<Cow<'static, str>>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub head: String,
    /// What the charts know it by; empty where it is no transport.
    pub swatch: String,
    /// Said beside the head, such as that it is the floor.
    pub remark: Option<String>,
    pub cells: Vec<Cell>,
}

/// A figure as text, and how far it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    pub trust: Trust,
    /// A second line, such as the ratio to the best.
    pub under: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Can be taken as it stands.
    Plain,
    /// Not to be relied on; why.
    Doubtful(String),
    /// Says that something does not add up; what.
    Wrong(String),
    /// There is no figure; why.
    Missing(String),
    /// There is no figure, since the system does not tell.
    Untold,
}

impl Group {
    pub fn new(title: impl Into<String>, columns: &[&'static str]) -> Self {
        Group { title: title.into(), columns: columns.iter().map(|column| Cow::Borrowed(*column)).collect() }
    }
}

impl Cell {
    pub fn plain(text: impl Into<String>) -> Self {
        Cell { text: text.into(), trust: Trust::Plain, under: None }
    }

    pub fn doubtful(text: impl Into<String>, why: impl Into<String>) -> Self {
        Cell { trust: Trust::Doubtful(why.into()), ..Cell::plain(text) }
    }

    pub fn wrong(text: impl Into<String>, why: impl Into<String>) -> Self {
        Cell { trust: Trust::Wrong(why.into()), ..Cell::plain(text) }
    }

    pub fn missing(why: impl Into<String>) -> Self {
        Cell { trust: Trust::Missing(why.into()), ..Cell::plain(format::NONE) }
    }

    pub fn untold() -> Self {
        Cell { trust: Trust::Untold, ..Cell::plain("not available") }
    }

    /// Doubtful where it was plain and there is a doubt.
    pub fn doubted(mut self, doubt: Option<String>) -> Self {
        if let (Trust::Plain, Some(why)) = (&self.trust, doubt) {
            self.trust = Trust::Doubtful(why);
        }
        self
    }

    pub fn with_under(mut self, under: Option<String>) -> Self {
        self.under = under;
        self
    }

    /// As plain text, with its mark.
    pub fn text(&self) -> String {
        match &self.trust {
            Trust::Doubtful(_) => format!("~{}", self.text),
            _ => self.text.clone(),
        }
    }

    /// Why it can't be taken as it stands.
    pub fn why(&self) -> Option<&str> {
        match &self.trust {
            Trust::Plain | Trust::Untold => None,
            Trust::Doubtful(why) | Trust::Wrong(why) | Trust::Missing(why) => Some(why),
        }
    }

    /// The class by which the style sheet knows it.
    pub fn class(&self) -> &'static str {
        match &self.trust {
            Trust::Plain => "plain",
            Trust::Doubtful(_) => "doubtful",
            Trust::Wrong(_) => "wrong",
            Trust::Missing(_) | Trust::Untold => "missing",
        }
    }
}

impl Table {
    /// Why some cells can't be taken as they stand: each reason once, in the order of the table, under the
    /// letter that its cells bear.
    pub fn notes(&self) -> Vec<(String, &str)> {
        self.reasons().into_iter().enumerate().map(|(index, why)| (letter(index), why)).collect()
    }

    /// The letter of a cell's note, if it has one.
    pub fn letter(&self, cell: &Cell) -> Option<String> {
        let why = cell.why()?;
        self.reasons().iter().position(|known| *known == why).map(letter)
    }

    /// Whether some cells are empty since the system does not tell.
    pub fn has_untold(&self) -> bool {
        self.cells().any(|cell| cell.trust == Trust::Untold)
    }

    /// Whether groups have titles; without, one row of heads is enough.
    pub fn is_grouped(&self) -> bool {
        self.groups.iter().any(|group| !group.title.is_empty())
    }

    /// Whether it needs more room than a tablet has.
    pub fn is_wide(&self) -> bool {
        self.groups.iter().map(|group| group.columns.len()).sum::<usize>() > 7
    }

    fn reasons(&self) -> Vec<&str> {
        let mut reasons = Vec::new();
        for why in self.cells().filter_map(Cell::why) {
            if !reasons.contains(&why) {
                reasons.push(why);
            }
        }
        reasons
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| &row.cells)
    }
}

/// From a to z, and then from aa on.
fn letter(index: usize) -> String {
    let last = char::from(b'a' + (index % 26) as u8);
    if index < 26 { last.to_string() } else { format!("{}{last}", letter(index / 26 - 1)) }
}
