//! What the kernel says of a socket, on Linux.

#![cfg_attr(
    target_os = "linux",
    expect(
        unsafe_code,
        reason = "no library wraps TCP_INFO beyond its first fields, SO_MEMINFO or IP_BIND_ADDRESS_NO_PORT"
    )
)]

use std::io;

/// The number of an open socket.
pub(crate) type Fd = i32;

/// The number of this socket.
#[cfg(target_os = "linux")]
pub(crate) fn number(socket: &impl std::os::fd::AsRawFd) -> Fd {
    socket.as_raw_fd()
}

/// What the kernel had counted for one connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Segments {
    pub received: u64,
    /// Retransmissions and pure acknowledgements included.
    pub sent: u64,
    pub retransmitted: u64,
}

/// The segments of a connection. None where the kernel does not tell: other systems, Linux before 4.2.
#[cfg(target_os = "linux")]
pub(crate) fn segments(fd: Fd) -> Option<Segments> {
    // `struct tcp_info` of linux/tcp.h, as words of 32 bits: `tcpi_total_retrans` begins at byte 100,
    // `tcpi_segs_out` at 136 and `tcpi_segs_in` at 140. The layout is the kernel's promise to programs.
    let info: [u32; 36] = option(fd, libc::IPPROTO_TCP, libc::TCP_INFO)?;
    let [retransmitted, sent, received] = [25, 34, 35].map(|word: usize| u64::from(info[word]));
    Some(Segments { received, sent, retransmitted })
}

/// What the kernel holds for a socket's data, in bytes: what stands in its queues, and what it has set
/// aside for more.
#[cfg(target_os = "linux")]
pub(crate) fn held_bytes(fd: Fd) -> Option<u64> {
    let info: [u32; 9] = option(fd, libc::SOL_SOCKET, libc::SO_MEMINFO)?;
    // Not SK_MEMINFO_WMEM_ALLOC: it counts copies that share their bytes with the queue.
    let parts = [
        libc::SK_MEMINFO_RMEM_ALLOC,
        libc::SK_MEMINFO_WMEM_QUEUED,
        libc::SK_MEMINFO_FWD_ALLOC,
        libc::SK_MEMINFO_OPTMEM,
        libc::SK_MEMINFO_BACKLOG,
    ];
    Some(parts.iter().map(|part| u64::from(info[*part as usize])).sum())
}

/// Lets this algorithm decide how much of what a socket sends may be under way, instead of the system's usual one.
#[cfg(target_os = "linux")]
pub(crate) fn control_congestion(socket: &impl std::os::fd::AsFd, algorithm: &str) -> io::Result<()> {
    use nix::sys::socket::{setsockopt, sockopt};

    Ok(setsockopt(socket, sockopt::TcpCongestion, &algorithm.into())?)
}

/// Other systems do not let programs choose.
#[cfg(not(target_os = "linux"))]
pub(crate) fn control_congestion<S>(_: &S, _: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Asks for the instants at which what is read from here on had come; returns room for what the kernel tells
/// beside the bytes.
#[cfg(target_os = "linux")]
pub(crate) fn stamp(socket: &impl std::os::fd::AsFd) -> io::Result<Vec<u8>> {
    use nix::sys::socket::{TimestampingFlag, Timestamps, setsockopt, sockopt};

    let software =
        TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE | TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE;
    setsockopt(socket, sockopt::Timestamping, &software)?;
    Ok(nix::cmsg_space!(Timestamps))
}

/// Reads what there is, and when the last of it came, in nanoseconds of `CLOCK_REALTIME`, where the kernel
/// says so.
#[cfg(target_os = "linux")]
pub(crate) fn receive(
    socket: &impl std::os::fd::AsRawFd,
    room: &mut [u8],
    beside: &mut [u8],
) -> io::Result<(usize, Option<u64>)> {
    use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg};

    let mut parts = [io::IoSliceMut::new(room)];
    let received = recvmsg::<()>(socket.as_raw_fd(), &mut parts, Some(beside), MsgFlags::empty())?;
    let came_ns = received.cmsgs()?.find_map(|message| match message {
        ControlMessageOwned::ScmTimestampsns(stamps) => {
            let (seconds, rest) = (stamps.system.tv_sec(), stamps.system.tv_nsec());
            Some(seconds.unsigned_abs() * 1_000_000_000 + rest.unsigned_abs())
        }
        _ => None,
    });
    Ok((received.bytes, came_ns.filter(|came_ns| *came_ns > 0)))
}

/// Reads a socket option that is made of words of 32 bits. None when the kernel knows no such option,
/// or fewer words of it.
#[cfg(target_os = "linux")]
fn option<const WORDS: usize>(fd: Fd, level: libc::c_int, name: libc::c_int) -> Option<[u32; WORDS]> {
    let mut value = [0_u32; WORDS];
    let room = size_of_val(&value);
    let mut length = libc::socklen_t::try_from(room).ok()?;
    // SAFETY: the kernel writes at most `length` bytes to `value`, which has as many and in which any bits
    // are numbers; both outlive the call. A descriptor that is no socket, or none, is an error.
    let outcome = unsafe { libc::getsockopt(fd, level, name, value.as_mut_ptr().cast(), &raw mut length) };
    (outcome == 0 && length as usize == room).then_some(value)
}

/// Lets the kernel choose the port of a bound socket only when it connects, and so knows the other end: a port
/// then serves one connection to each server, as it does for sockets that were never bound.
#[cfg(target_os = "linux")]
pub(crate) fn choose_port_late(socket: &impl std::os::fd::AsRawFd) -> std::io::Result<()> {
    let on: libc::c_int = 1;
    let length = size_of_val(&on) as libc::socklen_t;
    // SAFETY: the kernel reads `length` bytes from `on`, which has as many and outlives the call. A descriptor
    // that is no socket, or none, is an error.
    let outcome = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::IPPROTO_IP,
            libc::IP_BIND_ADDRESS_NO_PORT,
            (&raw const on).cast(),
            length,
        )
    };
    if outcome == 0 { Ok(()) } else { Err(std::io::Error::last_os_error()) }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn choose_port_late<S>(_: &S) -> std::io::Result<()> {
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn number<S>(_: &S) -> Fd {
    0 // Nobody is asked about it.
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn segments(_: Fd) -> Option<Segments> {
    None
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn held_bytes(_: Fd) -> Option<u64> {
    None
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn stamp<S>(_: &S) -> io::Result<Vec<u8>> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "only Linux notes when what is read had come"))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn receive<S>(_: &S, _: &mut [u8], _: &mut [u8]) -> io::Result<(usize, Option<u64>)> {
    Err(io::ErrorKind::Unsupported.into())
}

impl std::ops::AddAssign for Segments {
    fn add_assign(&mut self, other: Segments) {
        self.received += other.received;
        self.sent += other.sent;
        self.retransmitted += other.retransmitted;
    }
}
