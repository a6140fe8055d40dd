//! The least that a program can do: loops over epoll that write to sockets and read from them.
//!
//! They speak the protocol of `transport-tcp`, so each can be put in the place of that transport's server or
//! client. No hub, no tasks, no books: what the floor costs more than these is the price of the
//! contract, the runtime and the ledger.

#![expect(clippy::disallowed_types, reason = "what is held against `wire` can't go through it")]

use crate::clock;
use crate::job::Leg;
use anyhow::{Context, ensure};
use bytes::{Bytes, BytesMut};
use ledger::Distribution;
use rustix::event::epoll;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::codec::Encoder;
use transport::multiplex::Down;
use transport::{Subscription, Update};

/// Where the stamp of an update is in its frame.
const BODY: std::ops::Range<usize> = 17..33;
/// What the pacing connection is called in a set of sockets.
const PACER: u64 = u64::MAX;
/// How long a loop waits for the other side before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The bytes of an update on the floor's connections.
///
/// # Errors
/// When it is longer than a frame may be.
pub fn frame(seq: u64, topic: u32, body: Vec<u8>) -> anyhow::Result<Bytes> {
    let mut bytes = BytesMut::new();
    let update = Update::new(seq, topic, Bytes::from(body));
    transport_tcp::codec::ServerCodec.encode(Down::Update(Arc::new(update)), &mut bytes)?;
    Ok(bytes.freeze())
}

/// Where subscribers and the pacing connection come in.
#[derive(Debug)]
pub struct Door {
    subscribers: TcpListener,
    pacer: TcpListener,
}

impl Door {
    /// Listens on two ports.
    ///
    /// # Errors
    /// When the address is not this machine's.
    pub fn open(listen: SocketAddr) -> anyhow::Result<Self> {
        let open = || TcpListener::bind(listen).context("failed to listen");
        Ok(Door { subscribers: open()?, pacer: open()? })
    }

    /// Where subscribers dial, and where their crowd says what they have.
    ///
    /// # Errors
    /// When a socket is gone.
    pub fn addresses(&self) -> anyhow::Result<(SocketAddr, SocketAddr)> {
        Ok((self.subscribers.local_addr()?, self.pacer.local_addr()?))
    }

    /// Waits for so many subscribers, and for who paces them.
    ///
    /// # Errors
    /// When one breaks off.
    pub fn admit(self, subscribers: u32) -> anyhow::Result<Server> {
        let mut clients = Vec::new();
        let set = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        for number in 0..subscribers {
            let (mut stream, _) = self.subscribers.accept()?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_nodelay(true)?;
            read_short(&mut stream).context("a subscriber's opening")?;
            stream.write_all(&0_u16.to_be_bytes())?;
            stream.set_nonblocking(true)?;
            watch(&set, &stream, number.into())?;
            clients.push(stream);
        }
        let (pacer, _) = self.pacer.accept()?;
        pacer.set_nonblocking(true)?;
        watch(&set, &pacer, PACER)?;
        Ok(Server { set, clients, pacer, published: 0, complete: 0 })
    }
}

/// Writes each update to each socket, one after the other.
#[derive(Debug)]
pub struct Server {
    set: OwnedFd,
    clients: Vec<TcpStream>,
    pacer: TcpStream,
    published: u64,
    complete: u64,
}

impl Server {
    /// Publishes what a leg asks for and returns how many calls wrote it.
    ///
    /// # Errors
    /// When a subscriber is gone or does not take what is written.
    pub fn leg(&mut self, leg: Leg, frame: impl Fn(u64) -> anyhow::Result<Bytes>) -> anyhow::Result<u64> {
        let last = self.published + u64::from(leg.updates);
        let mut writes = 0;
        loop {
            while self.published < last && self.published < self.complete + u64::from(leg.window) {
                self.published += 1;
                let bytes = frame(self.published)?;
                for client in &mut self.clients {
                    // Socket buffers hold more than any window; a loop that had to queue would be more than bare.
                    client.write_all(&bytes).context("a subscriber does not take what is written")?;
                    writes += 1;
                }
            }
            if self.complete == last {
                return Ok(writes);
            }
            self.wait()?;
        }
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let mut events = Vec::with_capacity(64);
        wait(&self.set, &mut events)?;
        ensure!(!events.is_empty(), "nothing came for {PATIENCE:?}");
        for event in &events {
            ensure!(event.data.u64() == PACER, "a subscriber is gone");
            let mut bytes = [0; 8];
            self.pacer.read_exact(&mut bytes).context("the crowd is gone")?;
            self.complete = u64::from_be_bytes(bytes);
        }
        Ok(())
    }
}

/// Reads what comes to each socket, looks at the clock and counts.
#[derive(Debug)]
pub struct Crowd {
    set: OwnedFd,
    clients: Vec<Client>,
    pacer: TcpStream,
    frame_bytes: usize,
    counts: Counts,
    /// So that looking at the clock is not optimised away.
    last_ns: u64,
}

/// What a crowd counts, for whoever asks.
#[derive(Debug)]
pub struct Counts {
    /// Updates that arrived, over all subscribers.
    pub delivered: Arc<AtomicU64>,
    /// From the sending to the arrival at the first subscriber, in nanoseconds.
    pub first: Arc<Mutex<Distribution>>,
}

#[derive(Debug)]
struct Client {
    stream: TcpStream,
    /// Bytes of a frame that has not come whole.
    begun: usize,
}

impl Crowd {
    /// Connects so many subscribers of one topic, and who paces them. All updates have to have one size.
    ///
    /// # Errors
    /// When the server does not welcome them.
    pub fn connect(
        (server, pacer): (SocketAddr, SocketAddr),
        subscribers: u32,
        frame_bytes: usize,
        counts: Counts,
    ) -> anyhow::Result<Self> {
        let set = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let query = Subscription::new(vec![0]).to_query();
        let mut clients = Vec::new();
        for number in 0..subscribers {
            let mut stream = TcpStream::connect(server)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_nodelay(true)?;
            stream.write_all(&[&(query.len() as u16).to_be_bytes(), query.as_bytes()].concat())?;
            let refusal = read_short(&mut stream)?;
            ensure!(refusal.is_empty(), "refused: {}", String::from_utf8_lossy(&refusal));
            stream.set_nonblocking(true)?;
            watch(&set, &stream, number.into())?;
            clients.push(Client { stream, begun: 0 });
        }
        let pacer = TcpStream::connect(pacer)?;
        pacer.set_nodelay(true)?;
        Ok(Crowd { set, clients, pacer, frame_bytes, counts, last_ns: 0 })
    }

    /// Reads until the server is gone.
    ///
    /// # Errors
    /// When it is.
    pub fn read(mut self) -> anyhow::Result<()> {
        let mut events = Vec::with_capacity(256);
        let mut buffer = vec![0; 64 << 10];
        loop {
            wait(&self.set, &mut events)?;
            self.turn(&events, &mut buffer)?;
        }
    }

    fn turn(&mut self, events: &[epoll::Event], buffer: &mut [u8]) -> anyhow::Result<()> {
        let subscribers = self.clients.len() as u64;
        for event in events {
            let client = &mut self.clients[event.data.u64() as usize];
            let read = client.stream.read(buffer)?;
            ensure!(read > 0, "the server is gone");
            self.last_ns = std::hint::black_box(clock::now_ns());
            let bytes = client.begun + read;
            client.begun = bytes % self.frame_bytes;
            let frames = (bytes / self.frame_bytes) as u64;
            if event.data.u64() == 0
                && client.begun + frames as usize * self.frame_bytes == read
                && let Some(sent_ns) = buffer.get(BODY).and_then(scenario::read_stamp)
            {
                let mut first = self.counts.first.lock().unwrap_or_else(PoisonError::into_inner);
                first.record(self.last_ns.saturating_sub(sent_ns));
            }
            let before = self.counts.delivered.fetch_add(frames, Relaxed);
            let complete = (before + frames) / subscribers;
            if complete > before / subscribers {
                self.pacer.write_all(&complete.to_be_bytes())?;
            }
        }
        Ok(())
    }
}

fn watch(set: &OwnedFd, stream: &TcpStream, name: u64) -> anyhow::Result<()> {
    epoll::add(set, stream, epoll::EventData::new_u64(name), epoll::EventFlags::IN)?;
    Ok(())
}

fn wait(set: &OwnedFd, events: &mut Vec<epoll::Event>) -> anyhow::Result<()> {
    let patience = rustix::event::Timespec { tv_sec: PATIENCE.as_secs() as i64, tv_nsec: 0 };
    events.clear();
    epoll::wait(set, rustix::buffer::spare_capacity(events), Some(&patience))?;
    Ok(())
}

fn read_short(stream: &mut TcpStream) -> anyhow::Result<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut bytes = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}
