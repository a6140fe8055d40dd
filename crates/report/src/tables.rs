//! Which figures stand in which table.

pub(crate) mod books;
pub(crate) mod claims;
pub(crate) mod company;
pub(crate) mod expenses;
pub(crate) mod links;
pub(crate) mod models;
pub(crate) mod objectives;
pub(crate) mod percentiles;
pub(crate) mod rounds;
pub(crate) mod runs;
pub(crate) mod sent;
pub(crate) mod side_by_side;
pub(crate) mod split;
pub(crate) mod way;
pub(crate) mod which;

use crate::chart::marker;
use crate::standing::{NOT_CLOSED, Standing};
use crate::table::{Cell, Row};
use results::Merged;

/// A transport's row, with as many empty cells where no round of it was closed.
pub(crate) fn row(standing: &Standing, columns: usize, cells: impl Fn(&Merged) -> Vec<Cell>) -> Row {
    Row {
        head: standing.label().to_owned(),
        swatch: marker::swatch(standing.look),
        remark: standing.remark(),
        cells: standing.merged.as_ref().map_or_else(|| vec![Cell::missing(NOT_CLOSED); columns], cells),
    }
}
