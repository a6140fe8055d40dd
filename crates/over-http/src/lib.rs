//! What the three HTTP transports share: queries, posts, replies, polls.
