//! What lies between clients and servers, and what breaks, run as its user runs it: over every transport, with real TLS,
//! real proxies and real processes.

#![cfg(target_os = "linux")]

mod between;
mod breaking;
mod left;
mod links;
mod run;
