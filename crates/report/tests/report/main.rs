//! Pages and tables of sample runs.

mod card;
mod charts;
mod claims;
mod due;
mod features;
mod growth;
mod lanes;
mod markup;
mod page;
mod rounds;
mod sample;
mod several;
mod shapes;
mod table;
mod warnings;
