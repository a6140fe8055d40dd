"""What an update says: a stamp, then a slice of a pad that follows from the seed (docs/protocol.md, "Bodies")."""

import functools
import itertools
import struct

CHARACTERS = b'abcdefghijklmnopqrstuvwxyz0123456789ABCDEF""""""{}[]::,,..-_/+  '
OFFSETS = 65_521
STAMP_BYTES = 16
PAD = 6


def chacha8(seed, purpose, index=0):
    """The bytes of a stream of random numbers, for ever: ChaCha with eight rounds."""
    key = struct.unpack("<8I", struct.pack("<Q24x", seed))
    counter = 0
    while True:
        state = [*struct.unpack("<4I", b"expand 32-byte k"), *key]
        state += [counter & 0xFFFFFFFF, counter >> 32, index, purpose]
        words = state[:]
        for _ in range(4):
            for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15)):
                quarter_round(words, a, b, c, d)
            for a, b, c, d in ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
                quarter_round(words, a, b, c, d)
        yield from struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(words, state)))
        counter += 1


def quarter_round(w, a, b, c, d):
    for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        w[x] = (w[x] + w[y]) & 0xFFFFFFFF
        mixed = w[z] ^ w[x]
        w[z] = (mixed << turn | mixed >> (32 - turn)) & 0xFFFFFFFF


class Draw:
    """One stream of whole numbers."""

    def __init__(self, seed, purpose, index):
        self.bytes = chacha8(seed, purpose, index)

    def below(self, end):
        """Uniform in 0..end."""
        while True:
            drawn = int.from_bytes(bytes(itertools.islice(self.bytes, 8)), "little")
            if drawn * end % (1 << 64) >= (1 << 64) % end:
                return drawn * end >> 64


@functools.cache
def pad_of(seed, length):
    return bytes(CHARACTERS[byte % 64] for byte in itertools.islice(chacha8(seed, PAD), length))


class Bodies:
    """The bodies of one seed, up to a length."""

    def __init__(self, seed, longest):
        self.pad = pad_of(seed, OFFSETS + longest)

    def write(self, topic, index, length, sent_ns):
        begin = (topic * 7_919 + index * 31 + sent_ns % OFFSETS) % OFFSETS
        return b"%016x" % sent_ns + self.pad[begin : begin + length - STAMP_BYTES]

    def check(self, topic, index, body):
        """Whether this is what was sent as that update of its topic; the length is taken from the body."""
        return body == self.write(topic, index, len(body), int(body[:STAMP_BYTES], 16))
