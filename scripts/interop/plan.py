"""When updates are due and how they are numbered (docs/protocol.md, "Numbers"); no Poisson topics here."""

from typing import NamedTuple

from bodies import Draw

FIRST_DUE, SIZES = 1, 3


class Topic(NamedTuple):
    period_ns: int
    burst: int
    least_bytes: int
    most_bytes: int


class Planned(NamedTuple):
    due_ns: int
    topic: int
    index: int
    bytes: int


def plan(topics, seed, end_ns):
    """Every update that is due before the end, in the order of the sequence numbers, which begin with 1."""
    return sorted(update for number, topic in enumerate(topics) for update in of_topic(topic, number, seed, end_ns))


def of_topic(topic, number, seed, end_ns):
    sizes, index = Draw(seed, SIZES, number), 0
    first_ns = Draw(seed, FIRST_DUE, number).below(topic.period_ns)
    for due_ns in range(first_ns, end_ns, topic.period_ns):
        for _ in range(topic.burst):
            span = topic.most_bytes - topic.least_bytes
            # A topic whose bodies are all alike draws nothing.
            yield Planned(due_ns, number, index, topic.least_bytes + (sizes.below(span + 1) if span else 0))
            index += 1
