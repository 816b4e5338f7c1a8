# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""HASH commands."""

import struct

from vector_command import BYTES_A_TENSOR, VectorCommand

OP, BYTES_OF_BODY = 0x5b, 280


class HashCommand(VectorCommand):
    """A body without programs; any field can be overwritten after it was made."""

    def __init__(self, x, d, seed=2166136261):
        self.x, self.seed, self.mbz = x, seed, 0
        super().__init__(None, d, op=OP, bytes_of_body=BYTES_OF_BODY)

    def pack_body(self):
        return self.x.pack()[:BYTES_A_TENSOR] + self.d.pack()[:BYTES_A_TENSOR] + struct.pack("<2I", self.seed, self.mbz)


def hashed(tensor, dim=(3, 40)):
    """Of each row."""
    return HashCommand(tensor(0, "int32", dim), tensor(2, "uint32", dim[:-1]))


def valid(tensor):
    """(name, command) of commands that are taken."""
    for dim in ((1,), (3, 40), (2, 3, 700)):
        yield f"hash-of-rank-{len(dim)}", hashed(tensor, dim)


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good = hashed(tensor)
    yield "hash-mbz", good, "COMMAND", {"mbz": 1}
    yield "hash-of-fp32", good, "COMMAND", {"x__type": 1}
    yield "hash-of-another-shape", good, "COMMAND", {"d__dim__0": 2}
    yield "hash-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}


def results(tensor):
    """(name, command, memories, result) to the bit."""
    words, sums = [[1, 2, 3], [4, 5, 6]], []
    for row in words:
        total = 2166136261
        for word in row:
            total = (total ^ word) * 16777619 % (1 << 32)
        sums.append(total)
    yield ("hash-of-two-rows", hashed(tensor, (2, 3)), ((0, struct.pack("<6i", *words[0], *words[1])),),
           struct.pack("<2I", *sums))
