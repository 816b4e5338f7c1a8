# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""SCAN commands, with and without an epilogue."""

import struct

from program_defects import of_both
from vector_command import BYTES_A_TENSOR, Insn, Program, VectorCommand

OP, BYTES_OF_BODY = 0x41, 312
SUM, PRODUCT, MIN, MAX = range(4)


class ScanCommand(VectorCommand):
    """Body, and perhaps programs and inputs; any field can be overwritten after it was made."""

    def __init__(self, x, d, axis, function=SUM, program=None, inputs=(), prologue=(None, ()), exclusive=0, reverse=0):
        self.x, self.axis, self.function, self.exclusive, self.reverse = x, axis, function, exclusive, reverse
        self.mbz = 0
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY, prologue=prologue)

    def pack_body(self):
        return self.x.pack()[:BYTES_A_TENSOR] + self.d.pack()[:BYTES_A_TENSOR] + struct.pack(
            "<4BI8I", self.axis, self.function, self.exclusive, self.reverse, self.mbz, *self.block)


def scan(tensor, type_="fp16", to=None, dim=(4, 100, 6), axis=1, **fields):
    """Along the middle."""
    return ScanCommand(tensor(0, type_, dim), tensor(2, to or type_, dim), axis, **fields)


def scaled(tensor, dim=(4, 100, 6), axis=1, heavy=1):
    """Sums of fp16, times an input; more than once, so that memory is no bound."""
    code = [Insn("MUL", "F32", 5, (4, 0))] + [Insn("POW", "F32", 5, (5, 0)) for _ in range(heavy)]
    return scan(tensor, dim=dim, axis=axis, program=Program(code, 5, ["FP32"], value="FP32", dims=dim),
                inputs=[tensor(1, "fp32", dim)])


def masked(tensor, dim=(4, 100, 6), heavy=0, **fields):
    """Of each element its product with an input, where the last index is below the middle one; else 1."""
    code = [Insn("INDEX", "I64", 8, (), 2), Insn("INDEX", "I64", 9, (), 1), Insn("LT", "I64", 8, (8, 9)),
            Insn("MUL", "F32", 5, (4, 0)), Insn("CONSTANT", "F32", 9, (), 0), Insn("SELECT", "F32", 5, (8, 5, 9))]
    code += [Insn("POW", "F32", 5, (5, 0)) for _ in range(heavy)]
    pre = Program(code, 5, ["FP16"], consts=[0x3f800000], value="FP32", dims=dim)
    return scan(tensor, dim=dim, prologue=(pre, [tensor(1, "fp16", dim, offset=0x4000)]), **fields)


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
    yield "scan-of-halves", scan(tensor, "uint4", "int32")
    yield "scan-to-halves", scan(tensor, "uint8", "uint4")
    yield "scan-nothing", scan(tensor, dim=(4, 0, 6))
    repeated = scan(tensor)
    repeated.x.stride[1] = 0
    yield "scan-repeats-a-row", repeated
    yield "scan-with-a-program", scaled(tensor, heavy=0)
    yield "scan-with-a-heavy-program", scaled(tensor, heavy=20)
    rows = scaled(tensor, heavy=20)
    rows.in0.stride[:3] = [0, 0, 1]
    yield "scan-with-a-row-of-inputs", rows
    yield "scan-with-a-prologue", masked(tensor)
    yield "scan-with-a-heavy-prologue", masked(tensor, heavy=20)
    rows = masked(tensor, heavy=20)
    rows.pre_in0.stride[:3] = [0, 0, 1]
    yield "scan-with-a-row-for-the-prologue", rows
    both = scaled(tensor)
    yield "scan-with-both-programs", masked(tensor, program=both.program, inputs=both.tensors())
    empty = Program([], 4, value="INT32", dims=(4, 100, 6))
    yield "scan-with-an-empty-prologue", scan(tensor, "int8", prologue=(empty, ()))
    truth = Program([Insn("CONVERT", "I64", 5, (4,), 3)], 5, value="INT64", dims=(4, 100, 6))
    yield "scan-of-what-becomes-bool", scan(tensor, "uint32", "bool", function=MAX, prologue=(truth, ()))


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
    yield "scan-to-halves-cut-by-a-step", scan(tensor, "uint8", "uint4"), "COMMAND", {"block__2": 3}
    packed = scan(tensor, "uint4", "int32")
    yield "scan-halves-cut-by-a-step", packed, "COMMAND", {"block__2": 3}
    yield "scan-step-without-extent", good, "COMMAND", {"block__1": 0}
    yield "scan-step-beyond-the-rank", good, "COMMAND", {"block__3": 1}
    yield "scan-output-repeats", good, "COMMAND", {"d__stride__1": 0}
    yield "scan-input-behind-its-slot", good, "SLOT", {"x__offset": 0x10000 - 4798}
    yield "scan-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    before, both = masked(tensor), masked(tensor, program=longer.program, inputs=longer.tensors())
    yield from of_both("scan", good, longer, before)
    yield "scan-prologue-as-epilogue", both, "COMMAND", {"pre": both.post}
    yield "scan-prologue-in-the-epilogue", both, "COMMAND", {"pre": both.pre - 8}
    yield "scan-prologue-behind-a-gap", both, "COMMAND", {"pre": both.pre + 8}
    yield "scan-prologue-before-the-epilogue", both, "COMMAND", {"pre": both.post, "post": both.pre}
    yield "scan-epilogue-in-the-body", both, "COMMAND", {"post": both.post - 8}
    yield "scan-epilogue-without-place", both, "COMMAND", {"post": 0}
    yield "scan-prologue-input-of-another-shape", before, "COMMAND", {"pre_in0__dim__1": 99}
    yield "scan-prologue-input-of-another-register", before, "COMMAND", {"pre_in0__type": 7}
    yield "scan-prologue-input-behind-its-slot", before, "SLOT", {"pre_in0__offset": 0x10000 - 4798}
    yield "scan-prologue-of-another-value", before, "COMMAND", {"x__type": 7}
    for name, field, value in (("flags", "flags", 1), ("result", "result", 10), ("instructions", "insns", 7)):
        wrong = masked(tensor).prologue
        wrong.head[field] = value
        yield f"scan-prologue-{name}", before, "COMMAND", {"prologue": wrong}
    wrong = masked(tensor).prologue
    wrong.code[0].imm = 3
    yield "scan-prologue-index-beyond-the-rank", before, "COMMAND", {"prologue": wrong}
    truth = Program([Insn("CONVERT", "I64", 5, (4,), 3)], 5, value="INT64", dims=(4, 100, 6))
    yield ("scan-sum-of-what-becomes-bool", scan(tensor, "uint32", function=MAX, prologue=(truth, ())), "COMMAND",
           {"function": SUM})
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
    yield ("scan-to-halves", line(to="int4", dim=(5,), function=MIN, exclusive=1), memory, bytes((0x77, 0xd7, 0x0d)))
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
    turned = Program([Insn("INDEX", "I64", 8, (), 1), Insn("CONVERT", "I64", 8, (8,), 1),
                      Insn("MUL", "I32", 5, (4, 8))], 5, value="INT8", dims=(2, 4))
    yield ("scan-of-elements-times-their-index", line(to="int16", dim=(2, 4), axis=0, prologue=(turned, ())), memory,
           struct.pack("<8h", 0, 27, -6, 15, 0, 27 + 127, -6 - 2, 15 + 270))
    signed = Program([], 4, value="UINT64", dims=(4,))
    yield ("scan-greatest-of-what-was-uint64", line("uint64", dim=(4,), function=MAX, prologue=(signed, ())),
           ((0, struct.pack("<4Q", *big)),), struct.pack("<4Q", 1, 1, 5, 5))
    both = Program([Insn("NEG", "I64", 5, (4,))], 5, value="INT64", dims=(4,))
    lost = Program([Insn("SUB", "I32", 5, (4, 0))], 5, ["INT8"], value="INT8", dims=(4,))
    yield ("scan-with-a-program-on-either-side",
           line(dim=(4,), program=both, prologue=(lost, [tensor(1, "int8", (4,))])),
           ((0, struct.pack("4b", *codes[:4])), (1, struct.pack("4b", 1, 2, 3, 4))),
           struct.pack("4b", -99, -124, -118, -119))
