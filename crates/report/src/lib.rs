//! Runs become one HTML page, and nothing else.
