//! From which of this machine's own addresses a client dials.

#![expect(clippy::disallowed_types, reason = "this module is part of the door to the network")]

use crate::kernel;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use tokio::net::{TcpSocket, TcpStream};

/// The `place`-th address of the loopback network, counted from the server's own, 127.0.0.1 being the first.
/// None is the system's choice: for the first, for a server elsewhere, and on systems where 127.0.0.1 is the
/// only address of that network.
pub(crate) fn of(server: SocketAddr, place: u32) -> Option<Ipv4Addr> {
    let is_here = matches!(server.ip(), IpAddr::V4(address) if address.is_loopback());
    let address = Ipv4Addr::from(u32::from(Ipv4Addr::LOCALHOST).checked_add(place)?);
    (cfg!(target_os = "linux") && is_here && place > 0 && address.is_loopback()).then_some(address)
}

/// Opens a connection from there.
pub(crate) async fn connect(
    server: SocketAddr,
    source: Option<Ipv4Addr>,
    congestion_control: Option<&str>,
) -> io::Result<TcpStream> {
    let socket = if server.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let Some(algorithm) = congestion_control {
        kernel::control_congestion(&socket, algorithm)?;
    }
    if let Some(source) = source {
        kernel::choose_port_late(&socket)?;
        socket.bind(SocketAddr::from((source, 0)))?;
    }
    socket.connect(server).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn only_a_server_on_this_machine_is_dialled_from_other_addresses() {
        let here = SocketAddr::from(([127, 0, 0, 1], 80));
        assert_eq!(of(here, 0), None, "the first is the system's own choice");
        assert_eq!(of(here, 1), Some(Ipv4Addr::new(127, 0, 0, 2)));
        assert_eq!(of(here, 300), Some(Ipv4Addr::new(127, 0, 1, 45)));
        assert_eq!(of(here, 1 << 24), None, "the network has an end");
        assert_eq!(of(SocketAddr::from(([192, 0, 2, 1], 80)), 1), None);
        assert_eq!(of(SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, 80)), 1), None);
    }
}
