"""A server for each transport, as docs/protocol.md describes it: enough for pushpull's own clients to subscribe."""

import base64
import hashlib
import socketserver
import struct
import threading
import time
from urllib.parse import parse_qs, urlsplit

from clients import fields

HOLD_S = 0.5
HEARTBEAT_S = 15


class Log:
    """The updates of one topic, number 0, all kept; seq is the place in it."""

    def __init__(self):
        self.bodies, self.news = [], threading.Condition()

    def publish(self, plan, start_ns, bodies):
        """Publishes each update of a plan when it is due, on the monotonic clock."""
        for update in plan:
            time.sleep(max(0, start_ns + update.due_ns - time.monotonic_ns()) / 1e9)
            with self.news:
                self.bodies.append(bodies.write(0, update.index, update.bytes, time.monotonic_ns()))
                self.news.notify_all()

    def after(self, cursor, wait_s):
        """What is newer, as (seq, topic, body); waits for it, but not for longer than that."""
        with self.news:
            self.news.wait_for(lambda: len(self.bodies) > cursor, wait_s)
            return [(cursor + 1 + k, 0, body) for k, body in enumerate(self.bodies[cursor:])]


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        try:
            self.converse(self.server.log)
        except (ConnectionError, EOFError):
            pass  # The client has hung up.

    def head(self):
        """The path, query and header fields of an HTTP request."""
        line = self.rfile.readline()
        if not line:
            raise EOFError
        headers = fields(self.rfile)
        target = urlsplit(line.split()[1].decode())
        assert target.path == "/updates", target
        return {key: values[0] for key, values in parse_qs(target.query).items()}, headers

    def pushed(self, log, cursor, update, beat):
        while True:
            updates = log.after(cursor, HEARTBEAT_S)
            self.wfile.write(b"".join(map(update, updates)) or beat)
            cursor = updates[-1][0] if updates else cursor


class Sse(Handler):
    def converse(self, log):
        query, _ = self.head()
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        self.pushed(log, int(query["cursor"]), self.event, self.chunk(b":\n\n"))

    def event(self, update):
        return self.chunk(b"id:%d\nevent:%d\ndata:%s\n\n" % update)

    def chunk(self, text):
        return b"%x\r\n%s\r\n" % (len(text), text)


class Poll(Handler):
    hold_s = 0

    def converse(self, log):
        while True:
            query, _ = self.head()
            updates = log.after(int(query["cursor"]), 0 if query.get("wait") == "0" else self.hold_s)
            answer = b"".join(b"%d %d %d\n%s\n" % (*update[:2], len(update[2]), update[2]) for update in updates)
            if answer:
                self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(answer), answer))
            else:
                self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")


class LongPoll(Poll):
    hold_s = HOLD_S


class WebSocket(Handler):
    def converse(self, log):
        query, headers = self.head()
        key = headers["sec-websocket-key"].encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Accept: %s\r\n\r\n" % base64.b64encode(hashlib.sha1(key).digest())
        )
        self.pushed(log, int(query["cursor"]), self.message, b"\x89\x00")

    def message(self, update):
        text = b"%d %d\n%s" % update
        length = bytes([len(text)]) if len(text) < 126 else struct.pack("!BH", 126, len(text))
        return b"\x81" + length + text


class Tcp(Handler):
    def converse(self, log):
        length = int.from_bytes(self.rfile.read(2), "big")
        if not length:
            raise EOFError
        query = parse_qs(self.rfile.read(length).decode())
        self.wfile.write(b"\0\0")
        self.pushed(log, int(query["cursor"][0]), self.frame, struct.pack("!IB", 1, 7))

    def frame(self, update):
        return struct.pack("!IBQI", 13 + len(update[2]), 0, *update[:2]) + update[2]


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, handler, log):
        super().__init__(("127.0.0.1", 0), handler)
        self.log = log


HANDLERS = {"websocket": WebSocket, "sse": Sse, "long-polling": LongPoll, "short-polling": Poll, "tcp": Tcp}
