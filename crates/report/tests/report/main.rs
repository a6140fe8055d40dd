//! Pages and tables of sample runs.

mod page;
mod sample;
mod table;
