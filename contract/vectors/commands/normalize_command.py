# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""NORMALIZE commands, with and without programs."""

import decimal
import math
import struct

from vector_command import BYTES_A_TENSOR, Insn, Program, VectorCommand

OP, BYTES_OF_BODY = 0x49, 320
SOFTMAX, LOG_SOFTMAX, STANDARD, RMS = range(4)


def bits(value):
    """Of an fp32."""
    return struct.unpack("<I", struct.pack("<f", value))[0]


class NormalizeCommand(VectorCommand):
    """Body, and perhaps programs and inputs; any field can be overwritten after it was made."""

    def __init__(self, x, d, axes, mode=SOFTMAX, epsilon=0, program=None, inputs=(), prologue=(None, ())):
        self.x, self.axes, self.mode, self.epsilon, self.mbz = x, axes, mode, epsilon, [0] * 7
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY, prologue=prologue)

    def pack_body(self):
        return self.x.pack()[:BYTES_A_TENSOR] + self.d.pack()[:BYTES_A_TENSOR] + struct.pack(
            "<2I8B8I", self.axes, self.epsilon, self.mode, *self.mbz, *self.block)


def normalize(tensor, type_="fp16", to=None, dim=(4, 100, 6), axes=4, **fields):
    """The last of three."""
    return NormalizeCommand(tensor(0, type_, dim), tensor(2, to or type_, dim), axes, **fields)


def masked(tensor, heavy=0, **fields):
    """What lies behind the middle index becomes -infinity."""
    dim = (4, 60, 10)
    code = [Insn("INDEX", "I64", 8, (), 2), Insn("INDEX", "I64", 9, (), 1), Insn("LE", "I64", 8, (8, 9)),
            Insn("CONSTANT", "F32", 9, (), 0), Insn("SELECT", "F32", 5, (8, 4, 9)), Insn("ADD", "F32", 5, (5, 0))]
    code += [Insn("POW", "F32", 5, (5, 0)) for _ in range(heavy)]
    pre = Program(code, 5, ["FP16"], consts=[0xff800000], value="FP32", dims=dim)
    mask = tensor(1, "fp16", dim, offset=0x4000)
    mask.stride[0] = 0
    return normalize(tensor, "fp32", dim=dim, prologue=(pre, [mask]), **fields)


def weighted(tensor, heavy=0, **fields):
    """A weight and a bias for each element of a row."""
    dim = (4, 100, 6)
    code = [Insn("FMA", "F32", 5, (4, 0, 1))] + [Insn("POW", "F32", 5, (5, 0)) for _ in range(heavy)]
    inputs = [tensor(1, "fp32", dim, offset=0x4000 * i) for i in range(2)]
    for one in inputs:
        one.stride[:2] = [0, 0]
    return normalize(tensor, mode=STANDARD, epsilon=bits(1e-5), inputs=inputs,
                     program=Program(code, 5, ["FP32", "FP32"], value="FP32", dims=dim), **fields)


def valid(tensor, types):
    """(name, command) of commands that are taken."""
    for type_ in types:
        yield "normalize-" + type_, normalize(tensor, type_)
    for name, mode in (("softmax", SOFTMAX), ("log-softmax", LOG_SOFTMAX), ("standard", STANDARD), ("rms", RMS)):
        yield "normalize-to-" + name, normalize(tensor, mode=mode)
    yield "normalize-of-halves", normalize(tensor, "fp4", "fp16")
    yield "normalize-to-halves", normalize(tensor, "fp16", "fp4")
    yield "normalize-with-epsilon", normalize(tensor, mode=RMS, epsilon=bits(1e-5))
    yield "normalize-with-the-greatest-epsilon", normalize(tensor, mode=STANDARD, epsilon=0x7f7fffff)
    for axes in (1, 2, 3, 5, 6, 7):
        yield f"normalize-set-{axes}", normalize(tensor, axes=axes)
    yield "normalize-one-row", normalize(tensor, dim=(1000,), axes=1)
    yield "normalize-a-row-of-two-pieces", normalize(tensor, dim=(2, 3000), axes=2)
    yield "normalize-of-rank-8", normalize(tensor, dim=(2, 1, 2, 3, 2, 1, 2, 2), axes=0x55)
    yield "normalize-empty-rows", normalize(tensor, dim=(4, 0, 600), axes=2)
    yield "normalize-no-rows", normalize(tensor, dim=(0, 100, 6))
    yield "normalize-narrows", normalize(tensor, "fp32", "uint8")
    repeated = normalize(tensor)
    repeated.x.stride[1] = 0
    yield "normalize-repeats-a-row", repeated
    yield "normalize-with-a-prologue", masked(tensor)
    yield "normalize-with-a-heavy-prologue", masked(tensor, heavy=20)
    yield "normalize-with-an-epilogue", weighted(tensor)
    yield "normalize-with-a-heavy-epilogue", weighted(tensor, heavy=20)
    post = Program([Insn("NEG", "F32", 5, (4,))], 5, value="FP32", dims=(4, 60, 10))
    yield "normalize-with-both-programs", masked(tensor, program=post)
    whole = Program([Insn("CONVERT", "F32", 5, (4,), 1)], 5, value="FP16", dims=(4, 100, 6))
    yield "normalize-of-what-becomes-whole", normalize(tensor, prologue=(whole, ()))


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good, before, behind = normalize(tensor), masked(tensor), weighted(tensor)
    rooted = normalize(tensor, mode=STANDARD, epsilon=bits(1e-5))
    yield "normalize-over-nothing", good, "COMMAND", {"axes": 0}
    yield "normalize-beyond-the-rank", good, "COMMAND", {"axes": 12}
    yield "normalize-high-bit", good, "COMMAND", {"axes": 4 | 1 << 31}
    yield "normalize-unknown-mode", rooted, "COMMAND", {"mode": 4}
    for i in range(7):
        yield f"normalize-mbz{i}", good, "COMMAND", {f"mbz__{i}": 1}
    for name, mode in (("softmax", SOFTMAX), ("log-softmax", LOG_SOFTMAX)):
        yield f"normalize-epsilon-of-{name}", normalize(tensor, mode=mode), "COMMAND", {"epsilon": bits(1e-5)}
    for mode in (STANDARD, RMS):
        for name, value in (("infinite", math.inf), ("nan", math.nan), ("negative", -1e-5), ("minus-0", -0.0)):
            yield (f"normalize-epsilon-{name}-{mode}", normalize(tensor, mode=mode, epsilon=bits(1e-5)), "COMMAND",
                   {"epsilon": bits(value)})
    yield "normalize-of-another-shape", good, "COMMAND", {"d__dim__2": 5}
    yield "normalize-of-another-rank", good, "COMMAND", {"d__rank": 4, "d__dim__3": 1}
    yield "normalize-to-halves-cut-by-a-step", normalize(tensor, "fp16", "fp4"), "COMMAND", {"block__2": 3}
    yield "normalize-step-without-extent", good, "COMMAND", {"block__1": 0}
    yield "normalize-step-beyond-the-rank", good, "COMMAND", {"block__3": 1}
    yield "normalize-output-repeats", good, "COMMAND", {"d__stride__0": 0}
    yield "normalize-input-behind-its-slot", good, "SLOT", {"x__offset": 0x10000 - 4798}
    yield "normalize-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    for i, value in enumerate((1, 1, 1, 1 << 31)):
        yield f"normalize-header-mbz{i}", good, "COMMAND", {f"head_mbz{i}": value}
    yield "normalize-size", good, "COMMAND", {"size": good.size + 8}
    yield "normalize-epilogue-that-is-none", good, "COMMAND", {"post": good.size}
    yield "normalize-prologue-that-is-none", good, "COMMAND", {"pre": good.size}
    yield "normalize-epilogue-further-on", behind, "COMMAND", {"post": behind.post + 8}
    yield "normalize-prologue-without-place", before, "COMMAND", {"pre": 0}
    yield "normalize-epilogue-input-of-another-shape", behind, "COMMAND", {"in1__dim__1": 99}
    yield "normalize-prologue-input-of-another-shape", before, "COMMAND", {"pre_in0__dim__1": 59}
    wrong = masked(tensor).prologue
    wrong.head["flags"] = 1
    yield "normalize-prologue-flags", before, "COMMAND", {"prologue": wrong}
    wrong = weighted(tensor).program
    wrong.code[0].type = 1
    yield "normalize-value-of-another-register", behind, "COMMAND", {"program": wrong}


def fp(value):
    """Rounded to fp32."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def total(values):
    """Their sum in order, each rounded."""
    found = 0.0
    for one in values:
        found = fp(found + one)
    return found


def exactly(function, value):
    """exp or ln of an fp32, rounded once."""
    return fp(float(getattr(decimal.Decimal(value), function)(decimal.Context(prec=40))))


def softmax(row, mode):
    """Of a row of fp32."""
    shifted = [fp(one - max(row)) for one in row]
    powers = [exactly("exp", one) for one in shifted]
    if mode == SOFTMAX:
        return [fp(one / total(powers)) for one in powers]
    return [fp(one - exactly("ln", total(powers))) for one in shifted]


def standard(row, epsilon, mode):
    """Of a row of fp32."""
    mean = fp(total(row) / len(row)) if mode == STANDARD else 0.0
    rest = [fp(one - mean) for one in row]
    root = fp(math.sqrt(fp(fp(total(fp(one * one) for one in rest) / len(row)) + fp(epsilon))))
    return [fp(one / root) for one in rest]


def results(tensor):
    """(name, command, memories, result) to the bit."""
    def row(type_="fp32", to=None, dim=(8,), axes=1, **fields):
        return normalize(tensor, type_, to, dim, axes, **fields)

    values = [fp(one) for one in (0.3, -1.7, 2.25, 2.2, -30.5, 0.0, 1e-3, 2.24)]
    memory = ((0, struct.pack("<8f", *values)),)
    for name, mode in (("softmax", SOFTMAX), ("log-softmax", LOG_SOFTMAX)):
        yield f"normalize-{name}", row(mode=mode), memory, struct.pack("<8f", *softmax(values, mode))
    for name, mode in (("standard", STANDARD), ("rms", RMS)):
        yield (f"normalize-{name}", row(mode=mode, epsilon=bits(1e-5)), memory,
               struct.pack("<8f", *standard(values, 1e-5, mode)))
    yield "normalize-to-halves", row(to="fp4", dim=(3,), mode=RMS), ((0, struct.pack("<3f", 2, -2, 2)),), bytes((0xa2, 2))
    columns = [softmax([values[i], values[4 + i]], SOFTMAX) for i in range(4)]
    yield ("normalize-columns", row(dim=(2, 4)), memory, struct.pack("<8f", *(one[j] for j in (0, 1) for one in columns)))
    # 2^24 and then ones: each addition is rounded on its own, in row-major order.
    large = [2.0 ** 24, 1.0, 1.0, 2.0 ** 25]
    yield ("normalize-rounds-each-sum", row(dim=(4,), mode=STANDARD, epsilon=0), ((0, struct.pack("<4f", *large)),),
           struct.pack("<4f", *standard(large, 0, STANDARD)))
    codes = [100, 27, -3, 5, -128, 127, -1, 90]
    yield ("normalize-codes", row("int8", "fp32", mode=RMS), ((0, struct.pack("8b", *codes)),),
           struct.pack("<8f", *standard(codes, 0, RMS)))
    none, special = -math.inf, [-math.inf, 1.0, 1.0, -math.inf]
    yield ("normalize-minus-infinity-is-0", row(dim=(4,)), ((0, struct.pack("<4f", *special)),),
           struct.pack("<4f", 0, 0.5, 0.5, 0))
    causal = Program([Insn("INDEX", "I64", 8, (), 1), Insn("INDEX", "I64", 9, (), 0), Insn("LE", "I64", 8, (8, 9)),
                      Insn("CONSTANT", "F32", 9, (), 0), Insn("SELECT", "F32", 5, (8, 4, 9))], 5, consts=[bits(none)],
                     value="FP32", dims=(2, 4))
    rows = [softmax(values[:1], SOFTMAX) + [0.0] * 3, softmax(values[4:6], SOFTMAX) + [0.0] * 2]
    yield ("normalize-behind-a-causal-mask", row(dim=(2, 4), axes=2, prologue=(causal, ())), memory,
           struct.pack("<8f", *rows[0], *rows[1]))
    scaled = Program([Insn("CONSTANT", "F32", 5, (), 0), Insn("MUL", "F32", 5, (4, 5))], 5, consts=[bits(255)],
                     value="FP32", dims=(2, 4))
    codes = [max(0, min(255, round(fp(one * 255)))) for half in (values[:4], values[4:]) for one in softmax(half, SOFTMAX)]
    yield ("normalize-to-codes", row(to="uint8", dim=(2, 4), axes=2, program=scaled), memory, struct.pack("8B", *codes))
