//! TUN devices, and the few settings that a fresh namespace needs. See tuntap.rst of the kernel's documentation and
//! netdevice(7).

#![expect(
    unsafe_code,
    reason = "no library offers these ioctls without an asynchronous netlink stack of its own"
)]

use nix::errno::Errno;
use nix::fcntl::{OFlag, open};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, socket};
use nix::sys::stat::Mode;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::net::Ipv4Addr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

/// Where the kernel makes them.
pub(crate) const TUN: &str = "/dev/net/tun";

nix::ioctl_write_ptr_bad!(make_tun, libc::TUNSETIFF, libc::ifreq);
nix::ioctl_write_ptr_bad!(set_address, libc::SIOCSIFADDR, libc::ifreq);
nix::ioctl_write_ptr_bad!(set_netmask, libc::SIOCSIFNETMASK, libc::ifreq);
nix::ioctl_write_ptr_bad!(set_queue, libc::SIOCSIFTXQLEN, libc::ifreq);
nix::ioctl_write_ptr_bad!(set_flags, libc::SIOCSIFFLAGS, libc::ifreq);

/// Packets that wait in a device until they are fetched. The kernel's default of 500 is soon full when a crowd is
/// written to at once, and a packet that is dropped there is lost on no link.
const QUEUE_PACKETS: i32 = 100_000;

/// A device of IP packets, in the namespace that its thread was in when it was made.
#[derive(Debug)]
pub(crate) struct Tun {
    device: OwnedFd,
    /// The kernel's counts of that namespace's devices.
    counts: File,
}

impl Tun {
    /// Makes one with this address, in a network of so many bits.
    pub(crate) fn make(address: Ipv4Addr, prefix_bits: u32) -> io::Result<Self> {
        let device = open(TUN, OFlag::O_RDWR | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC, Mode::empty())?;
        let mut request = named("link");
        request.ifr_ifru.ifru_flags = (libc::IFF_TUN | libc::IFF_NO_PI) as libc::c_short;
        // SAFETY: the request is a whole `ifreq`, as this ioctl reads it, and outlives the call.
        unsafe { make_tun(device.as_raw_fd(), &raw const request) }?;
        set_up("link", address, prefix_bits)?;
        Ok(Tun { device, counts: File::open("/proc/thread-self/net/dev")? })
    }

    /// Packets that the kernel sent and the device had no room for. Where the kernel does not tell, none are known.
    pub(crate) fn dropped(&self) -> u64 {
        let mut text = String::new();
        let read =
            (&self.counts).seek(SeekFrom::Start(0)).and_then(|_| (&self.counts).read_to_string(&mut text));
        read.ok().and_then(|_| dropped(&text)).unwrap_or(0)
    }

    /// The next packet that the kernel sends; none while it sends none.
    pub(crate) fn read(&self, packet: &mut [u8]) -> io::Result<Option<usize>> {
        match nix::unistd::read(&self.device, packet) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Errno::EAGAIN | Errno::EINTR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Hands the kernel a packet.
    pub(crate) fn write(&self, packet: &[u8]) -> io::Result<()> {
        match nix::unistd::write(&self.device, packet) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl AsFd for Tun {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.device.as_fd()
    }
}

/// How many packets a device has dropped that it was to send: the twelfth number of its line, as proc(5) has it.
fn dropped(counts: &str) -> Option<u64> {
    let line = counts.lines().find_map(|line| line.trim_start().strip_prefix("link:"))?;
    line.split_whitespace().nth(11)?.parse().ok()
}

/// Makes every address of this network this namespace's own: of its loopback device a whole network is.
pub(crate) fn own(address: Ipv4Addr, prefix_bits: u32) -> io::Result<()> {
    // A second address of a device has a name of its own.
    raise(&handle()?, "lo")?;
    set_up("lo:1", address, prefix_bits)
}

fn set_up(name: &str, address: Ipv4Addr, prefix_bits: u32) -> io::Result<()> {
    let handle = handle()?;
    let mut request = named(name);
    request.ifr_ifru.ifru_addr = socket_address(address);
    // SAFETY: as above, for this and the following; the handle is open.
    unsafe { set_address(handle.as_raw_fd(), &raw const request) }?;
    request.ifr_ifru.ifru_netmask = socket_address(Ipv4Addr::from(u32::MAX << (32 - prefix_bits)));
    // SAFETY: as above.
    unsafe { set_netmask(handle.as_raw_fd(), &raw const request) }?;
    if !name.contains(':') {
        request.ifr_ifru.ifru_metric = QUEUE_PACKETS;
        // SAFETY: as above; the kernel reads the length of a queue as the same number.
        unsafe { set_queue(handle.as_raw_fd(), &raw const request) }?;
        raise(&handle, name)?;
    }
    Ok(())
}

fn raise(handle: &OwnedFd, name: &str) -> io::Result<()> {
    let mut request = named(name);
    request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    // SAFETY: as above.
    unsafe { set_flags(handle.as_raw_fd(), &raw const request) }?;
    Ok(())
}

/// Any socket: these requests go to the namespace of the one that they are made through.
fn handle() -> io::Result<OwnedFd> {
    Ok(socket(AddressFamily::Inet, SockType::Datagram, SockFlag::SOCK_CLOEXEC, None)?)
}

fn named(name: &str) -> libc::ifreq {
    // SAFETY: a structure of numbers, for which zeros are a value.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (place, byte) in request.ifr_name.iter_mut().zip(name.bytes().take(libc::IFNAMSIZ - 1)) {
        *place = byte as libc::c_char;
    }
    request
}

fn socket_address(address: Ipv4Addr) -> libc::sockaddr {
    let inner = libc::sockaddr_in {
        sin_family: libc::AF_INET as libc::sa_family_t,
        sin_port: 0,
        sin_addr: libc::in_addr { s_addr: u32::from(address).to_be() },
        sin_zero: [0; 8],
    };
    // SAFETY: both are 16 bytes of plain numbers, and the family says which of them it is.
    unsafe { std::mem::transmute::<libc::sockaddr_in, libc::sockaddr>(inner) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_are_read_where_the_kernel_writes_them() {
        let text = "Inter-|   Receive      |  Transmit\n    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n\
                    \x20 link: 100 1 0 0 0 0 0 0 200 2 0 7 0 0 0 0\n";
        assert_eq!(dropped(text), Some(7));
        assert_eq!(dropped("lo: 1"), None);
    }
}
