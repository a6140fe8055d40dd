//! The pictures. What they show is decided in `charts`; here is how it is drawn.

pub(crate) mod axis;
pub(crate) mod curves;
pub(crate) mod growth;
pub(crate) mod lanes;
pub(crate) mod look;
pub(crate) mod marker;
mod names;
pub(crate) mod over_time;
mod paper;
