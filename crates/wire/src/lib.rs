//! The only door to the network: listen, dial, count bytes, delay.
