//! Updates over long polling (RFC 6202).
