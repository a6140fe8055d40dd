//! Pages and tables of sample runs.

mod look;
mod page;
mod sample;
mod table;
