//! A ping-pong with nothing in it: two processes, two blocking sockets, one message at a time.
//!
//! Its halves are this test's own program, started again. The server sleeps to each instant of a schedule, as a
//! publisher does, and stamps a message; it sends it itself, or a second thread does that it wakes, as
//! pushpull's publisher wakes the thread that all connections live on. The client, asleep in its read, wakes and
//! looks at the same clock; then it answers, for which the server waits, asleep as well. What is between the two
//! looks at the clock is the least that an update can cost.

#![expect(clippy::disallowed_types, reason = "the bare counterpart must not go through wire")]

use driver::clock::{block_until, now_ns, wake_this_thread_sharply};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// As long as a body of the runs that it is held against, and the header of TCP's frames.
const MESSAGE_BYTES: usize = 128 + 17;

/// Where both halves run, and how often they speak.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    pub server: u32,
    pub client: u32,
    pub period_ns: u64,
    pub messages: u32,
    /// Whether another thread of the server sends than the one that keeps the schedule.
    pub handed_over: bool,
}

/// The medians of one block, in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Medians {
    /// From the stamp to the client's look at the clock.
    pub one_way_us: f64,
    /// From the stamp to the answer.
    pub round_trip_us: f64,
}

/// The first and the last processor that this program may use. None where there is but one.
pub fn processors() -> Option<(u32, u32)> {
    let set = sched_getaffinity(None).ok()?;
    let usable: Vec<u32> =
        (0..CpuSet::MAX_CPU as u32).filter(|number| set.is_set(*number as usize)).collect();
    let (first, last) = (*usable.first()?, *usable.last()?);
    (first != last).then_some((first, last))
}

/// Runs one block.
pub fn ping_pong(setting: Setting) -> Medians {
    let schedule =
        [setting.period_ns.to_string(), setting.messages.to_string(), setting.handed_over.to_string()];
    let mut server = Half::start("server", setting.server, &schedule);
    let mut client = Half::start("client", setting.client, &[server.line()]);
    let round_trip_us = server.line().parse().expect("a median");
    let one_way_us = client.line().parse().expect("a median");
    server.end();
    client.end();
    Medians { one_way_us, round_trip_us }
}

/// A half's process. Whoever drops it, a panic too, ends it.
struct Half {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Half {
    fn start(half: &str, processor: u32, more: &[String]) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program's file"));
        command.args(["bare", half, &processor.to_string()]).args(more).stdout(Stdio::piped());
        let mut process = command.spawn().expect("a half starts");
        let said = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        Half { process, said }
    }

    fn line(&mut self) -> String {
        self.said.next().expect("a line").expect("readable")
    }

    fn end(mut self) {
        assert!(self.process.wait().expect("a half ends").success());
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        // One that has ended already can't be killed, nor need it be.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What this process does if it was started as a half.
pub fn half(arguments: &[String]) -> Option<Box<dyn FnOnce()>> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let place = |processor: &str| {
        let mut set = CpuSet::new();
        set.set(processor.parse().expect("a processor"));
        sched_setaffinity(None, &set).expect("it may run there");
    };
    match words[..] {
        ["bare", "server", processor, period_ns, messages, handed_over] => {
            place(processor);
            let schedule = Schedule {
                period_ns: period_ns.parse().expect("a time"),
                messages: messages.parse().expect("a number"),
            };
            let handed_over = handed_over.parse().expect("a flag");
            Some(Box::new(move || serve(schedule, handed_over)))
        }
        ["bare", "client", processor, address] => {
            place(processor);
            let address = address.to_owned();
            Some(Box::new(move || listen(&address)))
        }
        _ => None,
    }
}

/// When to send.
struct Schedule {
    period_ns: u64,
    messages: u64,
}

impl Schedule {
    /// Calls at each instant, with what the clock then shows.
    fn keep(&self, mut each: impl FnMut(u64)) {
        wake_this_thread_sharply();
        let start_ns = now_ns();
        for number in 1..=self.messages {
            block_until(start_ns + number * self.period_ns);
            each(now_ns());
        }
    }
}

fn serve(schedule: Schedule, handed_over: bool) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    let (mut client, _) = listener.accept().expect("the client");
    client.set_nodelay(true).expect("an option");
    let (mut message, mut took_us) = ([b'x'; MESSAGE_BYTES], Vec::new());
    let mut exchange = |sent_ns: u64| {
        message[..8].copy_from_slice(&sent_ns.to_be_bytes());
        client.write_all(&message).expect("sent");
        client.read_exact(&mut [0; MESSAGE_BYTES]).expect("answered");
        took_us.push((now_ns() - sent_ns) as f64 / 1e3);
    };
    if handed_over {
        let (mut bell, mut rope) = std::io::pipe().expect("a pipe");
        let slot = Arc::new(AtomicU64::new(0));
        let told = slot.clone();
        std::thread::spawn(move || {
            schedule.keep(|sent_ns| {
                told.store(sent_ns, Ordering::Release);
                rope.write_all(&[1]).expect("rung");
            });
        });
        while bell.read_exact(&mut [0]).is_ok() {
            exchange(slot.load(Ordering::Acquire));
        }
    } else {
        schedule.keep(exchange);
    }
    println!("{}", crate::bench::median(took_us));
}

fn listen(address: &str) {
    let mut server = TcpStream::connect(address).expect("the server");
    server.set_nodelay(true).expect("an option");
    let (mut message, mut took_us) = ([0; MESSAGE_BYTES], Vec::new());
    while server.read_exact(&mut message).is_ok() {
        let arrived_ns = now_ns();
        let sent_ns = u64::from_be_bytes(message[..8].try_into().expect("eight bytes"));
        took_us.push((arrived_ns - sent_ns) as f64 / 1e3);
        server.write_all(&message).expect("answered");
    }
    println!("{}", crate::bench::median(took_us));
}
