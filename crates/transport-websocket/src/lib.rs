//! Updates over WebSocket (RFC 6455).
