"""A client for each transport, as docs/protocol.md describes it. All yield the same events:

("update", seq, topic, body), ("skipped", topic, count), ("gap", through), ("beat",) for a heartbeat or a poll that
brought nothing, ("end",).
"""

import base64
import hashlib
import http.client
import os
import socket
import struct

LIMIT_S = 10


class Refused(Exception):
    """What the server said instead, with a status where the transport has one."""


# HTTP


def fields(stream):
    """A head's fields, by their names in lower case."""
    pairs = (line.decode().rstrip("\r\n").split(": ", 1) for line in iter(stream.readline, b"\r\n"))
    return {name.lower(): value for name, value in pairs}


def request(address, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(*address, timeout=LIMIT_S)
    connection.request(method, path, body, headers or {})
    return connection.getresponse()


def posted(address, path, body):
    """The answer to a POST: its status and text."""
    response = request(address, "POST", path, body)
    return response.status, response.read()


def sse(address, query, last_event_id=None):
    headers = {"Accept": "text/event-stream"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = str(last_event_id)
    response = request(address, "GET", f"/updates?{query}", headers=headers)
    if response.status != 200:
        raise Refused(response.status, response.read())
    assert response.headers.get_content_type() == "text/event-stream"
    kind, data, seq = "message", [], 0
    for line in response:
        line = line.removesuffix(b"\n")
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if line == b":":
            yield ("beat",)
        elif field == b"id":
            seq = int(value)
        elif field == b"event":
            kind = value.decode()
        elif field == b"data":
            data.append(value)
        elif line == b"" and data:
            yield told(kind, seq, b"\n".join(data))
            kind, data = "message", []


def told(kind, seq, data):
    if kind == "skipped":
        return ("skipped", *map(int, data.split(b" ")))
    if kind == "gap":
        return ("gap", int(data))
    return ("end",) if kind == "end" else ("update", seq, int(kind), data)


def poll(address, query):
    """Polls for ever, each time from where the last answer ended."""
    topics, cursor = query.split("&cursor=") if "&cursor=" in query else (query, "0")
    cursor, _, rest = cursor.partition("&")
    connection = http.client.HTTPConnection(*address, timeout=LIMIT_S)
    wait = "&wait=0"
    while True:
        connection.request("GET", f"/updates?{topics}&cursor={cursor}{rest and '&' + rest}{wait}")
        response, wait = connection.getresponse(), ""
        answer = response.read()
        if response.status not in (200, 204):
            raise Refused(response.status, answer)
        assert (response.status == 204) == (answer == b"")
        assert response.headers["Cache-Control"] == "no-store"
        events = list(answered(answer))
        newest = [event[1] for event in events if event[0] == "update"][-1:]
        cursor = (newest or [event[1] for event in events if event[0] == "gap"] or [cursor])[0]
        yield from events or [("beat",)]


def answered(answer):
    while answer:
        line, answer = answer.split(b"\n", 1)
        words = line.split(b" ")
        if words[0] in (b"skipped", b"gap", b"end"):
            yield (words[0].decode(), *map(int, words[1:]))
        else:
            seq, topic, length = map(int, words)
            assert answer[length : length + 1] == b"\n"
            yield ("update", seq, topic, answer[:length])
            answer = answer[length + 1 :]


# WebSocket


class WebSocket:
    def __init__(self, address, query):
        self.socket = socket.create_connection(address, timeout=LIMIT_S)
        self.stream = self.socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /updates?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        status = int(self.stream.readline().split()[1])
        headers = fields(self.stream)
        if status != 101:
            raise Refused(status, self.stream.read())
        digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
        assert headers["sec-websocket-accept"] == base64.b64encode(digest).decode()
        assert "sec-websocket-extensions" not in headers

    def send(self, payload, opcode=1):
        if len(payload) < 126:
            length = bytes([0x80 | len(payload)])
        elif len(payload) <= 0xFFFF:
            length = struct.pack("!BH", 0xFE, len(payload))
        else:
            length = struct.pack("!BQ", 0xFF, len(payload))
        # A mask of zeros is a mask.
        self.socket.sendall(bytes([0x80 | opcode]) + length + bytes(4) + payload)

    def frame(self):
        first, second = self.stream.read(2)
        length = second & 0x7F
        if length > 125:
            length = int.from_bytes(self.stream.read(2 if length == 126 else 8), "big")
        assert first & 0x80 and not second & 0x80, "whole messages, and no mask from a server"
        return first & 0x0F, self.stream.read(length)

    def events(self):
        while True:
            opcode, payload = self.frame()
            if opcode == 9:
                self.send(payload, 10)
                yield ("beat",)
            elif opcode == 8:
                yield ("end",)
                return
            else:
                assert opcode == 1
                line, _, body = payload.partition(b"\n")
                words = line.decode().split(" ")
                if words[0].isdigit():
                    yield ("update", int(words[0]), int(words[1]), body)
                else:
                    yield (words[0], *map(int, words[1:]), *([body] if words[0] in ("refused", "part") else []))


def websocket(address, query):
    return WebSocket(address, query).events()


# TCP


class Tcp:
    # Kind: name, fields, whether a body follows.
    KINDS = {
        0: ("update", "!QI", True),
        1: ("skipped", "!IQ", False),
        2: ("gap", "!Q", False),
        3: ("ack", "!I", False),
        4: ("refused", "!I", True),
        5: ("part", "!IQ", True),
        6: ("end", "!I", False),
        7: ("beat", "!", False),
    }

    def __init__(self, address, query):
        self.socket = socket.create_connection(address, timeout=LIMIT_S)
        self.stream = self.socket.makefile("rb")
        self.socket.sendall(struct.pack("!H", len(query)) + query.encode())
        refusal = self.stream.read(int.from_bytes(self.stream.read(2), "big"))
        if refusal:
            raise Refused(refusal)

    def send(self, kind, request, body=b""):
        self.socket.sendall(struct.pack("!IBI", 5 + len(body), kind, request) + body)

    def events(self):
        while length := self.stream.read(4):
            frame = self.stream.read(int.from_bytes(length, "big"))
            name, fields, has_body = self.KINDS[frame[0]]
            end = 1 + struct.calcsize(fields)
            yield (name, *struct.unpack(fields, frame[1:end]), *([frame[end:]] if has_body else []))


def tcp(address, query):
    return Tcp(address, query).events()


DOWNLINKS = {"websocket": websocket, "sse": sse, "long-polling": poll, "short-polling": poll, "tcp": tcp}
