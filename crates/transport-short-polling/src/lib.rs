//! Updates over short polling at an interval.
