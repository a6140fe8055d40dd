//! Updates over Server-Sent Events (WHATWG HTML, section 9.2).
