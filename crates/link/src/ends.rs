//! The two ends of a link: a namespace each.

use crate::device::{Tun, own};
use crate::{CLIENT_NETWORK, SERVER};
use nix::fcntl::{OFlag, open};
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::stat::Mode;
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

/// The clients' device: its address is nobody's, it only leads to the server's.
const CLIENTS_DEVICE: Ipv4Addr = Ipv4Addr::new(198, 18, 255, 254);

/// Two namespaces. They last as long as this, or as a process in them.
#[derive(Debug)]
pub struct Ends {
    pub(crate) server: Tun,
    pub(crate) clients: Tun,
    server_namespace: OwnedFd,
    clients_namespace: OwnedFd,
}

impl Ends {
    /// What servers [`join`].
    #[must_use]
    pub fn servers_namespace(&self) -> PathBuf {
        path_of(&self.server_namespace)
    }

    /// What clients [`join`].
    #[must_use]
    pub fn clients_namespace(&self) -> PathBuf {
        path_of(&self.clients_namespace)
    }
}

/// Makes both ends. This thread is left in the clients', so it should be one that does nothing else.
///
/// # Errors
/// When the system has no namespaces or no TUN devices, or not for this user: see [`crate::missing`].
pub fn ends() -> io::Result<Ends> {
    unshare(CloneFlags::CLONE_NEWNET)?;
    // One network for both halves: the clients' addresses are reached through this device.
    let server = Tun::make(SERVER, 15)?;
    let server_namespace = this_namespace()?;
    unshare(CloneFlags::CLONE_NEWNET)?;
    let clients = Tun::make(CLIENTS_DEVICE, 16)?;
    own(Ipv4Addr::from(u32::from(CLIENT_NETWORK) + 1), 16)?;
    Ok(Ends { server, clients, server_namespace, clients_namespace: this_namespace()? })
}

/// Moves this thread, and all that it starts, to an end of a link.
///
/// # Errors
/// When there is none, or this user may not.
pub fn join(namespace: &Path) -> io::Result<()> {
    let namespace = open(namespace, OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty())?;
    Ok(setns(namespace, CloneFlags::CLONE_NEWNET)?)
}

fn this_namespace() -> io::Result<OwnedFd> {
    Ok(open("/proc/thread-self/ns/net", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty())?)
}

/// Where other processes of this user find what this one has open.
fn path_of(descriptor: &OwnedFd) -> PathBuf {
    PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), descriptor.as_raw_fd()))
}
