"""Holds docs/protocol.md against pushpull, with clients and servers that share no code with it.

    python3 scripts/interop [TRANSPORT ...]

For each transport, a client as the page describes it reads `pushpull serve` and checks every byte of every update, and
such a server serves `pushpull load`, whose books must balance with everything delivered. Needs Python 3.11 and
nothing else; where the package `websockets` is installed, it reads WebSocket too. Ends with an error at the first
difference.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from itertools import islice

sys.dont_write_bytecode = True  # The folder is the repository's.

import clients
import servers
from bodies import Bodies
from clients import DOWNLINKS, Refused
from plan import Topic, plan

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED, RETENTION, LONGEST = 7, 1_000, 400
# Two quiet topics, and one whose bursts do not fit into one batch and whose log does not hold them all.
SERVED = f"""# Can a client that is not pushpull's read this?
seed = {SEED}
warm_up = "0s"
measure = "1s"
drain = "30s"
[hub]
retention = {RETENTION}
[subscribers]
count = 1
[[topic]]
name = "beat"
count = 2
every = "100ms"
body = {{ uniform = ["16B", "400B"] }}
[[topic]]
name = "burst"
burst = 300
every = "200ms"
body = "100B"
"""
MS = 1_000_000
SERVED_PLAN = plan([Topic(100 * MS, 1, 16, 400)] * 2 + [Topic(200 * MS, 300, 100, 100)], SEED, 1_000 * MS)
LOADED = f"""# Can pushpull's clients read a server that is not pushpull's?
seed = {SEED}
warm_up = "200ms"
measure = "1500ms"
drain = "5s"
[subscribers]
count = 3
ramp = "100ms"
[[topic]]
name = "beat"
every = "25ms"
body = "200B"
"""
LOADED_PLAN = plan([Topic(25 * MS, 1, 200, 200)], SEED, 1_700 * MS)
ENTRIES = {
    "websocket": 'heartbeat = "200ms"',
    "sse": 'heartbeat = "200ms"',
    "long-polling": 'hold = "500ms"',
    "short-polling": 'interval = "100ms"',
    "tcp": 'heartbeat = "200ms"',
}


def main():
    chosen = sys.argv[1:] or list(DOWNLINKS)
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    program = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/pushpull"
    with tempfile.TemporaryDirectory() as folder:
        scenarios = pathlib.Path(folder, "served.toml"), pathlib.Path(folder, "loaded.toml")
        entries = "".join(f'[[transport]]\nuse = "{name}"\n{options}\n' for name, options in ENTRIES.items())
        for scenario, text in zip(scenarios, (SERVED, LOADED)):
            scenario.write_text(text + entries)
        for transport in chosen:
            with serve(program, scenarios[0], transport) as address:
                updates = read_everything(transport, address)
                resume(transport, address, updates)
                refusals(transport, address)
            served = be_read(program, scenarios[1], transport)
            print(f"{transport}: {len(updates)} updates read to the byte; pushpull's clients were served {served}")


@contextmanager
def serve(program, scenario, transport):
    command = [program, "serve", scenario, "--transport", transport, "--for", "1s", "--start-in", "200ms"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        host, port = json.loads(server.stdout.readline())["ready"]["address"].rsplit(":", 1)
        yield host, int(port)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def read_everything(transport, address):
    """Follows all topics until the stream is quiet; returns the updates."""
    bodies, updates = Bodies(SEED, LONGEST), []
    for event in DOWNLINKS[transport](address, "topics=0-2&cursor=0"):
        if event[0] != "beat":
            name, seq, topic, body = event
            planned = SERVED_PLAN[len(updates)]
            assert (name, seq, topic) == ("update", len(updates) + 1, planned.topic), (event, planned)
            assert bodies.check(topic, planned.index, body) and len(body) == planned.bytes, (event, planned)
            updates.append(event)
        elif len(updates) == len(SERVED_PLAN):
            return updates


def resume(transport, address, updates):
    """Reconnects with cursors: near, too old, from elsewhere, and conflating."""
    downlink, last = DOWNLINKS[transport], len(updates)

    def until_quiet(query):
        events, beats = [], 0
        for event in downlink(address, query):
            # One heartbeat may fall between two batches.
            beats = beats + 1 if event[0] == "beat" else 0
            if beats == 2:
                return events
            events += [] if beats else [event]

    assert until_quiet(f"topics=0-2&cursor={last - 3}") == updates[-3:]
    kept = [update for topic in range(3) for update in [u for u in updates if u[2] == topic][-RETENTION:]]
    dropped = max(update[1] for update in set(updates) - set(kept))
    expected = [("gap", dropped), *sorted(kept, key=lambda update: update[1])]
    # A batch that is cut tells of the gap only so far, so only the last announcement is compared.
    for cursor in (0, 10**9):
        found = until_quiet(f"topics=0-2&cursor={cursor}")
        gaps = [event for event in found if event[0] == "gap"]
        assert [gaps[-1], *(event for event in found if event[0] != "gap")] == expected, (cursor, gaps)
    # Any order of topics is an order; a topic that is asked for twice comes once.
    newest = [u for u in updates if u[2] == 2][-1]
    found = until_quiet("topics=2,2&cursor=0&conflate=1")
    assert found == [("gap", dropped), ("skipped", 2, RETENTION - 1), newest], found
    if transport == "sse":
        events = clients.sse(address, "topics=0-2&cursor=0", last_event_id=last - 1)
        assert next(events) == updates[-1]


def refusals(transport, address):
    long = "topics=" + ",".join(["0"] * 3_072)
    for query, status in (("topics=9", 404), ("cursor=1", 400), ("topics=0&cursor=x", 400), (long, 400)):
        try:
            list(islice(DOWNLINKS[transport](address, query), 1))
        except Refused as refused:
            assert transport == "tcp" or refused.args[0] == status, refused
            continue
        raise AssertionError(f"{query} was not refused")
    if transport == "websocket":
        websocket_refusals(address)
    elif transport == "tcp":
        tcp = clients.Tcp(address, "topics=0&cursor=999")
        tcp.send(16, 1, b"a message")
        tcp.send(17, 2, b"a question")
        answers = [event[:2] for event in islice((e for e in tcp.events() if e[0] == "refused"), 2)]
        assert sorted(answers) == [("refused", 1), ("refused", 2)], answers
        tcp.send(99, 3)
        assert all(event[0] == "beat" for event in tcp.events())
    else:
        assert clients.posted(address, "/posts", b"a message")[0] == 403
        assert clients.posted(address, "/asks", b"a question")[0] == 403
        assert clients.posted(address, "/posts", bytes((1 << 20) + 1))[0] == 413


def websocket_refusals(address):
    query = "topics=0&cursor=999"
    socket = clients.WebSocket(address, query)
    socket.send(b"post 1\na message")
    socket.send(b"ask 2\na question")
    answers = [event[:2] for event in islice((e for e in socket.events() if e[0] == "refused"), 2)]
    assert sorted(answers) == [("refused", 1), ("refused", 2)], answers
    for payload, opcode, code in (
        (b"\x03\xe8", 8, 1000),
        (b"nonsense", 1, 1002),
        (b"binary", 2, 1002),
        (b"\xff", 1, 1007),
        (bytes((1 << 20) + 65), 1, 1009),
    ):
        socket = clients.WebSocket(address, query)
        socket.send(payload, opcode)
        frames = iter(socket.frame, None)
        closing = next(payload for opcode, payload in frames if opcode == 8)
        assert int.from_bytes(closing[:2], "big") == code, (payload[:9], closing)
    try:
        import asyncio

        import websockets
    except ImportError:
        print("websocket: not read by the package `websockets`, which is not installed")
        return

    async def read():
        async with websockets.connect(f"ws://{address[0]}:{address[1]}/updates?topics=0") as socket:
            assert (await asyncio.wait_for(socket.recv(), 10)).split()[1] == "0"
            await asyncio.wait_for(await socket.ping(), 10)
        assert socket.close_code == 1000

    asyncio.run(read())


def be_read(program, scenario, transport):
    """Serves a crowd of pushpull's, which keeps the books."""
    start_ns = time.monotonic_ns() + 1_500 * MS
    log, bodies = servers.Log(), Bodies(SEED, LONGEST)
    with servers.Server(servers.HANDLERS[transport], log) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        threading.Thread(target=log.publish, args=(LOADED_PLAN, start_ns, bodies), daemon=True).start()
        command = [program, "load", scenario, "--transport", transport, "--start-ns", str(start_ns)]
        command += ["--connect", f"127.0.0.1:{server.server_address[1]}"]
        load = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        server.shutdown()
    books = dict((name, int(count)) for name, count in re.findall(r"([a-z ]+?):? (\d+)[,:\n]", load.stderr))
    books = {name.strip(): count for name, count in books.items()}
    assert load.returncode == 0 and books["delivered"] == books["expected"] > 150, load.stderr
    wrong = ("superseded", "lost", "in flight", "duplicated", "reordered", "damaged", "unknown")
    assert all(books[name] == 0 for name in wrong), load.stderr
    return books["delivered"]


if __name__ == "__main__":
    main()
