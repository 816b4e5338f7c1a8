# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""REDUCE commands, with and without an epilogue."""

import math
import struct

from program_defects import of_both
from steps import step_over
from vector_command import BYTES_A_TENSOR, Insn, Program, VectorCommand

OP, BYTES_OF_BODY = 0x40, 312
SUM, PRODUCT, MIN, MAX, ARG_MIN, ARG_MAX = range(6)


class ReduceCommand(VectorCommand):
    """Body, and perhaps programs and inputs; any field can be overwritten after it was made."""

    def __init__(self, x, d, axes, function=SUM, last=0, program=None, inputs=(), prologue=(None, ())):
        self.x, self.axes, self.function, self.last, self.mbz = x, axes, function, last, [0, 0]
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY, prologue=prologue)
        self.block = step_over(x)

    def pack_body(self):
        return self.x.pack()[:BYTES_A_TENSOR] + self.d.pack()[:BYTES_A_TENSOR] + struct.pack(
            "<I4B8I", self.axes, self.function, self.last, *self.mbz, *self.block)


def reduce(tensor, type_="fp16", to=None, dim=(4, 100, 6), axes=2, **fields):
    """The middle of three."""
    kept = tuple(1 if axes >> i & 1 else extent for i, extent in enumerate(dim))
    return ReduceCommand(tensor(0, type_, dim), tensor(2, to or type_, kept), axes, **fields)


def mean(tensor, heavy=0):
    """Sums of fp16 times an input; then powers, so that memory is no bound."""
    kept = (40, 1, 60)
    code = [Insn("MUL", "F32", 5, (4, 0))] + [Insn("POW", "F32", 5, (5, 0)) for _ in range(heavy)]
    return reduce(tensor, dim=(40, 2, 60), program=Program(code, 5, ["FP32"], value="FP32", dims=kept),
                  inputs=[tensor(1, "fp32", kept)])


def squares(tensor, heavy=0, **fields):
    """Sums of squares of differences from an input."""
    dim = (40, 2, 60)
    code = [Insn("SUB", "F32", 5, (4, 0)), Insn("MUL", "F32", 5, (5, 5))]
    code += [Insn("POW", "F32", 5, (5, 0)) for _ in range(heavy)]
    pre = Program(code, 5, ["FP16"], value="FP32", dims=dim)
    return reduce(tensor, dim=dim, prologue=(pre, [tensor(1, "fp16", dim, offset=0x4000)]), **fields)


def valid(tensor, types):
    """(name, command) of commands that are taken."""
    for type_ in types:
        yield "reduce-" + type_, reduce(tensor, type_, function=MAX if type_ == "bool" else SUM)
        yield "reduce-place-of-" + type_, reduce(tensor, type_, "int64", function=ARG_MAX)
    for name, function in (("product", PRODUCT), ("min", MIN), ("max", MAX), ("arg-min", ARG_MIN), ("arg-max", ARG_MAX)):
        yield "reduce-" + name, reduce(tensor, function=function)
    yield "reduce-last-arg-max", reduce(tensor, "int8", "int32", function=ARG_MAX, last=1)
    yield "reduce-of-bool-min", reduce(tensor, "bool", function=MIN)
    for axes in (1, 3, 4, 5, 6, 7):
        yield f"reduce-set-{axes}", reduce(tensor, axes=axes)
    yield "reduce-one-row", reduce(tensor, dim=(1000,), axes=1)
    yield "reduce-of-rank-8", reduce(tensor, dim=(2, 1, 2, 3, 2, 1, 2, 2), axes=0x55)
    yield "reduce-no-elements", reduce(tensor, dim=(4, 0, 600))
    yield "reduce-no-results", reduce(tensor, dim=(0, 100, 6))
    yield "reduce-no-places", reduce(tensor, dim=(0, 100, 6), function=ARG_MIN)
    yield "reduce-of-halves", reduce(tensor, "int4", "int32")
    yield "reduce-to-halves", reduce(tensor, "int8", "int4", axes=1)
    repeated = reduce(tensor)
    repeated.x.stride[1] = 0
    yield "reduce-repeats-a-row", repeated
    yield "reduce-with-a-program", mean(tensor)
    yield "reduce-with-a-heavy-program", mean(tensor, heavy=20)
    rows = mean(tensor, heavy=20)
    rows.in0.stride[:3] = [0, 0, 1]
    yield "reduce-with-a-row-of-inputs", rows
    yield "reduce-with-a-prologue", squares(tensor)
    yield "reduce-with-a-heavy-prologue", squares(tensor, heavy=20)
    rows = squares(tensor, heavy=20)
    rows.pre_in0.stride[:3] = [60, 0, 1]
    yield "reduce-with-rows-for-the-prologue", rows
    both = mean(tensor)
    yield "reduce-with-both-programs", squares(tensor, program=both.program, inputs=both.tensors())
    none = Program([Insn("NEG", "F32", 5, (4,))], 5, value="FP32", dims=(4, 0, 600))
    yield "reduce-no-elements-for-the-prologue", reduce(tensor, dim=(4, 0, 600), prologue=(none, ()))


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good, longer = reduce(tensor), mean(tensor)
    flat = reduce(tensor, dim=(3, 1, 40), axes=4)
    yield "reduce-none", flat, "COMMAND", {"axes": 0}
    yield "reduce-beyond-the-rank", flat, "COMMAND", {"axes": 12}
    yield "reduce-high-bit", flat, "COMMAND", {"axes": 4 | 1 << 31}
    yield "reduce-unknown-function", good, "COMMAND", {"function": 6}
    yield "reduce-last-of-a-sum", good, "COMMAND", {"last": 1}
    yield "reduce-last-2", reduce(tensor, function=ARG_MAX, last=1), "COMMAND", {"last": 2}
    for i in range(2):
        yield f"reduce-mbz{i}", good, "COMMAND", {f"mbz__{i}": 1}
    for name, function in (("sum", SUM), ("product", PRODUCT)):
        yield f"reduce-{name}-of-bool", reduce(tensor, "bool", function=MAX), "COMMAND", {"function": function}
    empty = reduce(tensor, dim=(4, 0, 6))
    yield "reduce-place-in-nothing", empty, "COMMAND", {"function": ARG_MAX}
    yield "reduce-keeps-an-extent", good, "COMMAND", {"d__dim__1": 2}
    yield "reduce-of-another-shape", good, "COMMAND", {"d__dim__2": 5}
    yield "reduce-of-another-rank", good, "COMMAND", {"d__rank": 4, "d__dim__3": 1}
    yield "reduce-to-halves-cut-by-a-step", reduce(tensor, "int8", "int4", axes=1), "COMMAND", {"block__2": 3}
    packed = reduce(tensor, "int4", "int32")
    yield "reduce-halves-cut-by-a-step", packed, "COMMAND", {"block__2": 3}
    yield "reduce-halves-of-odd-rows", packed, "COMMAND", {"x__stride__1": 5}
    yield "reduce-step-without-extent", good, "COMMAND", {"block__1": 0}
    yield "reduce-step-beyond-the-rank", good, "COMMAND", {"block__3": 1}
    yield "reduce-output-repeats", good, "COMMAND", {"d__stride__0": 0}
    yield "reduce-input-behind-its-slot", good, "SLOT", {"x__offset": 0x10000 - 4798}
    yield "reduce-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    before = squares(tensor)
    yield from of_both("reduce", good, longer, before)
    yield "reduce-prologue-input-of-the-output's-shape", before, "COMMAND", {"pre_in0__dim__1": 1}
    wrong = squares(tensor).prologue
    wrong.head["flags"] = 2
    yield "reduce-prologue-flags", before, "COMMAND", {"prologue": wrong}
    truth = Program([Insn("GT", "F32", 5, (4, 4))], 5, value="FP16", dims=(4, 100, 6))
    yield ("reduce-product-of-what-becomes-bool", reduce(tensor, "fp16", "bool", function=MAX,
           prologue=(truth, ())), "COMMAND", {"function": PRODUCT})
    yield "reduce-program-input-of-another-shape", longer, "COMMAND", {"in0__dim__2": 59}
    yield "reduce-value-of-another-register", longer, "COMMAND", {"function": ARG_MIN}


def results(tensor):
    """(name, command, memories, result) to the bit."""
    codes = [100, 27, -3, 5, -128, 127, -1, 90]

    def row(type_="int8", to=None, dim=(2, 4), axes=2, **fields):
        return reduce(tensor, type_, to, dim, axes, **fields)

    memory = ((0, struct.pack("8b", *codes)),)
    yield "reduce-sums", row(to="int16"), memory, struct.pack("<2h", 129, 88)
    yield "reduce-sums-saturate", row(axes=3), memory, struct.pack("b", 127)
    yield "reduce-to-halves", row(dim=(2, 3), to="int4", axes=1, function=MIN), memory, bytes((0x85, 0x0d))
    yield "reduce-products", row(axes=1, to="int32", function=PRODUCT), memory, struct.pack("<4i", -12800, 3429, 3, 450)
    yield "reduce-least", row(function=MIN), memory, struct.pack("2b", -3, -128)
    yield "reduce-place-over-two", row(to="uint8", axes=3, function=ARG_MAX), memory, struct.pack("B", 5)
    for name, function, want in (("sum", SUM, 0), ("product", PRODUCT, 1), ("min", MIN, 127), ("max", MAX, -128)):
        yield f"reduce-{name}-of-nothing", row(dim=(2, 0), function=function), (), struct.pack("2b", want, want)
    yield ("reduce-min-of-no-uint64", row("uint64", dim=(1, 0), function=MIN), (), b"\xff" * 8)
    yield ("reduce-max-of-no-fp32", row("fp32", dim=(1, 0), function=MAX), (), struct.pack("<f", -math.inf))
    halves = [1.0, 3.0, -0.0, 0.0, 3.0, math.nan, -2.0, math.nan]
    for name, function, last, want in (("max", ARG_MAX, 0, (1, 1)), ("last-max", ARG_MAX, 1, (1, 3)),
                                       ("min", ARG_MIN, 0, (2, 1)), ("last-min", ARG_MIN, 1, (3, 3))):
        yield (f"reduce-place-of-{name}", row("fp16", "int32", function=function, last=last),
               ((0, struct.pack("<8e", *halves)),), struct.pack("<2i", *want))
    # 2^24 and then ones: each addition is rounded on its own, in row-major order.
    values = [2.0 ** 24, 1, 1, 1, 1, 2, 1, 2.0 ** 24]
    yield ("reduce-rounds-each-sum", row("fp32"), ((0, struct.pack("<8f", *values)),),
           struct.pack("<2f", 2.0 ** 24, 2.0 ** 24 + 4))
    program = Program([Insn("CONVERT", "I64", 5, (4,), 0), Insn("CONSTANT", "F32", 6, (), 0),
                       Insn("MUL", "F32", 5, (5, 6))], 5, consts=[0x3e800000], value="INT64", dims=(2, 1))
    yield ("reduce-means-by-a-program", row(to="fp32", program=program), memory,
           struct.pack("<2f", 129 / 4, 88 / 4))
    yield ("reduce-all", row("bool", function=MIN), ((0, struct.pack("8B", 1, 2, 3, 4, 1, 1, 0, 1)),),
           struct.pack("2B", 1, 0))
    # Indices are those of the input, whichever dimensions are reduced.
    code = [Insn("INDEX", "I64", 8, (), 0), Insn("INDEX", "I64", 9, (), 1), Insn("CONSTANT", "I64", 10, (), 0),
            Insn("MUL", "I64", 8, (8, 10)), Insn("ADD", "I64", 8, (8, 9)), Insn("CONVERT", "I32", 9, (4,), 2),
            Insn("MUL", "I64", 5, (8, 9))]
    pre = Program(code, 5, consts=[4], value="INT8", dims=(2, 4))
    placed = [place * code for place, code in enumerate(codes)]
    for axes, want in ((1, [placed[i] + placed[4 + i] for i in range(4)]), (2, [sum(placed[:4]), sum(placed[4:])])):
        yield (f"reduce-of-elements-times-their-place-{axes}", row(to="int32", axes=axes, prologue=(pre, ())), memory,
               struct.pack(f"<{len(want)}i", *want))
