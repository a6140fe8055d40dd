//! What is said of runs made by hand.

mod claims;
mod compare;
mod decision;
mod properties;
mod doubts;
mod growth;
mod judgement;
mod sample;
mod stability;
