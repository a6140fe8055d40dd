//! The results file: one JSON object a line, readable after a crash.
