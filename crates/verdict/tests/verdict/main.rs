//! What is said of runs made by hand.

mod claims;
mod compare;
mod decision;
mod growth;
mod judgement;
mod properties;
mod replay;
mod sample;
mod stability;
mod warning_classes;
mod warning_groups;
mod warnings;
