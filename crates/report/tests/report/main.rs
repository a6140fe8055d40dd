//! Pages and tables of sample runs.

mod answer;
mod due;
mod page;
mod sample;
mod table;
