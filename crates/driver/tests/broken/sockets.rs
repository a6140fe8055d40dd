//! Ports that are taken and servers that are none.

#![expect(clippy::disallowed_types, reason = "whoever else is on a port opened it without us")]

use crate::program::{complaint, pushpull, shipped};
use driver::clock::now_ns;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};

const TRANSPORTS: [&str; 5] = ["websocket", "sse", "long-polling", "short-polling", "tcp"];

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

#[test]
fn a_port_in_use_is_told_with_what_to_do() {
    let (_taken, address) = listener();
    for transport in TRANSPORTS {
        let mut command = pushpull();
        command.arg("serve").arg(shipped("smoke.toml")).args(["--transport", transport]);
        let output = command.args(["--listen", &address.to_string()]).output().expect("it starts");
        let said = complaint(&output, 1);
        assert!(said.contains(&address.to_string()) && said.contains("--listen"), "{said}");
        assert!(output.stdout.is_empty(), "nothing listens, so nobody is told to connect");
    }
}

fn load(transport: &str, address: SocketAddr) -> String {
    let mut command = pushpull();
    command.arg("load").arg(shipped("smoke.toml")).args(["--transport", transport]);
    let start_ns = now_ns() + 60_000_000_000;
    command.args(["--connect", &address.to_string(), "--start-ns", &start_ns.to_string()]);
    complaint(&command.output().expect("it starts"), 1)
}

/// Ends at once, long before the schedule would have begun.
#[test]
fn a_server_of_another_kind_is_told_before_anything_is_counted() {
    let (listener, address) = listener();
    std::thread::spawn(move || {
        for peer in listener.incoming() {
            let mut peer = peer.expect("accepted");
            let _ = peer.read(&mut [0; 1024]);
            let _ = peer.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nnope\n");
        }
    });
    for transport in TRANSPORTS {
        let said = load(transport, address);
        assert!(said.contains(transport) && said.contains(&address.to_string()), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn where_nobody_listens_is_told() {
    let (taken, address) = listener();
    drop(taken);
    let said = load("sse", address);
    assert!(said.contains(&address.to_string()) && said.contains("refused"), "{said}");
}
