//! A table as data, before it is HTML or a terminal's.

use crate::format;

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
    pub columns: Vec<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub head: String,
    /// Said beside the head, such as that it is the floor.
    pub remark: Option<String>,
    pub cells: Vec<Cell>,
}

/// A figure as text, and how far it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Can be taken as it stands.
    Plain(String),
    /// Too little lies behind it; why.
    Doubtful(String, String),
    /// Says that something does not add up; what.
    Wrong(String, String),
    /// There is none; why.
    Missing(String),
}

impl Group {
    pub fn new(title: impl Into<String>, columns: &[&'static str]) -> Self {
        Group { title: title.into(), columns: columns.to_vec() }
    }
}

impl Cell {
    pub fn missing(why: impl Into<String>) -> Self {
        Cell::Missing(why.into())
    }

    /// As plain text, with its mark.
    pub fn text(&self) -> String {
        match self {
            Cell::Plain(text) | Cell::Wrong(text, _) => text.clone(),
            Cell::Doubtful(text, _) => format!("~{text}"),
            Cell::Missing(_) => format::NONE.to_owned(),
        }
    }
}

impl Table {
    /// Whether some cells are marked with `~`.
    pub fn has_doubts(&self) -> bool {
        self.cells().any(|cell| matches!(cell, Cell::Doubtful(..)))
    }

    /// Why some cells are empty, each reason once, in the order of the table.
    pub fn reasons(&self) -> Vec<&str> {
        let mut reasons = Vec::new();
        for cell in self.cells() {
            if let Cell::Missing(why) = cell
                && !reasons.contains(&why.as_str())
            {
                reasons.push(why.as_str());
            }
        }
        reasons
    }

    /// Whether groups have titles; without, one row of heads is enough.
    pub fn is_grouped(&self) -> bool {
        self.groups.iter().any(|group| !group.title.is_empty())
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| &row.cells)
    }
}
