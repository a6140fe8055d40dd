//! What is said of runs made by hand.

mod claims;
mod compare;
mod growth;
mod judgement;
mod sample;
mod sentences;
mod stability;
mod warning_classes;
mod warning_groups;
mod warnings;
