# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""RESAMPLE: a body, and behind it perhaps a program of ../vector with the tensors of its inputs."""

import math
import struct

from program_defects import of_epilogue, of_head
from vector_command import BYTES_A_TENSOR, Insn, Program, VectorCommand, stored

OP, BYTES_OF_BODY = 0x53, 568


class Resample(VectorCommand):
    """Body, and perhaps a program and inputs; any field can be overwritten after it was made."""

    def __init__(self, x, first, weight, d, axis, program=None, inputs=()):
        self.x, self.first, self.weight, self.axis = x, first, weight, axis
        self.taps, self.mbz, self.mbz1 = weight.dim[1], 0, 0
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY)

    def pack_body(self):
        tensors = (self.x, self.first, self.weight, self.d)
        return b"".join(one.pack()[:BYTES_A_TENSOR] for one in tensors) + struct.pack(
            "<BBHI8I", self.axis, self.mbz, self.taps, self.mbz1, *self.block)


def resample(tensor, types=("fp16", "fp16"), before=(4, 10, 3), after=(4, 20, 3), axis=1, taps=2, **post):
    """Along an axis; first and weights lie in slot 1."""
    out = after[axis] if axis < len(after) else 1
    return Resample(tensor(0, types[0], before), tensor(1, "int32", (out,)),
                    tensor(1, "fp32", (out, taps), offset=0x1000), tensor(2, types[1], after), axis, **post)


def scaled(tensor, **fields):
    """With half of the sum and an input added."""
    code = [Insn("CONSTANT", "F32", 8, (), 0), Insn("FMA", "F32", 5, (4, 8, 0))]
    dim = fields.get("after", (4, 20, 3))
    program = Program(code, 5, stored("fp32"), consts=[0x3f000000], value="FP32", dims=dim)
    return resample(tensor, program=program, inputs=(tensor(0, "fp32", dim, strides=[0] * len(dim)),), **fields)


def valid(tensor):
    """(name, command) of commands that are taken."""
    for types in (("fp16", "fp16"), ("fp32", "fp32"), ("int8", "fp32"), ("int64", "int8"), ("bool", "int32")):
        yield "resample-%s-to-%s" % types, resample(tensor, types)
    yield "resample-of-halves", resample(tensor, ("int4", "fp16"), (4, 10, 4), (4, 20, 4))
    yield "resample-to-halves", resample(tensor, ("fp16", "fp4"), (4, 10, 4), (4, 20, 4))
    yield "resample-the-first-dimension", resample(tensor, before=(5, 10), after=(3, 10), axis=0)
    yield "resample-the-last-dimension", resample(tensor, before=(5, 10), after=(5, 33), axis=1)
    yield "resample-one-dimension", resample(tensor, before=(5,), after=(4,), axis=0)
    yield "resample-eight-dimensions", resample(tensor, before=(1,) * 7 + (5,), after=(1,) * 7 + (4,), axis=7)
    yield "resample-one-tap", resample(tensor, taps=1)
    yield "resample-256-taps", resample(tensor, before=(2, 9), after=(2, 7), taps=256)
    yield "resample-nothing", resample(tensor, before=(4, 10, 0), after=(4, 20, 0))
    yield "resample-no-row-of-none", resample(tensor, before=(4, 0, 3), after=(4, 0, 3))
    yield "resample-one-row-of-many", resample(tensor, before=(1, 4000), after=(1, 1))
    repeated = resample(tensor)
    repeated.weight.stride[0] = repeated.first.stride[0] = 0
    yield "resample-repeats-its-tables", repeated
    yield "resample-with-a-program", scaled(tensor)
    yield "resample-without-instructions", resample(tensor, program=Program([], 4, value="FP32", dims=(4, 20, 3)))


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good, posted = resample(tensor), scaled(tensor)
    yield "resample-axis-beyond-the-rank", good, "COMMAND", {"axis": 3}
    yield "resample-no-tap", resample(tensor, taps=1), "COMMAND", {"taps": 0, "weight__dim__1": 0}
    yield ("resample-257-taps", resample(tensor, before=(2, 9), after=(2, 7), taps=256), "COMMAND",
           {"taps": 257, "weight__dim__1": 257})
    yield "resample-other-taps", good, "COMMAND", {"taps": 3}
    for field, value in (("mbz", 1), ("mbz", 128), ("mbz1", 1), ("mbz1", 1 << 31)):
        yield f"resample-{field}-{value}", good, "COMMAND", {field: value}
    yield "resample-other-rank", good, "COMMAND", {"d__rank": 4, "d__dim__3": 1, "block__3": 1}
    yield "resample-other-extent", good, "COMMAND", {"d__dim__2": 2}
    yield "resample-other-outer-extent", good, "COMMAND", {"d__dim__0": 3}
    yield "resample-rows-of-none", good, "COMMAND", {"x__dim__1": 0}
    yield "resample-first-of-int64", good, "COMMAND", {"first__type": 14}
    yield "resample-first-of-other-outputs", good, "COMMAND", {"first__dim__0": 19}
    yield "resample-first-of-another-rank", good, "COMMAND", {"first__rank": 2, "first__dim__1": 1}
    yield "resample-weight-of-fp16", good, "COMMAND", {"weight__type": 2}
    yield "resample-weight-of-other-outputs", good, "COMMAND", {"weight__dim__0": 19}
    yield "resample-weight-of-another-rank", good, "COMMAND", {"weight__rank": 3, "weight__dim__2": 1}
    yield ("resample-of-halves-of-odd-rows", resample(tensor, ("int4", "fp16"), (4, 10, 4), (4, 20, 4)), "COMMAND",
           {"x__stride__1": 5})
    yield ("resample-to-halves-cut-by-a-step", resample(tensor, ("fp16", "fp4"), (4, 10, 4), (4, 20, 4)), "COMMAND",
           {"block__2": 3})
    yield "resample-without-an-output", good, "COMMAND", {"d": tensor()}
    yield "resample-without-weights", good, "COMMAND", {"weight": tensor()}
    yield "resample-step-without-extent", good, "COMMAND", {"block__0": 0}
    yield "resample-output-repeats", good, "COMMAND", {"d__stride__0": 0}
    yield "resample-weights-behind-their-slot", good, "SLOT", {"weight__offset": 0x10000 - 156}
    yield "resample-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    yield from of_epilogue("resample", good, posted, further=True)
    yield from of_head("resample", lambda: scaled(tensor), insns=3, inputs=0, result=9)


def rounded(value):
    """To fp32."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def results(tensor):
    """(name, command, memories, result) to the bit."""
    codes, first = [10, -20, 30, 100, -128], [-2, 0, 1, 3, 7, -(1 << 31), (1 << 31) - 1]
    table = [rounded(0.1 * i - 0.3) for i in range(21)]
    want = []
    for o, start in enumerate(first):
        value = None
        for tap in range(3):
            product = rounded(table[3 * o + tap] * codes[max(0, min(4, start + tap))])
            value = product if value is None else rounded(value + product)
        want.append(value)
    # A slot of these cases has 64 bytes: five outputs of three taps.
    for n, part in ((5, slice(0, 5)), (4, slice(3, 7))):
        begin = part.start
        command = Resample(tensor(0, "int8", (5,)), tensor(0, "int32", (n,), offset=8),
                           tensor(1, "fp32", (n, 3)), tensor(2, "fp32", (n,)), 0)
        yield (f"resample-from-{begin}", command,
               ((0, struct.pack("5b", *codes) + bytes(3) + struct.pack(f"<{n}i", *first[part])),
                (1, struct.pack(f"<{3 * n}f", *table[3 * begin:3 * (begin + n)]))),
               struct.pack(f"<{n}f", *want[part]))
    nearest = Resample(tensor(0, "fp16", (2, 2)), tensor(1, "int32", (3,)), tensor(1, "fp32", (3, 1), offset=12),
                       tensor(2, "fp16", (3, 2)), 0)
    yield ("resample-keeps-minus-zero", nearest,
           ((0, struct.pack("<4e", -0.0, 1.5, math.inf, -2.0)), (1, struct.pack("<3i3f", 1, 0, 1, 1, 1, 1))),
           struct.pack("<6e", math.inf, -2.0, -0.0, 1.5, math.inf, -2.0))
    # Means of neighbours: of -8 and 7, of 7 and 1 twice, the last one with what lies beyond the edge.
    means = ((1, struct.pack("<3i6f", 0, 1, 2, *[0.5] * 6)),)
    packed = Resample(tensor(0, "int4", (3,)), tensor(1, "int32", (3,)), tensor(1, "fp32", (3, 2), offset=12),
                      tensor(2, "fp32", (3,)), 0)
    yield "resample-of-halves", packed, ((0, bytes((0x78, 0x01))), *means), struct.pack("<3f", -0.5, 4, 1)
    packed = Resample(tensor(0, "int8", (3,)), tensor(1, "int32", (3,)), tensor(1, "fp32", (3, 2), offset=12),
                      tensor(2, "fp4", (3,)), 0)
    yield "resample-to-halves", packed, ((0, struct.pack("3b", -8, 7, 1)), *means), bytes((0x69, 0x02))
    code = [Insn("INDEX", "I64", 5, (), 0), Insn("CONVERT", "I64", 5, (5,), 0), Insn("ADD", "F32", 4, (4, 5))]
    posted = Resample(tensor(0, "int8", (3,)), tensor(1, "int32", (3,)), tensor(1, "fp32", (3, 2), offset=12),
                      tensor(2, "int8", (3,)), 0, program=Program(code, 4, value="FP32", dims=(3,)))
    yield ("resample-knows-indices", posted,
           ((0, struct.pack("3b", 4, 8, 127)), (1, struct.pack("<3i6f", 0, 1, 2, *[0.5] * 6))),
           struct.pack("3b", 6, 68, 127))
