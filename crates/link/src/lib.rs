//! A link of its own for one server and its clients.
//!
//! Both ends are network namespaces with nothing in them but a TUN device. What either end's kernel sends comes out of its
//! device as IP packets, and this crate carries them to the other one: late, at a rate, out of order or not at all, as
//! [`Conditions`] say. So TCP is the kernel's own, on both ends, and meets what it meets on a network: what it does
//! about it (acknowledgements, retransmissions, the congestion window) is real, and only the cable is made.
//!
//! [`Direction`] is pure: packets and instants in, packets and instants out. [`ends`] makes the namespaces, [`carry`]
//! moves packets until it is told to stop. Only Linux has what it takes, and only for who may administer networks:
//! [`missing`] says what is not there.
//!
//! It must never look into a packet farther than its addresses.

mod conditions;
mod direction;

pub use conditions::{Conditions, OneWay};
pub use direction::{Arrival, Counts, Direction};

use std::net::Ipv4Addr;

/// The server's address. The network is the one that is set aside for tests of this kind (RFC 2544, appendix C.2.2).
pub const SERVER: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
/// The most clients that a link has room for.
pub const CLIENTS: u32 = 65_000;
/// Below every client's address.
const CLIENT_NETWORK: Ipv4Addr = Ipv4Addr::new(198, 19, 0, 0);

/// The address of a client, by its number: each has one of its own, and its own way to the server.
#[must_use]
pub fn client_address(number: u32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(CLIENT_NETWORK) + 1 + number)
}

/// Whose address it is.
fn client_number(address: Ipv4Addr) -> Option<u32> {
    u32::from(address).checked_sub(u32::from(CLIENT_NETWORK) + 1).filter(|number| *number < CLIENTS)
}

#[cfg(target_os = "linux")]
mod device;
#[cfg(target_os = "linux")]
mod ends;
#[cfg(target_os = "linux")]
mod forward;
#[cfg(target_os = "linux")]
mod rights;

#[cfg(target_os = "linux")]
pub use ends::{Ends, ends, join};
#[cfg(target_os = "linux")]
pub use forward::{Carried, carry};
#[cfg(target_os = "linux")]
pub use rights::missing;

/// What this machine lacks for a link; always something where the system is not Linux.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn missing() -> Option<String> {
    Some("network namespaces and TUN devices, which only Linux has".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_has_an_address_and_is_known_by_it() {
        assert_eq!(client_address(0), Ipv4Addr::new(198, 19, 0, 1));
        assert_eq!(client_address(CLIENTS - 1), Ipv4Addr::new(198, 19, 253, 232));
        for number in [0, 1, 255, 256, CLIENTS - 1] {
            assert_eq!(client_number(client_address(number)), Some(number));
        }
        assert_eq!(client_number(SERVER), None);
        assert_eq!(client_number(client_address(CLIENTS)), None);
    }
}
