# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""SCAN commands, with and without an epilogue."""

import struct

from vector_command import BYTES_A_TENSOR, LANES, Insn, Program, VectorCommand, up

OP, BYTES_OF_BODY = 0x41, 312
SUM, PRODUCT, MIN, MAX = range(4)


class ScanCommand(VectorCommand):
    """Body, and perhaps a program and inputs; any field can be overwritten after it was made."""

    def __init__(self, x, d, axis, function=SUM, program=None, inputs=(), exclusive=0, reverse=0):
        self.x, self.axis, self.function, self.exclusive, self.reverse = x, axis, function, exclusive, reverse
        self.mbz = 0
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY)

    def pack_body(self):
        return self.x.pack()[:BYTES_A_TENSOR] + self.d.pack()[:BYTES_A_TENSOR] + struct.pack(
            "<4BI8I", self.axis, self.function, self.exclusive, self.reverse, self.mbz, *self.block)

    def body_cycles(self):
        return up(self.x.elements(), LANES)

    def bytes_read(self):
        return self.x.bytes() + super().bytes_read()


def scan(tensor, type_="fp16", to=None, dim=(4, 100, 6), axis=1, **fields):
    """Along the middle."""
    return ScanCommand(tensor(0, type_, dim), tensor(2, to or type_, dim), axis, **fields)


def scaled(tensor, dim=(4, 100, 6), axis=1, heavy=1):
    """Sums of fp16, times an input; more than once, so that memory is no bound."""
    code = [Insn("MUL", "F32", 5, (4, 0))] + [Insn("POW", "F32", 5, (5, 0)) for _ in range(heavy)]
    return scan(tensor, dim=dim, axis=axis, program=Program(code, 5, ["FP32"], value="FP32", dims=dim),
                inputs=[tensor(1, "fp32", dim)])


def valid(tensor, types):
    """(name, command) of commands that are taken."""
    for type_ in types:
        yield "scan-" + type_, scan(tensor, type_, function=MAX if type_ == "bool" else SUM)
    for name, function in (("product", PRODUCT), ("min", MIN), ("max", MAX)):
        yield "scan-" + name, scan(tensor, function=function)
    yield "scan-of-bool-min", scan(tensor, "bool", function=MIN)
    yield "scan-exclusive", scan(tensor, exclusive=1)
    yield "scan-reverse", scan(tensor, reverse=1)
    yield "scan-exclusive-and-reverse", scan(tensor, exclusive=1, reverse=1)
    yield "scan-first-axis", scan(tensor, axis=0)
    yield "scan-last-axis", scan(tensor, axis=2)
    yield "scan-one-line", scan(tensor, dim=(1000,), axis=0)
    yield "scan-of-rank-8", scan(tensor, dim=(2, 1, 2, 3, 2, 1, 2, 2), axis=3)
    yield "scan-widens", scan(tensor, "int8", "int64")
    yield "scan-nothing", scan(tensor, dim=(4, 0, 6))
    repeated = scan(tensor)
    repeated.x.stride[1] = 0
    yield "scan-repeats-a-row", repeated
    yield "scan-with-a-program", scaled(tensor, heavy=0)
    yield "scan-with-a-heavy-program", scaled(tensor, heavy=20)
    rows = scaled(tensor, heavy=20)
    rows.in0.stride[:3] = [0, 0, 1]
    yield "scan-with-a-row-of-inputs", rows


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good, longer = scan(tensor), scaled(tensor)
    yield "scan-axis-beyond-the-rank", good, "COMMAND", {"axis": 3}
    yield "scan-unknown-function", good, "COMMAND", {"function": 4}
    yield "scan-exclusive-2", good, "COMMAND", {"exclusive": 2}
    yield "scan-reverse-2", good, "COMMAND", {"reverse": 2}
    yield "scan-mbz", good, "COMMAND", {"mbz": 1}
    for name, function in (("sum", SUM), ("product", PRODUCT)):
        yield f"scan-{name}-of-bool", scan(tensor, "bool", function=MAX), "COMMAND", {"function": function}
    yield "scan-of-another-shape", good, "COMMAND", {"d__dim__1": 99}
    yield "scan-of-another-rank", good, "COMMAND", {"d__rank": 4, "d__dim__3": 1}
    yield "scan-of-int4", good, "UNSUPPORTED", {"x__type": 8}
    yield "scan-to-int4", good, "UNSUPPORTED", {"d__type": 8}
    yield "scan-step-without-extent", good, "COMMAND", {"block__1": 0}
    yield "scan-step-beyond-the-rank", good, "COMMAND", {"block__3": 1}
    yield "scan-output-repeats", good, "COMMAND", {"d__stride__1": 0}
    yield "scan-input-behind-its-slot", good, "SLOT", {"x__offset": 0x10000 - 4798}
    yield "scan-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    for i, value in enumerate((1, 1, 1, 1 << 31)):
        yield f"scan-header-mbz{i}", good, "COMMAND", {f"head_mbz{i}": value}
    yield "scan-size", good, "COMMAND", {"size": good.size + 8}
    yield "scan-program-that-is-none", good, "COMMAND", {"post": good.size}
    yield "scan-program-in-the-body", longer, "COMMAND", {"post": longer.post - 8}
    yield "scan-program-further-on", longer, "COMMAND", {"post": longer.post + 8}
    yield "scan-program-without-place", longer, "COMMAND", {"post": 0}
    yield "scan-program-input-of-another-shape", longer, "COMMAND", {"in0__dim__1": 99}
    yield "scan-value-of-another-register", longer, "COMMAND", {"x__type": 7}


def results(tensor):
    """(name, command, memories, result) to the bit."""
    codes = [100, 27, -3, 5, -128, 127, -1, 90]

    def line(type_="int8", to=None, dim=(8,), axis=0, **fields):
        return scan(tensor, type_, to, dim, axis, **fields)

    memory = ((0, struct.pack("8b", *codes)),)
    yield "scan-sums-saturate-when-stored", line(), memory, struct.pack("8b", 100, 127, 124, 127, 1, 127, 127, 127)
    yield ("scan-sums-before", line(exclusive=1), memory, struct.pack("8b", 0, 100, 127, 124, 127, 1, 127, 127))
    yield ("scan-least-from-behind", line(function=MIN, reverse=1), memory,
           struct.pack("8b", -128, -128, -128, -128, -128, -1, -1, 90))
    yield ("scan-least-behind", line(function=MIN, exclusive=1, reverse=1), memory,
           struct.pack("8b", -128, -128, -128, -128, -1, -1, 90, 127))
    big = [1, 1 << 63, 5, (1 << 64) - 1]
    yield ("scan-greatest-of-uint64", line("uint64", dim=(4,), function=MAX), ((0, struct.pack("<4Q", *big)),),
           struct.pack("<4Q", 1, 1 << 63, 1 << 63, (1 << 64) - 1))
    yield ("scan-greatest-before-of-uint64", line("uint64", dim=(4,), function=MAX, exclusive=1),
           ((0, struct.pack("<4Q", *big)),), struct.pack("<4Q", 0, 1, 1 << 63, 1 << 63))
    columns = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    yield ("scan-columns", line("fp32", "fp16", dim=(3, 2), function=PRODUCT), ((0, struct.pack("<6f", *columns)),),
           struct.pack("<6e", 1, 2, 3, 8, 15, 48))
    # 2^24 and then ones: each addition is rounded on its own.
    yield ("scan-rounds-each-sum", line("fp32", dim=(4,)), ((0, struct.pack("<4f", 2.0 ** 24, 1, 1, 2)),),
           struct.pack("<4f", 2.0 ** 24, 2.0 ** 24, 2.0 ** 24, 2.0 ** 24 + 2))
    program = Program([Insn("ADD", "I64", 5, (4, 4))], 5, value="INT64", dims=(4,), flags=2)
    yield ("scan-twice-the-sum", line(dim=(4,), program=program), ((0, struct.pack("4b", *codes[:4])),),
           struct.pack("4B", *(2 * total % 256 for total in (100, 127, 124, 129))))
    flags = [0, 2, 0, 0]
    yield ("scan-any", line("bool", dim=(4,), function=MAX), ((0, struct.pack("4B", *flags)),),
           struct.pack("4B", 0, 1, 1, 1))
