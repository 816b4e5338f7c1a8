#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""
Write the golden vectors of command streams, from the manual alone; what they cost tells the simulation of
tests/simulation, which is written from it, too.
"""

import copy as copies
import importlib
import math
import struct
import sys
import zlib
from pathlib import Path

import attention_command
import conv_command
import gemm_command
import normalize_command
import pool_command
import reduce_command
import resample_command
import sample_command
import scan_command
import vector_command
from steps import step_over

sys.path.append(str(Path(__file__).resolve().parents[3] / "tests"))

from simulation.decode import Job  # noqa: E402
from simulation.sku import SKUS  # noqa: E402
from simulation.stream import figures, slots_of  # noqa: E402

TYPES = {"fp32": 1, "fp16": 2, "bf16": 3, "fp8": 4, "fp8e5": 5, "int8": 6, "uint8": 7, "int4": 8, "uint4": 9, "int16": 10,
         "uint16": 11, "int32": 12, "uint32": 13, "int64": 14, "uint64": 15, "bool": 16,
         "e8m0": 17, "fp4": 18}
SIZES = {"fp32": 4, "fp16": 2, "bf16": 2, "fp8": 1, "fp8e5": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2,
         "int32": 4, "uint32": 4, "int64": 8, "uint64": 8, "bool": 1, "e8m0": 1}
NONE, PROGRAM = 0xfffe, 0xffff

# Commands in files of their own. Reductions have cases of each type.
PROGRAMMED = (
    conv_command,
    gemm_command,
    attention_command,
    vector_command,
    resample_command,
    sample_command,
)
REDUCTIONS = (
    pool_command,
    scan_command,
    reduce_command,
    normalize_command,
)
OTHERS = tuple(importlib.import_module(path.stem) for path in sorted(Path(__file__).parent.glob("*_command.py"))
               if path.stem not in [module.__name__ for module in (*PROGRAMMED, *REDUCTIONS)])
# Names of files of malformed streams and their twins, by the opcode that is meant.
FILES = {0x10: "gemm", 0x11: "conv", 0x14: "attention", 0x20: "pool", 0x30: "vector", 0x40: "reduce", 0x41: "scan",
         0x49: "normalize", 0x50: "move", 0x51: "gather", 0x52: "scatter", 0x53: "resample", 0x54: "sample", 0x58: "sort",
         0x59: "compact", 0x5a: "suppress", 0x80: "copy", 0x81: "fill",
         **{module.OP: module.__name__.removesuffix("_command") for module in OTHERS}}
FOLDER = Path(__file__).resolve().parent
READ, WRITE = 1, 2
PROGRAM_ADDRESS, PROGRAM_SIZE = 0x200000, 4096


def up(a, b):
    return -(-a // b)


def fp(value):
    """Round to fp32."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def bits(value):
    return struct.unpack("<I", struct.pack("<f", value))[0]


RANK = 8


class Tensor:
    """A descriptor; any field can be overwritten after it was made. Strides count elements."""

    def __init__(self, slot=NONE, type_=None, dim=(), offset=0, strides=None):
        self.slot, self.offset = slot, offset
        self.type = TYPES[type_] if type_ else 0
        self.name = type_
        self.rank = len(dim)
        self.dim = list(dim) + [0] * (RANK - len(dim))
        self.stride = [0] * RANK
        step = 1
        for i in reversed(range(len(dim))):
            self.stride[i] = step
            step *= dim[i]
        if strides:
            self.stride[:len(strides)] = strides
        self.mbz = [0] * 3

    def pack(self):
        return struct.pack("<HBBIQ2Q8I8Q", self.slot, self.type, self.rank, self.mbz[0], self.offset, *self.mbz[1:],
                           *self.dim, *(stride & (1 << 64) - 1 for stride in self.stride))

    def elements(self):
        return math.prod(self.dim[:self.rank])


class Place:
    """Bytes of a slot."""

    def __init__(self, slot=NONE, offset=0):
        self.slot, self.offset, self.mbz = slot, offset, [0] * 3

    def pack(self):
        return struct.pack("<H3HQ", self.slot, *self.mbz, self.offset & (1 << 64) - 1)


class Header:
    """What every command begins with."""

    def __init__(self, op, size):
        self.op, self.size, self.post, self.pre = op, size, 0, 0
        for i in range(4):
            setattr(self, "head_mbz%d" % i, 0)

    def pack_head(self):
        return struct.pack("<BBHH3HI", self.op, self.head_mbz0, self.head_mbz1, self.size, self.head_mbz2,
                           self.post, self.pre, self.head_mbz3)


class Move(Header):
    """A tensor moved, padded or cut. Pads are (before, after) by dimension, modes their numbers."""

    def __init__(self, x, d, pads=(), modes=(), value=0, block=None):
        super().__init__(0x50, 448)
        self.x, self.d, self.value = x, d, value
        rest = [0] * (RANK - len(pads))
        self.before, self.after = ([pad[side] for pad in pads] + rest for side in (0, 1))
        self.mode = list(modes) + [0] * (RANK - len(modes))
        self.block = block or step_over(d)

    def pack(self):
        return self.pack_head() + self.x.pack() + self.d.pack() + struct.pack(
            "<Q8q8q8B8I", self.value, *self.before, *self.after, *self.mode, *self.block)


class Copy(Header):
    """Bytes that are copied."""

    def __init__(self, src=None, dst=None, size=1024, crc=None):
        super().__init__(0x80, 72)
        self.src, self.dst, self.crc = src or Place(0), dst or Place(2), crc or Place()
        self.bytes = size

    def pack(self):
        return self.pack_head() + b"".join(place.pack() for place in (self.src, self.dst, self.crc)) + \
            struct.pack("<Q", self.bytes)


class Fill(Header):
    """Bytes that repeat a value."""

    def __init__(self, dst=None, size=1024, value=0, width=1):
        super().__init__(0x81, 56)
        self.dst, self.bytes, self.value, self.width = dst or Place(2), size, value, width
        self.mbz = [0] * 7

    def pack(self):
        return self.pack_head() + self.dst.pack() + struct.pack("<QQB7B", self.bytes, self.value, self.width, *self.mbz)


class Gather(Header):
    """Reading by indices."""

    def __init__(self, x, index, d, kind=0, axis=0, batch_dims=0, block=None):
        super().__init__(0x51, 440)
        self.x, self.index, self.d = x, index, d
        self.kind, self.axis, self.batch_dims, self.reduction, self.mbz = kind, axis, batch_dims, 0, 0
        self.block = block or step_over(d)

    def pack(self):
        return self.pack_head() + self.x.pack() + self.index.pack() + self.d.pack() + struct.pack(
            "<4BI8I", self.kind, self.axis, self.batch_dims, self.reduction, self.mbz, *self.block)


def slots(*entries):
    return b"".join(struct.pack("<QQQII", a, n, 0, flags, 0) for a, n, flags in entries)


DEFAULT_SLOTS = slots((0x10000, 0x10000, READ), (0x30000, 0x10000, READ),
                      (0x50000, 0x10000, WRITE), (0x70000, 0x1000, READ | WRITE))


def emit_bytes(out, name, data):
    """Lines of 32 bytes; runs of zeros in short."""
    at = 0
    while at < len(data):
        zeros = len(data[at:]) - len(data[at:].lstrip(b"\0"))
        if zeros >= 32:
            out.append("zero %s %d" % (name, zeros))
            at += zeros
        else:
            out.append("bytes %s %s" % (name, data[at:at + 32].hex()))
            at += 32


def case(out, name, engine, commands, verdict="NONE", offset=None, table=DEFAULT_SLOTS, raw=None):
    stream = raw if raw is not None else b"".join(c.pack() for c in commands)
    out += ["case " + name, "engine " + engine]
    emit_bytes(out, "stream", stream)
    emit_bytes(out, "slots", table)
    out += ["program 0x%x %d" % (PROGRAM_ADDRESS, PROGRAM_SIZE), "verdict " + verdict]
    if verdict != "NONE":
        out.append("offset %d" % (offset or 0))
    out += ["end", ""]


def with_figures(cases):
    """Cases that are taken, each with its time and what it does on "edge": docs/hardware.md, section 13."""
    out, fields = [], {}
    for line in cases:
        word, *rest = line.split() or [""]
        if word == "case":
            fields = {"stream": b"", "slots": b""}
        elif word == "bytes":
            fields[rest[0]] += bytes.fromhex(rest[1])
        elif word == "zero":
            fields[rest[0]] += bytes(int(rest[1]))
        elif word == "engine":
            fields["engine"] = rest[0]
        elif word == "end":
            out += figures(SKUS["edge"], fields["engine"], fields["stream"],
                           Job(slots_of(fields["slots"]), program=PROGRAM_ADDRESS))
        out.append(line)
    return out


def gemm(type_="fp16", out_type=None, m=8, n=16, k=24, **fields):
    return gemm_command.gemm(Tensor, (type_, type_, out_type or type_), m, n, k, **fields)


CONSTANT, EDGE, REFLECT, WRAP = range(4)
MODES = {"constant": CONSTANT, "edge": EDGE, "reflect": REFLECT, "wrap": WRAP}


def move(type_="int8", dim=(16, 64), pads=(), modes=(), value=0):
    to = [n + sum(pad) for n, pad in zip(dim, list(pads) + [(0, 0)] * len(dim))]
    return Move(Tensor(0, type_, dim), Tensor(2, type_, to), pads, modes, value)


def move_halves(type_="int4", strides=(6, 1)):
    """Rows of five elements of half a byte."""
    return Move(Tensor(0, type_, (3, 5), strides=[6, 1]), Tensor(2, type_, (3, 5), strides=list(strides)))


def valid_moves(out):
    for type_ in ("int4", "uint4", "fp4"):
        case(out, "move-" + type_, "tensor", [move_halves(type_)])
    case(out, "move-turns-int4", "tensor", [move_halves("int4", (1, 4))])
    case(out, "move-int4-on-a-dma-engine", "dma", [move_halves()])
    for type_ in TYPES:
        if type_ in SIZES:
            case(out, "move-" + type_, "tensor", [move(type_)])
    for name, mode in MODES.items():
        case(out, "move-pads-by-" + name, "tensor", [move("fp16", (5, 7), ((1, 2), (3, 4)), (mode, mode))])
        case(out, "move-cuts-and-pads-by-" + name, "tensor", [move("fp16", (5, 7), ((-2, 3), (4, -6)), (mode, mode))])
        case(out, "move-pads-much-by-" + name, "tensor", [move("int8", (2, 3), ((7, 5), (11, 13)), (mode, mode))])
        case(out, "move-all-lies-outside-by-" + name, "tensor", [move("int8", (5, 6), ((9, -12), (-8, 4)), (mode, mode))])
        case(out, "move-a-scalar-of-rank-8-padded-by-" + name, "tensor",
             [move("int64", (1,) * 8, ((1, 1),) * 8, (mode,) * 8)])
        case(out, "move-nothing-to-nothing-by-" + name, "tensor", [move("int8", (0, 5), ((3, -3), (1, 1)), (mode, mode))])
    case(out, "move-modes-of-every-dimension", "tensor", [move("bf16", (2, 3, 4, 5), ((1, 2),) * 4, range(4))])
    case(out, "move-pads-with-a-value", "tensor", [move("fp16", (4, 4), ((1, 1), (1, 1)), value=0xfc00)])
    case(out, "move-pads-with-8-bytes", "tensor", [move("int64", (4, 4), ((1, 1), (1, 1)), value=(1 << 64) - 2)])
    case(out, "move-with-a-value-that-nothing-gets", "tensor", [move(value=0x80)])
    case(out, "move-nothing-padded-to-something", "tensor", [move("fp32", (4, 0), ((0, 0), (2, 3)), value=7)])
    case(out, "move-cuts-to-nothing", "tensor", [move("fp32", (4, 6), ((0, 0), (-2, -4)))])
    case(out, "move-pads-of-31-bits", "tensor", [move("int8", (3,), (((1 << 31) - 1, 5 - (1 << 31)),))])
    case(out, "move-on-a-dma-engine", "dma", [move("fp16", (50, 70), ((1, 2), (3, 4)), (EDGE, WRAP))])
    case(out, "move-nothing-on-a-dma-engine", "dma", [move("fp16", (0, 70))])
    case(out, "move-repeats-a-row", "tensor", [changed(move(), x__stride__0=0)])
    case(out, "move-in-small-steps", "tensor", [changed(move(), block=[1, 1] + [0] * 6)])
    case(out, "move-in-steps-beyond-the-extents", "tensor", [changed(move(), block=[(1 << 32) - 1, 1 << 31] + [0] * 6)])


def bad_moves(bad):
    """MOVE with one defect each."""
    padded = move("int8", (4, 6), ((1, 2), (3, -1)), (EDGE, WRAP))
    bad("move-changes-type", move("fp16"), d__type=TYPES["bf16"])
    bad("move-from-int4-to-int8", move(), x__type=TYPES["int4"])
    bad("move-from-int8-to-int4", move(), d__type=TYPES["int4"])
    bad("move-halves-cut-by-a-step", move_halves(), block__1=3)
    bad("move-value-beyond-half-a-byte", move_halves(), value=0x10)
    bad("move-changes-extent", move(), d__dim__1=63)
    bad("move-changes-rank", move(), d__rank=3, d__dim__2=1, block__2=1)
    for name in ("before", "after"):
        bad("move-extents-do-not-fit-" + name, padded, **{name + "__0": 0})
        bad("move-%s-beyond-the-rank" % name, padded, **{name + "__2": 1})
    bad("move-pads-beyond-the-rank-that-cancel", padded, before__7=1, after__7=-1)
    bad("move-before-of-32-bits", move("int8", (3,), (((1 << 31) - 1, 5 - (1 << 31)),)), before__0=1 << 31,
        after__0=4 - (1 << 31))
    bad("move-after-of-32-bits", move("int8", (3,), ((5 - (1 << 31), (1 << 31) - 1),)), before__0=4 - (1 << 31),
        after__0=1 << 31)
    bad("move-before-wraps", move("int8", (3,)), before__0=-(1 << 63), after__0=-(1 << 63))
    bad("move-before-of-a-missing-parameter", padded, "PARAMETER", before__0=1 << 62)
    bad("move-after-of-a-missing-parameter", padded, "PARAMETER", after__1=1 << 62)
    bad("move-pad-names-a-parameter-with-other-bits", padded, before__1=1 << 62 | 1 << 8)
    bad("move-pad-names-a-parameter-beyond-the-rank", padded, after__2=1 << 62)
    bad("move-mode-unknown", padded, mode__1=4)
    bad("move-mode-unknown-without-pads", move(), mode__0=255)
    bad("move-mode-beyond-the-rank", padded, mode__2=EDGE)
    bad("move-value-too-wide", move(value=0xff), value=0x100)
    bad("move-value-of-4-bytes-too-wide", move("fp32", value=0xffffffff), value=1 << 63)
    nothing = move("int8", (4, 0), ((0, 0), (2, 3)))
    for name in ("edge", "reflect", "wrap"):
        bad("move-nothing-goes-on-by-" + name, nothing, mode__1=MODES[name])
    bad("move-output-overlaps-itself", move(), d__stride__0=63)
    bad("move-source-out-of-bounds", padded, "SLOT", x__offset=0x10000 - 23)
    bad("move-output-out-of-bounds", padded, "SLOT", d__offset=0x10000 - 55)
    bad("move-step-without-extent", move(), block__1=0)
    bad("move-step-beyond-the-rank", move(), block__2=1)
    wide = move("int8", (100, 64))
    bad("move-step-of-too-many-elements", wide, block__0=65)


class Scatter(Gather):
    """Writing by indices."""

    def __init__(self, x, index, d, kind=0, axis=0, batch_dims=0, reduction=0):
        super().__init__(x, index, d, kind, axis, batch_dims, step_over(x))
        self.op, self.reduction = 0x52, reduction


class Sort(Header):
    """The first elements of rows in order."""

    def __init__(self, x, values, indices, k, descending=0):
        super().__init__(0x58, 440)
        self.x, self.values, self.indices = x, values or Tensor(), indices or Tensor()
        self.k, self.descending, self.mbz, self.block = k, descending, [0] * 3, step_over(x)

    def pack(self):
        return self.pack_head() + self.x.pack() + self.values.pack() + self.indices.pack() + struct.pack(
            "<IB3B8I", self.k, self.descending, *self.mbz, *self.block)


class Compact(Header):
    """Coordinates of the elements that are not zero."""

    def __init__(self, x, coords, count):
        super().__init__(0x59, 432)
        self.x, self.coords, self.count, self.block = x, coords, count, step_over(x)

    def pack(self):
        return self.pack_head() + self.x.pack() + self.coords.pack() + self.count.pack() + struct.pack(
            "<8I", *self.block)


class Suppress(Header):
    """Boxes that do not overlap too much."""

    def __init__(self, boxes, scores, indices, count, threshold, most):
        super().__init__(0x5a, 536)
        self.boxes, self.scores, self.indices, self.count = boxes, scores, indices, count
        self.threshold, self.most = bits(threshold), most

    def pack(self):
        tensors = (self.boxes, self.scores, self.indices, self.count)
        return self.pack_head() + b"".join(t.pack() for t in tensors) + struct.pack("<2I", self.threshold, self.most)


def gather(type_="fp16", by="int32", **fields):
    return changed(Gather(Tensor(0, type_, (10, 8)), Tensor(1, by, (5,)), Tensor(2, type_, (5, 8))), **fields)


def gather_elements(**fields):
    return changed(Gather(Tensor(0, "fp32", (4, 9, 3)), Tensor(1, "int64", (4, 7, 2)), Tensor(2, "fp32", (4, 7, 2)), 1, 1),
                   **fields)


def gather_turned(**fields):
    """Slices whose elements share bytes along the first dimension of x, and along the second one of d."""
    return changed(Gather(Tensor(0, "int4", (9, 4, 6), strides=[24, 1, 4]), Tensor(1, "int32", (5,)),
                          Tensor(2, "int4", (5, 4, 6))), **fields)


def gather_coordinates(**fields):
    return changed(Gather(Tensor(0, "int8", (3, 4, 5, 6)), Tensor(1, "int32", (3, 7, 2)), Tensor(2, "int8", (3, 7, 6)), 2,
                          batch_dims=1), **fields)


def valid_gathers(out):
    for type_ in TYPES:
        case(out, "gather-" + type_, "tensor", [gather(type_)])
    case(out, "gather-by-int64", "tensor", [gather(by="int64")])
    case(out, "gather-by-a-scalar", "tensor",
         [gather(index=Tensor(1, "int32", ()), d=Tensor(2, "fp16", (8,)), block=[8] + [0] * 7)])
    case(out, "gather-along-the-last-axis", "tensor",
         [Gather(Tensor(0, "fp32", (6, 10)), Tensor(1, "int32", (2, 3)), Tensor(2, "fp32", (6, 2, 3)), axis=1)])
    case(out, "gather-of-batches", "tensor",
         [Gather(Tensor(0, "fp32", (6, 3, 10, 4)), Tensor(1, "int32", (6, 5, 7)), Tensor(2, "fp32", (6, 3, 5, 7, 4)), axis=2,
                 batch_dims=1)])
    case(out, "gather-to-rank-8", "tensor",
         [Gather(Tensor(0, "int16", (2, 3, 2, 3, 2)), Tensor(1, "int32", (2, 1, 2, 2)),
                 Tensor(2, "int16", (2, 3, 2, 1, 2, 2, 3, 2)), axis=2)])
    case(out, "gather-by-one-index-repeated", "tensor", [gather(index__stride__0=0)])
    case(out, "gather-backwards", "tensor", [gather(x__offset=144, x__stride__0=-8, index__offset=16, index__stride__0=-1)])
    case(out, "gather-elements", "tensor", [gather_elements()])
    case(out, "gather-coordinates", "tensor", [gather_coordinates()])
    case(out, "gather-scalars-by-coordinates", "tensor",
         [Gather(Tensor(0, "bool", (3, 4)), Tensor(1, "int32", (5, 2)), Tensor(2, "bool", (5,)), 2)])
    case(out, "gather-turns-int4", "tensor", [gather_turned()])
    case(out, "gather-from-nothing", "tensor", [gather(x__dim__0=0)])
    case(out, "gather-by-nothing", "tensor", [gather(index__dim__0=0, d__dim__0=0)])
    case(out, "gather-in-small-steps", "tensor", [gather(block=[1, 3] + [0] * 6)])
    case(out, "gather-in-steps-beyond-the-extents", "tensor", [gather(block=[1 << 31, (1 << 32) - 1] + [0] * 6)])


def scatter(type_="fp16", by="int32", reduction=0, **fields):
    slot = 3 if reduction else 2
    return changed(Scatter(Tensor(0, type_, (5, 8)), Tensor(1, by, (5,)), Tensor(slot, type_, (10, 8)), reduction=reduction),
                   **fields)


def scatter_elements(**fields):
    return changed(Scatter(Tensor(0, "fp32", (4, 7, 2)), Tensor(1, "int64", (4, 7, 2)), Tensor(2, "fp32", (4, 9, 3)), 1, 1),
                   **fields)


def scatter_coordinates(**fields):
    return changed(Scatter(Tensor(0, "int8", (3, 7, 6)), Tensor(1, "int32", (3, 7, 2)), Tensor(2, "int8", (3, 4, 5, 6)), 2,
                           batch_dims=1), **fields)


def valid_scatters(out):
    for type_ in TYPES:
        case(out, "scatter-" + type_, "tensor", [scatter(type_)])
        if type_ in SIZES:
            for reduction in (3, 4) if type_ == "bool" else (1, 2, 3, 4):
                case(out, "scatter-%s-with-%d" % (type_, reduction), "tensor", [scatter(type_, reduction=reduction)])
    case(out, "scatter-by-int64", "tensor", [scatter(by="int64")])
    case(out, "scatter-elements", "tensor", [scatter_elements()])
    case(out, "scatter-coordinates", "tensor", [scatter_coordinates()])
    case(out, "scatter-of-batches", "tensor",
         [Scatter(Tensor(0, "fp32", (6, 3, 5, 7, 4)), Tensor(1, "int32", (6, 5, 7)), Tensor(2, "fp32", (6, 3, 10, 4)), axis=2,
                  batch_dims=1)])
    case(out, "scatter-one-update-repeated", "tensor", [scatter(x__stride__0=0, x__stride__1=0, index__stride__0=0)])
    case(out, "scatter-nothing", "tensor", [scatter(x__dim__0=0, index__dim__0=0)])
    case(out, "scatter-to-nothing", "tensor", [scatter(d__dim__0=0)])


def scatters(bad):
    """SCATTER with one defect each; what it shares with GATHER is shown there."""
    bad("scatter-kind-unknown", scatter(), kind=3)
    bad("scatter-reduction-unknown", scatter(reduction=4), reduction=5)
    bad("scatter-mbz", scatter(), mbz=1)
    bad("scatter-axis-beyond-the-rank", scatter(), axis=2)
    bad("scatter-of-another-type", scatter(), d__type=TYPES["bf16"])
    bad("scatter-by-uint32", scatter(), index__type=TYPES["uint32"])
    bad("scatter-updates-of-other-indices", scatter(), x__dim__0=4)
    bad("scatter-updates-of-other-slices", scatter(), x__dim__1=7)
    bad("scatter-elements-of-batches", scatter_elements(), batch_dims=1)
    bad("scatter-elements-beyond-another-dimension", scatter_elements(), d__dim__2=1)
    bad("scatter-coordinates-with-an-axis", scatter_coordinates(), axis=1)
    bad("scatter-sum-of-bool", scatter("bool", reduction=3), reduction=1)
    bad("scatter-product-of-bool", scatter("bool", reduction=4), reduction=2)
    bad("scatter-combines-halves", scatter("int4", d__slot=3), "UNSUPPORTED", reduction=1)
    bad("scatter-halves-by-column", scatter("int4"), "UNSUPPORTED", d__stride__0=1, d__stride__1=10)
    bad("scatter-halves-of-several-slices", scatter("int4", x__dim__0=6, index__dim__0=6), "UNSUPPORTED", x__stride__0=1,
        x__stride__1=6)
    bad("scatter-halves-cut-by-a-step", scatter("int4"), block__1=3)
    bad("scatter-output-not-writable", scatter(), "SLOT", d__slot=1)
    bad("scatter-combines-what-is-not-readable", scatter(), "SLOT", reduction=1)
    bad("scatter-combines-nothing-that-is-not-readable", scatter(d__dim__0=0), "SLOT", reduction=1)
    bad("scatter-combines-what-is-not-writable", scatter(reduction=1), "SLOT", d__slot=1)
    bad("scatter-output-overlaps-itself", scatter(), d__stride__0=7)
    bad("scatter-step-over-the-updates", scatter(d__dim__0=5), block__0=0)


def sort(type_="fp16", k=5, values=True, indices=True, **fields):
    return changed(Sort(Tensor(0, type_, (3, 40)), values and Tensor(2, type_, (3, k)),
                        indices and Tensor(3, "int64", (3, k)), k), **fields)


def valid_sorts(out):
    for type_ in TYPES:
        if type_ in SIZES:
            case(out, "sort-" + type_, "tensor", [sort(type_)])
    for type_ in ("int4", "uint4", "fp4"):
        case(out, "sort-" + type_, "tensor", [sort(type_, 4)])
    case(out, "sort-int4-to-odd-rows", "tensor", [changed(sort("int4"), values__stride__0=6)])
    case(out, "sort-descending", "tensor", [sort(descending=1)])
    case(out, "sort-values-only", "tensor", [sort(indices=False)])
    case(out, "sort-indices-only", "tensor", [sort(values=False)])
    case(out, "sort-whole-rows", "tensor", [sort(k=40, indices=False)])
    case(out, "sort-none-of-each-row", "tensor", [sort(k=0)])
    case(out, "sort-rows-of-one", "tensor", [Sort(Tensor(0, "int8", (70, 1)), Tensor(2, "int8", (70, 1)), None, 1)])
    case(out, "sort-empty-rows", "tensor", [Sort(Tensor(0, "int8", (70, 0)), Tensor(2, "int8", (70, 0)), None, 0)])
    case(out, "sort-without-rows", "tensor", [Sort(Tensor(0, "int8", (0, 9)), Tensor(2, "int8", (0, 2)), None, 2)])
    case(out, "sort-one-row", "tensor", [Sort(Tensor(0, "fp32", (1000,)), None, Tensor(3, "int64", (10,)), 10)])
    case(out, "sort-of-rank-8", "tensor",
         [Sort(Tensor(0, "int64", (2, 1, 2, 1, 2, 1, 2, 9)), Tensor(2, "int64", (2, 1, 2, 1, 2, 1, 2, 3)), None, 3)])


def sorts(bad):
    """SORT with one defect each."""
    bad("sort-of-a-scalar", Sort(Tensor(0, "int8", (3, 1)), Tensor(2, "int8", (3, 0)), None, 0),
        x=Tensor(0, "int8", ()), values=Tensor(2, "int8", ()), block=[0] * 8)
    bad("sort-without-outputs", sort(indices=False), values=Tensor())
    bad("sort-values-absent-with-a-type", sort(values=False), values__type=1)
    bad("sort-indices-absent-with-an-offset", sort(indices=False), indices__offset=8)
    bad("sort-values-of-another-type", sort(), values__type=TYPES["bf16"])
    bad("sort-values-of-half-the-type", sort("int8"), values__type=TYPES["int4"])
    bad("sort-halves-to-rows-that-share-bytes", sort("int4", 4), "UNSUPPORTED", values__stride__0=1,
        values__stride__1=4)
    bad("sort-halves-cut-by-a-step", sort("int4", 4), block__1=39)
    bad("sort-indices-of-int32", sort(), indices__type=TYPES["int32"])
    bad("sort-more-than-there-are", sort(k=40), k=41, values__dim__1=41, indices__dim__1=41)
    bad("sort-another-number-than-stored", sort(), k=4)
    bad("sort-values-of-other-rows", sort(), values__dim__0=2)
    bad("sort-indices-of-other-rows", sort(), indices__dim__0=2)
    bad("sort-values-of-another-rank", sort(), values__rank=3, values__dim__2=1)
    bad("sort-direction-unknown", sort(), descending=2)
    for i in range(3):
        bad("sort-mbz-%d" % i, sort(), **{"mbz__%d" % i: 1})
    bad("sort-step-without-extent", sort(), block__1=0)
    bad("sort-values-not-writable", sort(), "SLOT", values__slot=1)
    bad("sort-indices-not-writable", sort(), "SLOT", indices__slot=1)
    bad("sort-values-overlap", sort(), values__stride__0=4)
    rows = dict(table=slots((0x100000, 1 << 20, READ), (0, 0, READ), (0x300000, 1 << 20, WRITE)))
    most = Sort(Tensor(0, "int8", (87381,)), Tensor(2, "int8", (1,)), None, 1)
    bad("sort-rows-longer-than-half-the-scratchpad-holds", most, "UNSUPPORTED", **rows, x__dim__0=87382)


def compact(type_="fp16", room=20, dim=(3, 40), **fields):
    return changed(Compact(Tensor(0, type_, dim), Tensor(2, "int64", (room, len(dim))), Tensor(3, "int64", ())), **fields)


def valid_compacts(out):
    for type_ in TYPES:
        if type_ in SIZES:
            case(out, "compact-" + type_, "tensor", [compact(type_)])
    for type_ in ("int4", "uint4", "fp4"):
        case(out, "compact-" + type_, "tensor", [compact(type_, dim=(4, 6))])
    case(out, "compact-a-scalar", "tensor", [compact(dim=())])
    case(out, "compact-nothing", "tensor", [compact(dim=(3, 0), room=0)])
    case(out, "compact-with-too-much-room", "tensor", [compact(room=500)])
    case(out, "compact-of-rank-8", "tensor", [compact(dim=(2, 3, 1, 2, 2, 1, 5, 2))])
    case(out, "compact-count-of-rank-2", "tensor", [compact(count=Tensor(3, "int64", (1, 1)))])
    case(out, "compact-columns", "tensor", [compact(coords=Tensor(2, "int64", (20, 2), strides=[1, 20]))])
    case(out, "compact-in-parts-of-rows", "tensor", [compact(block=[1, 7] + [0] * 6)])
    case(out, "compact-in-planes", "tensor", [compact(dim=(5, 6, 7), block=[2, 6, 9] + [0] * 5)])
    case(out, "compact-without-neighbours", "tensor", [compact(dim=(1, 6, 7), block=[9, 1, 3] + [0] * 5)])


def compacts(bad):
    """COMPACT with one defect each."""
    bad("compact-coordinates-of-int32", compact(), coords__type=TYPES["int32"])
    bad("compact-halves-cut-by-a-step", compact("int4", dim=(4, 6)), block__0=1, block__1=3)
    bad("compact-count-of-int32", compact(), count__type=TYPES["int32"])
    bad("compact-too-few-coordinates", compact(), coords__dim__1=1)
    bad("compact-too-many-coordinates", compact(), coords=Tensor(2, "int64", (20, 3)))
    bad("compact-coordinates-of-another-rank", compact(), coords__rank=3, coords__dim__2=1)
    bad("compact-count-of-two", compact(count=Tensor(3, "int64", (1,))), count__dim__0=2)
    bad("compact-count-of-none", compact(count=Tensor(3, "int64", (1,))), count__dim__0=0)
    bad("compact-step-cuts-rows", compact(block=[1, 7] + [0] * 6), block__0=2)
    bad("compact-step-cuts-planes", compact(dim=(5, 6, 7), block=[1, 2, 7] + [0] * 5), block__0=2)
    bad("compact-step-without-extent", compact(), block__0=0)
    bad("compact-count-not-writable", compact(), "SLOT", count__slot=1)
    bad("compact-coordinates-not-writable", compact(), "SLOT", coords__slot=1)


def suppress(type_="fp16", n=100, most=10, **fields):
    return changed(Suppress(Tensor(0, type_, (n, 4)), Tensor(1, "fp32", (n,)), Tensor(2, "int64", (12,)), Tensor(3, "int64", ()),
                            0.5, most), **fields)


def valid_suppresses(out):
    for type_ in ("fp32", "fp16", "bf16"):
        case(out, "suppress-" + type_, "tensor", [suppress(type_)])
        case(out, "suppress-by-" + type_, "tensor", [suppress(scores=Tensor(1, type_, (100,)))])
    case(out, "suppress-nothing", "tensor", [suppress(n=0)])
    case(out, "suppress-all", "tensor", [suppress(most=0)])
    case(out, "suppress-more-than-there-are", "tensor", [suppress(n=3)])
    case(out, "suppress-a-whole-output", "tensor", [suppress(most=12)])
    for value in (0.0, 1.0, -1.0, math.inf):
        case(out, "suppress-above-%g" % value, "tensor", [suppress(threshold=bits(value))])


def suppresses(bad):
    """SUPPRESS with one defect each."""
    for type_ in ("int8", "fp8", "e8m0"):
        bad("suppress-boxes-of-" + type_, suppress(), boxes__type=TYPES[type_])
        bad("suppress-scores-of-" + type_, suppress(), scores__type=TYPES[type_])
    bad("suppress-indices-of-int32", suppress(), indices__type=TYPES["int32"])
    bad("suppress-count-of-int32", suppress(), count__type=TYPES["int32"])
    bad("suppress-boxes-of-three", suppress(), boxes__dim__1=3)
    bad("suppress-boxes-of-another-rank", suppress(), boxes__rank=3, boxes__dim__2=1)
    bad("suppress-scores-of-another-rank", suppress(), scores__rank=2, scores__dim__1=1)
    bad("suppress-scores-of-other-boxes", suppress(), scores__dim__0=99)
    bad("suppress-indices-of-another-rank", suppress(), indices__rank=2, indices__dim__1=1)
    bad("suppress-without-room-for-all", suppress(most=12), most=13)
    bad("suppress-count-of-two", suppress(count=Tensor(3, "int64", (1,))), count__dim__0=2)
    bad("suppress-threshold-nan", suppress(), threshold=bits(math.nan))
    bad("suppress-count-not-writable", suppress(), "SLOT", count__slot=1)
    bad("suppress-indices-not-writable", suppress(), "SLOT", indices__slot=1)
    room = dict(table=slots((0x100000, 1 << 20, READ), (0x300000, 1 << 20, READ), (0x500000, 96, WRITE),
                            (0x600000, 8, WRITE)))
    bad("suppress-more-boxes-than-half-the-scratchpad-holds", suppress(n=52428), "UNSUPPORTED", **room,
        boxes__dim__0=52429, scores__dim__0=52429)


def valid():
    out = []
    case(out, "no-op", "tensor", [])
    case(out, "no-op-dma", "dma", [])
    constants = gemm("fp16")
    constants.b.slot, constants.b.offset = PROGRAM, 256
    case(out, "gemm-weights-in-the-program", "tensor", [constants])
    transposed = gemm("fp32")
    transposed.b.stride[:2] = [1, 24]
    case(out, "gemm-transposed-weights", "tensor", [transposed])
    case(out, "gemm-rows-backwards", "tensor",
         [changed(gemm("fp16"), a__offset=7 * 24 * 2, a__stride__0=-24)])
    case(out, "gemm-one-row", "tensor", [gemm("int8", m=1, n=100, k=500)])
    valid_moves(out)
    turned = move("fp32")
    turned.x.stride[:2] = [1, 16]
    case(out, "move-transposes", "tensor", [turned])
    output = move("fp32")
    output.d.stride[:2] = [1, 16]
    case(out, "move-transposes-the-output", "tensor", [output])
    for name, operand in (("input", "x"), ("output", "d")):
        case(out, "move-%s-backwards" % name, "tensor",
             [changed(move("fp16"), **{operand + "__offset": 2 * (16 * 64 - 1), operand + "__stride__0": -64,
                                             operand + "__stride__1": -1})])
    case(out, "move-of-rank-8", "tensor", [move("fp16", (2, 3, 2, 1, 2, 2, 3, 5))])
    case(out, "move-a-row-without-neighbours", "tensor",
         [changed(move(dim=(1, 64)), x__stride__0=1 << 63, d__stride__0=0)])
    case(out, "copy", "dma", [Copy()])
    case(out, "copy-from-the-program", "dma", [Copy(Place(PROGRAM, 5), Place(2, 3), 4091)])
    case(out, "copy-with-its-crc", "dma", [Copy(Place(0, 1), Place(2, 7), 5000, Place(3, 8))])
    case(out, "copy-a-whole-slot", "dma", [Copy(size=0x10000)])
    case(out, "copy-behind-itself", "dma", [Copy(Place(3), Place(3, 100), 100, Place(3, 200))])
    case(out, "copy-in-front-of-itself", "dma", [Copy(Place(3, 104), Place(3, 4), 100, Place(3))])
    case(out, "fill", "dma", [Fill(size=2048, value=0x3c00, width=2)])
    for width in (1, 2, 4, 8):
        case(out, "fill-by-%d" % width, "dma",
             [Fill(Place(2, 8 * width), 5000 * width, (1 << 8 * width) - 1, width)])
    case(out, "fill-a-whole-slot", "dma", [Fill(size=0x10000)])
    case(out, "move-a-scalar", "tensor", [move("fp32", ())])
    for name, extents in (("rows", dict(m=0)), ("columns", dict(n=0)), ("depth", dict(k=0))):
        case(out, "gemm-without-" + name, "tensor", [gemm("int8", **extents)])
    case(out, "copy-nothing", "dma", [Copy(size=0)])
    case(out, "copy-nothing-from-anywhere", "dma", [Copy(Place(0, (1 << 64) - 1), Place(2, 1 << 63), 0)])
    case(out, "copy-nothing-with-its-crc", "dma", [Copy(Place(3), Place(3), 0, Place(3))])
    case(out, "fill-nothing", "dma", [Fill(size=0)])
    case(out, "fill-nothing-anywhere", "dma", [Fill(Place(2, (1 << 64) - 4), 0, 1, 4)])
    case(out, "nothing-lies-anywhere", "tensor",
         [changed(move("fp32", (5, 0)), x__offset=0x20000, x__stride__0=1 << 61, d__offset=(1 << 64) - 4)])
    case(out, "nothing-and-something", "tensor", [gemm("int8", m=0), vector_command.total(Tensor)])
    case(out, "two-commands", "tensor", [gemm("fp16"), vector_command.total(Tensor)])
    case(out, "two-copies", "dma", [Copy(), Fill(value=0x80)])
    for module in (*PROGRAMMED, *OTHERS):
        for name, command in module.valid(Tensor):
            case(out, name, "tensor", [command])
    for module in REDUCTIONS:
        for name, command in module.valid(Tensor, [type_ for type_ in TYPES if type_ in SIZES]):
            case(out, name, "tensor", [command])
    case(out, "vector-between-others", "tensor", [gemm("fp16"), vector_command.total(Tensor), gemm("fp16")])
    valid_gathers(out)
    valid_scatters(out)
    valid_sorts(out)
    valid_compacts(out)
    valid_suppresses(out)
    exact = gemm("fp16", m=1, n=8, k=16)
    case(out, "slots-just-large-enough", "tensor", [exact],
         table=slots((0x1000, 32, READ), (0x2000, 256, READ), (0x3000, 16, WRITE)))
    return out


def changed(command, **changes):
    """Set fields, those of tensors as tensor__field or tensor__field__index."""
    for path, value in changes.items():
        *way, last = path.split("__")
        target = command
        for name in way:
            target = getattr(target, name)
        if isinstance(target, list):
            target[int(last)] = value
        else:
            setattr(target, last, value)
    return command


def copy_of(command):
    """A command that can be changed without the other."""
    return copies.deepcopy(command)


def gathers(bad):
    """GATHER with one defect each."""
    bad("gather-kind-unknown", gather(), kind=3)
    bad("gather-with-reduction", gather(), reduction=1)
    bad("gather-mbz", gather(), mbz=1)
    bad("gather-axis-beyond-the-rank", gather(), axis=2)
    bad("gather-of-a-scalar", gather(d=Tensor(2, "fp16", (5, 8))), x__rank=0, x__dim=[0] * 8, x__stride=[0] * 8)
    bad("gather-of-another-type", gather(), d__type=TYPES["bf16"])
    for type_ in ("fp32", "int8", "uint32", "uint64"):
        bad("gather-by-" + type_, gather(), index__type=TYPES[type_])
    bad("gather-of-int4-to-int8", gather("int8"), "UNSUPPORTED", d__type=TYPES["int4"])
    bad("gather-halves-of-several-slices", gather("int4"), "UNSUPPORTED", x__stride__0=1, x__stride__1=10)
    bad("gather-halves-to-several-slices", gather("int4", x__dim__0=6, index__dim__0=6, d__dim__0=6), "UNSUPPORTED",
        d__stride__0=1, d__stride__1=6)
    bad("gather-halves-one-by-one",
        Gather(Tensor(0, "int8", (4, 6)), Tensor(1, "int32", (4, 2)), Tensor(2, "int8", (4, 2)), 1, 1), "UNSUPPORTED",
        x__type=TYPES["int4"], d__type=TYPES["int4"])
    bad("gather-halves-cut-by-a-step", gather("int4"), block__1=3)
    bad("gather-turned-halves-cut-by-a-step", gather_turned(), block__1=3)
    bad("gather-output-of-another-rank", gather(), d__rank=3, d__dim__2=1, block__2=1)
    bad("gather-output-of-other-indices", gather(), d__dim__0=4)
    bad("gather-output-of-other-slices", gather(), d__dim__1=7)
    deep = Gather(Tensor(0, "int8", (1,) * 7), Tensor(1, "int8", (1, 1)), Tensor(2, "int8", (1,) * 8))
    deep.index = Tensor(1, "int32", (1, 1))
    bad("gather-to-rank-9", deep, index__rank=3, index__dim__2=1)
    batches = Gather(Tensor(0, "int8", (3, 2, 10)), Tensor(1, "int32", (3, 5)), Tensor(2, "int8", (3, 2, 5)), axis=2,
                     batch_dims=1)
    bad("gather-batches-differ", batches, index__dim__0=2)
    flat = Gather(Tensor(0, "int8", (3, 10)), Tensor(1, "int32", (3, 10)), Tensor(2, "int8", (3, 10)), axis=1, batch_dims=1)
    bad("gather-batch-beyond-the-axis", flat, batch_dims=2)
    bad("gather-batch-beyond-the-indices", Gather(Tensor(0, "int8", (3, 3, 10)), Tensor(1, "int32", (3,)),
                                                  Tensor(2, "int8", (3, 3)), axis=2, batch_dims=1), batch_dims=2)
    bad("gather-elements-of-batches", gather_elements(), batch_dims=1)
    bad("gather-elements-axis-beyond-the-rank", gather_elements(), axis=3)
    bad("gather-elements-of-another-rank", gather_elements(), x__rank=4, x__dim__3=1)
    bad("gather-elements-output-shape", gather_elements(), d__dim__1=6)
    bad("gather-elements-beyond-another-dimension", gather_elements(), x__dim__2=1)
    bad("gather-coordinates-with-an-axis", gather_coordinates(), axis=1)
    bad("gather-coordinates-batches-differ", gather_coordinates(), index__dim__0=2)
    bad("gather-coordinates-of-too-many-batches", Gather(Tensor(0, "int8", (3, 3, 5)), Tensor(1, "int32", (3, 3, 1)),
                                                         Tensor(2, "int8", (3, 3, 5)), 2, batch_dims=1), batch_dims=3)
    bad("gather-coordinates-output-indices", gather_coordinates(), d__dim__1=6)
    bad("gather-coordinates-output-slices", gather_coordinates(), d__dim__2=5)
    bad("gather-coordinates-output-rank", gather_coordinates(), d__rank=4, d__dim__3=1, block__3=1)
    whole = Gather(Tensor(0, "int8", (3, 4)), Tensor(1, "int32", (5, 2)), Tensor(2, "int8", (5,)), 2)
    bad("gather-more-coordinates-than-dimensions", whole, index__dim__1=3)
    bad("gather-without-coordinates", Gather(Tensor(0, "int8", (3, 4)), Tensor(1, "int32", (5, 1)), Tensor(2, "int8", (5, 4)),
                                             2), index__dim__1=0)
    bad("gather-coordinates-by-a-scalar", Gather(Tensor(0, "int8", (4, 3)), Tensor(1, "int32", (1,)), Tensor(2, "int8", (3,)),
                                                 2), index=Tensor(1, "int32", ()))
    bad("gather-index-slot-missing", gather(), "SLOT", index__slot=4)
    bad("gather-index-not-readable", gather(), "SLOT", index__slot=2)
    bad("gather-index-out-of-bounds", gather(index__offset=0x10000 - 20), "SLOT", index__offset=0x10000 - 16)
    bad("gather-output-not-writable", gather(), "SLOT", d__slot=1)
    bad("gather-output-overlaps-itself", gather(), d__stride__0=7)
    for i in range(3):
        bad("plain-tensor-mbz-%d" % i, gather(), **{"index__mbz__%d" % i: 1})
    bad("step-without-extent", gather(), block__0=0)
    bad("step-beyond-the-rank", gather(), block__2=1)
    bad("step-of-the-last-dimension-beyond-the-rank", gather(), block__7=1)
    wide = Gather(Tensor(0, "int8", (9, 64)), Tensor(1, "int32", (100,)), Tensor(2, "int8", (100, 64)))
    bad("step-of-too-many-elements", wide, block__0=65)
    many = dict(table=slots((0x10000, 4, READ), (1 << 40, 1 << 44, READ), (1 << 46, 1 << 44, WRITE)))
    bad("gather-by-too-many-indices", Gather(Tensor(0, "int8", (1,)), Tensor(1, "int64", (1 << 22,)),
                                             Tensor(2, "int8", (1 << 22,))), "UNSUPPORTED", **many,
        index__dim__0=(1 << 22) + 1, d__dim__0=(1 << 22) + 1)


def malformed():
    """
    Streams that are refused, and the twin of each: the same but for one defect, and taken. So a check that is
    missing is noticed, and no case is refused for something else. Both by the file that they are in.
    """
    all_out, all_twins = {}, {}

    def pair(name, good, wrong, verdict="COMMAND", offset=None, engine="tensor", twin_engine=None,
             table=DEFAULT_SLOTS, twin_table=None):
        """A stream of commands or bytes, and its twin of commands."""
        out, twins = (cases.setdefault(FILES[good[-1].op], []) for cases in (all_out, all_twins))
        case(twins, name, twin_engine or engine, good, table=twin_table or table)
        if isinstance(wrong, bytes):
            case(out, name, engine, None, verdict, offset, table, raw=wrong)
        else:
            case(out, name, engine, wrong, verdict, offset, table)

    def bad(name, command, verdict="COMMAND", engine="tensor", table=DEFAULT_SLOTS, **changes):
        """One command with a change. Several fields make one defect only where no single one could."""
        assert changes, name
        pair(name, [command], [changed(copy_of(command), **changes)], verdict, None, engine, None, table)

    good = gemm("fp16")
    pair("truncated-header", [good], good.pack()[:4])
    pair("truncated-body", [good], good.pack()[:-8])
    pair("trailing-bytes", [good], good.pack() + bytes(8), offset=good.size)
    pair("second-command-bad", [good, gemm("fp16")], [good, changed(gemm("fp16"), head_mbz1=1)],
         offset=good.size)
    for i, value in enumerate((1, 1 << 15, 1, 1 << 31)):
        bad("header-mbz%d" % i, gemm(), **{"head_mbz%d" % i: value})
    bad("size-too-small", gemm(), size=gemm().size - 8)
    bad("size-zero", gemm(), size=0)
    for op in (0x00, 0x1f, 0x33, 0x43, 0x82, 0xbf, 0xe0, 0xff):
        bad("unknown-opcode-%02x" % op, gemm(), op=op)
    for op in (0xc0, 0xc5, 0xdf):
        bad("reserved-opcode-%02x" % op, gemm(), "UNSUPPORTED", op=op)
    pair("copy-on-the-tile", [Copy()], [Copy()], twin_engine="dma")
    pair("gemm-on-the-dma-engine", [gemm()], [gemm()], engine="dma", twin_engine="tensor")
    pair("gather-on-the-dma-engine", [gather()], [gather()], engine="dma", twin_engine="tensor")

    bad("no-tensor-where-one-is-needed", gemm(), a=Tensor())
    bad("no-slot-where-a-tensor-is-needed", gemm(), a__slot=NONE)
    bad("no-tensor-with-a-type", gemm(), rows__type=1)
    bad("type-none", gemm(), a__type=0)
    bad("type-unknown", gemm(), a__type=19)
    bad("type-not-for-this-command", gemm("fp32"), a__type=TYPES["int32"])
    bad("types-do-not-match", gemm(), b__type=TYPES["bf16"])
    bad("rank-nine", move("int8", dim=(2, 1, 1, 1, 1, 1, 1, 1)), x__rank=9, d__rank=9)
    bad("dim-of-a-scalar", move("int8", dim=()), x__dim__0=1)
    bad("dim-of-a-missing-parameter", gemm(), "PARAMETER", a__dim__0=1 << 31)
    bad("dim-names-a-parameter-with-other-bits", gemm(), a__dim__0=1 << 31 | 1 << 8)
    bad("dim-beyond-rank", gemm(), a__dim__2=2)
    bad("stride-beyond-rank", gemm(), a__stride__4=2)
    bad("offset-misaligned", gemm(), a__offset=1)
    for i in range(3):
        bad("tensor-mbz-%d" % i, gemm(), **{"a__mbz__%d" % i: 1})
    bad("output-repeats", gemm(), d__stride__0=0)
    bad("output-overlaps-itself", gemm(), d__stride__0=15)
    bad("output-overlaps-itself-backwards", changed(gemm(), d__offset=0x100), d__stride__0=-15)

    bad("slot-missing", gemm(), "SLOT", a__slot=4)
    bad("slot-not-readable", gemm(), "SLOT", a__slot=2)
    bad("slot-not-writable", gemm(), "SLOT", d__slot=1)
    bad("program-is-read-only", gemm(), "SLOT", d__slot=PROGRAM)
    bad("offset-out-of-bounds", gemm(), "SLOT", a__offset=0x10000 - 8 * 24 * 2 + 2)
    bad("offset-wraps", gemm(), "SLOT", a__offset=(1 << 64) - 384)
    bad("stride-out-of-bounds", gemm(), "SLOT", a__stride__0=0x10000)
    bad("stride-in-front-of-the-slot", changed(gemm(), a__offset=7 * 24 * 2, a__stride__0=-24), "SLOT",
        a__offset=7 * 24 * 2 - 2)
    bad("stride-wraps", gemm(), "SLOT", a__stride__0=(1 << 62) - 1)
    bad("stride-wraps-backwards", gemm(), "SLOT", a__stride__0=1 << 63)
    bad("stride-wraps-in-bytes", gemm(m=9), "SLOT", a__stride__0=1 << 60)
    bad("stride-wraps-in-bytes-backwards", gemm(m=9), "SLOT", a__stride__0=-(1 << 60))
    bad("program-too-small", changed(gemm(), b__slot=PROGRAM), "SLOT", b__offset=4096 - 2)
    for name, address in (("misaligned", 0x10001), ("beyond-48-bits", (1 << 48) - 128),
                          ("wraps", (1 << 64) - 128)):
        pair("address-" + name, [gemm()], [gemm()], "SLOT",
             table=slots((address, 0x10000, READ), (0x30000, 0x10000, READ), (0x50000, 0x10000, WRITE)),
             twin_table=DEFAULT_SLOTS)
    nothing = move("int8", dim=(16, 0))
    bad("nothing-in-a-slot-that-is-missing", nothing, "SLOT", x__slot=4)
    bad("nothing-from-a-slot-that-is-not-readable", nothing, "SLOT", x__slot=2)
    bad("nothing-to-a-slot-that-is-not-writable", nothing, "SLOT", d__slot=1)
    bad("nothing-at-a-misaligned-offset", changed(move("fp16", dim=(16, 0))), x__offset=1)
    pair("no-slots", [gemm()], [gemm()], "SLOT", table=b"", twin_table=DEFAULT_SLOTS)

    bad("gemm-output-of-another-rank", gemm(), d=Tensor(2, "fp16", (1, 8, 16)))
    bad("gemm-second-operand-of-another-rank", gemm(), b=Tensor(1, "fp16", (1, 24, 16)))
    batch = gemm_command.gemm(Tensor, ("fp16", "fp16", "fp16"), 8, 16, 24, (2,))
    bad("gemm-first-operand-of-another-batch", batch, a=Tensor(0, "fp16", (3, 8, 24)))
    bad("gemm-output-of-another-batch", batch, d__dim__0=1)

    for place in (1, move().size, 1 << 15):
        bad("move-with-an-epilogue-at-%d" % place, move(), post=place)
        bad("move-with-a-prologue-at-%d" % place, move(), pre=place)
    for module in (*PROGRAMMED, *REDUCTIONS, *OTHERS):
        for name, command, verdict, changes in module.malformed(Tensor):
            bad(name, command, verdict, **changes)

    bad_moves(bad)
    checked = Copy(Place(3), Place(2), 100, Place(3, 100))

    def bad_copy(name, command, verdict="COMMAND", **changes):
        bad("copy-" + name, command, verdict, engine="dma", **changes)

    for name in ("src", "dst", "crc"):
        for i in range(3):
            bad_copy("%s-mbz-%d" % (name, i), checked, **{"%s__mbz__%d" % (name, i): 1})
        bad_copy(name + "-in-a-slot-that-is-missing", checked, "SLOT", **{name + "__slot": 4})
        bad_copy(name + "-without-a-slot", checked, **{name + "__slot": NONE})
    bad_copy("without-a-source", Copy(), src=Place())
    bad_copy("without-a-destination", Copy(), dst=Place())
    bad_copy("crc-nowhere", Copy(), crc__offset=4)
    bad_copy("crc-nowhere-mbz", Copy(), crc__mbz__1=1)
    bad_copy("crc-offset-misaligned", checked, crc__offset=102)
    bad_copy("crc-out-of-bounds", Copy(size=4, crc=Place(3, 0xffc)), "SLOT", crc__offset=0x1000)
    bad_copy("crc-in-a-slot-that-is-not-writable", checked, "SLOT", crc__slot=0)
    bad_copy("source-not-readable", Copy(), "SLOT", src__slot=2)
    bad_copy("destination-not-writable", Copy(), "SLOT", dst__slot=1)
    bad_copy("to-the-program", Copy(), "SLOT", dst__slot=PROGRAM)
    bad_copy("source-out-of-bounds", Copy(Place(0, 0xfc00)), "SLOT", src__offset=0xfc01)
    bad_copy("destination-out-of-bounds", Copy(dst=Place(2, 0xfc00)), "SLOT", dst__offset=0xfc01)
    bad_copy("source-wraps", Copy(), "SLOT", src__offset=(1 << 64) - 1)
    bad_copy("size-out-of-bounds", Copy(size=0x10000), "SLOT", bytes=0x10001)
    bad_copy("onto-itself", Copy(Place(3), Place(3, 100), 100), dst__offset=0)
    bad_copy("overlaps-upwards", Copy(Place(3), Place(3, 100), 100), dst__offset=99)
    bad_copy("overlaps-downwards", Copy(Place(3, 100), Place(3), 100), src__offset=99)
    bad_copy("crc-in-the-source", checked, crc__offset=96)
    bad_copy("crc-in-the-destination", Copy(Place(0), Place(3, 4), 100, Place(3)), dst__offset=3)
    bad_copy("nothing-from-a-slot-that-is-not-readable", Copy(size=0), "SLOT", src__slot=2)
    bad_copy("nothing-to-a-slot-that-is-not-writable", Copy(size=0), "SLOT", dst__slot=1)
    pair("copy-crc-address-misaligned", [checked], [checked], "SLOT", engine="dma", twin_table=DEFAULT_SLOTS,
         table=slots((0, 0, READ), (0, 0, READ), (0x50000, 0x10000, WRITE), (0x70001, 0x1000, READ | WRITE)))
    bad_copy("too-many-bytes", Copy(Place(0), Place(1), 1 << 40), "UNSUPPORTED", bytes=(1 << 40) + 1,
             table=slots((1 << 40, 1 << 44, READ), (1 << 45, 1 << 44, WRITE)))

    word = Fill(value=0xffff, width=2)

    def bad_fill(name, command, verdict="COMMAND", **changes):
        bad("fill-" + name, command, verdict, engine="dma", **changes)

    pair("fill-on-the-tile", [Fill()], [Fill()], twin_engine="dma")
    bad_fill("without-a-place", Fill(), dst=Place())
    bad_fill("value-too-wide", Fill(value=0xff), value=0x100)
    bad_fill("value-of-4-bytes-too-wide", Fill(value=0xffffffff, width=4), value=1 << 63)
    for width in (0, 3, 5, 6, 7, 16, 255):
        bad_fill("width-%d" % width, Fill(size=0), width=width)
    bad_fill("size-of-half-a-value", word, bytes=1023)
    bad_fill("offset-of-half-a-value", word, dst__offset=1)
    for i in range(3):
        bad_fill("place-mbz-%d" % i, Fill(), **{"dst__mbz__%d" % i: 1})
    for i in range(7):
        bad_fill("mbz-%d" % i, Fill(), **{"mbz__%d" % i: 1})
    bad_fill("slot-missing", Fill(), "SLOT", dst__slot=4)
    bad_fill("slot-not-writable", Fill(), "SLOT", dst__slot=1)
    bad_fill("program-is-read-only", Fill(), "SLOT", dst__slot=PROGRAM)
    bad_fill("size-out-of-bounds", Fill(size=0x10000), "SLOT", bytes=0x10001)
    bad_fill("offset-out-of-bounds", Fill(size=0x8000), "SLOT", dst__offset=0x8001)
    bad_fill("offset-wraps", Fill(size=4), "SLOT", dst__offset=(1 << 64) - 2)
    bad_fill("size-of-a-missing-parameter", Fill(), "PARAMETER", bytes=(1 << 62) + 255)
    bad_fill("offset-of-a-missing-parameter", Fill(), "PARAMETER", dst__offset=1 << 62)
    bad_fill("size-names-a-parameter-with-other-bits", Fill(), bytes=(1 << 62) + 256)
    bad_fill("offset-names-a-parameter-with-other-bits", Fill(), dst__offset=1 << 62 | 1 << 61)
    bad_fill("nothing-in-a-slot-that-is-missing", Fill(size=0), "SLOT", dst__slot=4)
    bad_fill("nothing-to-a-slot-that-is-not-writable", Fill(size=0), "SLOT", dst__slot=1)
    bad_fill("nothing-at-a-misaligned-offset", Fill(size=0, width=2), dst__offset=1)
    pair("fill-address-misaligned", [Fill(width=2)], [Fill(width=2)], "SLOT", engine="dma", twin_table=DEFAULT_SLOTS,
         table=slots((0, 0, READ), (0, 0, READ), (0x50001, 0x10000, WRITE)))
    bad_fill("too-many-elements", Fill(Place(0), 1 << 40), "UNSUPPORTED", bytes=(1 << 40) + 1,
             table=slots((1 << 40, 1 << 44, WRITE)))

    gathers(bad)
    scatters(bad)
    sorts(bad)
    compacts(bad)
    suppresses(bad)

    # Limits: operands of one element, and room for any output.
    table = slots((0x10000, 4, READ), (0x20000, 4, READ), (1 << 40, 1 << 44, WRITE))

    def repeat(slot, type_, dim):
        return Tensor(slot, type_, dim, strides=[0] * len(dim))

    def wide(m, n, k):
        return dict(a=repeat(0, "int8", (m, k)), b=repeat(1, "int8", (k, n)), d=Tensor(2, "int8", (m, n)))

    square = changed(vector_command.conversion(Tensor, "fp32", "fp32", (1 << 20, 1 << 20)),
                     in0=repeat(0, "fp32", (1 << 20, 1 << 20)))
    bad("too-many-elements-beside-a-zero", move(dim=(0, 1 << 20, 1 << 20)), "UNSUPPORTED",
        x__dim__1=(1 << 20) + 1)
    bad("too-many-elements", square, "UNSUPPORTED", table=table, in0__dim__1=(1 << 20) + 1)
    cut = changed(gemm("int8"), bn=32, bk=32)
    bad("too-much-work", changed(cut, **wide(1 << 26, 1 << 13, 1 << 13)), "UNSUPPORTED", table=table,
        **wide(1 << 26, 1 << 14, 1 << 13))
    bad("too-many-operands", changed(cut, **wide(1, 1 << 13, 1 << 14)), "UNSUPPORTED", table=table,
        **wide(1, 1 << 14, 1 << 15))
    return all_out, all_twins


def results():
    """Small integer commands with their memory before and after, to the bit."""
    out = []

    def result(name, command, memory, after, engine="tensor"):
        case(out, name, engine, [command],
             table=slots((0x10000, 64, READ), (0x20000, 64, READ), (0x30000, 64, READ | WRITE),
                         (0x40000, 64, READ)))
        at = out.index("end", out.index("case " + name))
        extra = ["memory %d %s" % (slot, data.hex()) for slot, data in memory]
        out[at:at] = extra + ["result %s" % after.hex()]

    for module in (*PROGRAMMED, *REDUCTIONS, *OTHERS):
        for name, command, memory, after in module.results(Tensor):
            result(name, command, memory, after)

    grid = [5, -1, 0, 127, -128, 77]
    result("move-turns-and-reverses",
           Move(Tensor(0, "int8", (3, 2), offset=3, strides=[1, -3]), Tensor(2, "int8", (3, 2))),
           ((0, struct.pack("6b", *grid)),), struct.pack("6b", *(grid[3 * (1 - j) + i] for i in range(3)
                                                               for j in range(2))))

    result("move-turns-halves",
           Move(Tensor(0, "uint4", (2, 3), strides=[4, 1]), Tensor(2, "uint4", (2, 3), strides=[1, 2])),
           ((0, bytes((0xf8, 0x63, 0x07, 0xeb))),), bytes((0x78, 0x0f, 0xb3)))
    result("move-reflects-halves",
           Move(Tensor(0, "fp4", (3,)), Tensor(2, "fp4", (7,)), ((2, 2),), (REFLECT,)),
           ((0, bytes((0xf8, 0x63))), (2, bytes([255] * 4))), bytes((0xf3, 0xf8, 0xf3, 0x08)))

    def source(at, n, mode):
        """The element of a dimension that lies at a place, step by step; None: none."""
        while not 0 <= at < n:
            if mode == CONSTANT:
                return None
            if mode == EDGE or n == 1:
                at = min(max(at, 0), n - 1)
            elif mode == WRAP:
                at += n if at < 0 else -n
            else:
                at = -at if at < 0 else 2 * (n - 1) - at
        return at

    def pad_result(name, type_, dim, pads, modes, value=0):
        size = SIZES[type_]
        data = [bytes((16 * i + k + 1) % 256 for k in range(size)) for i in range(dim[0] * dim[1])]
        command = move(type_, dim, pads, modes, value)
        after = b""
        for row in range(command.d.dim[0]):
            for column in range(command.d.dim[1]):
                at = [source(i - pad[0], n, mode) for i, pad, n, mode in zip((row, column), pads, dim, modes)]
                after += value.to_bytes(size, "little") if None in at else data[dim[1] * at[0] + at[1]]
        result(name, command, ((0, b"".join(data)),), after)

    for name, mode in MODES.items():
        for other, beside in MODES.items():
            pad_result("move-%s-and-%s" % (name, other), "int8", (2, 3), ((1, 2), (2, 3)), (mode, beside), 0x55)
        pad_result("move-cuts-and-%s" % name, "int16", (3, 4), ((-1, 2), (3, -2)), (mode, mode), 0xabcd)
        pad_result("move-%s-over-and-over" % name, "uint8", (1, 3), ((2, 0), (7, 10)), (mode, mode))
        pad_result("move-all-lies-in-%s" % name, "bool", (2, 5), ((3, -3), (-7, 9)), (mode, mode), 1)
        pad_result("move-%s-of-8-bytes" % name, "int64", (1, 2), ((1, 0), (1, 1)), (mode, mode), 0x8899aabbccddeeff)

    codes = bytes(range(250, 256)) + bytes(range(17))
    result("copy-bytes", Copy(Place(0, 3), Place(2, 0), 20), ((0, codes),), codes[3:], "dma")
    for size in (0, 1, 7, 20):
        result("copy-%d-bytes-and-their-crc" % size, Copy(Place(0, 3), Place(2, 4), size, Place(2, 0)), ((0, codes),),
               struct.pack("<I", zlib.crc32(codes[3:3 + size])) + codes[3:3 + size], "dma")
    for width in (1, 2, 4, 8):
        value = 0x8899aabbccddeeff >> 64 - 8 * width
        result("fill-by-%d" % width, Fill(Place(2, 0), 5 * width, value, width), (), value.to_bytes(width, "little") * 5,
               "dma")
    table = [5, -1, 0, 127, -128, 77, 9, 8]
    bytes_ = struct.pack("8b", *table)
    result("gather-along-an-axis", Gather(Tensor(0, "int8", (4, 2)), Tensor(1, "int32", (3,)), Tensor(2, "int8", (3, 2))),
           ((0, bytes_), (1, struct.pack("<3i", 3, -4, -3))), struct.pack("6b", 9, 8, 5, -1, 0, 127))
    result("gather-elements", Gather(Tensor(0, "int8", (2, 4)), Tensor(1, "int64", (2, 3)), Tensor(2, "int8", (2, 3)), 1, 1),
           ((0, bytes_), (1, struct.pack("<6q", 3, 0, -1, -4, 1, 1))), struct.pack("6b", 127, 5, 127, -128, 77, 77))
    result("gather-coordinates", Gather(Tensor(0, "int16", (2, 2, 2)), Tensor(1, "int32", (3, 2)), Tensor(2, "int16", (3, 2)),
                                        2),
           ((0, struct.pack("<8h", *table)), (1, struct.pack("<6i", 0, 0, 1, -1, -1, 0))),
           struct.pack("<6h", 5, -1, 9, 8, -128, 77))

    # Rows of three elements: what lies behind them is not read, and stored as 0.
    rows = bytes((0x21, 0xf3, 0x54, 0xf6, 0x87, 0xf9))
    result("gather-halves", Gather(Tensor(0, "int4", (3, 3), strides=[4, 1]), Tensor(1, "int32", (2,)),
                                   Tensor(2, "int4", (2, 3), strides=[4, 1])),
           ((0, rows), (1, struct.pack("<2i", 2, -3))), bytes((0x87, 0x09, 0x21, 0x03)))
    result("scatter-halves", Scatter(Tensor(0, "uint4", (3, 3), strides=[4, 1]), Tensor(1, "int32", (3,)),
                                     Tensor(2, "uint4", (3, 3), strides=[4, 1])),
           ((0, rows), (1, struct.pack("<3i", 2, 0, 2)), (2, bytes((0xff,) * 6))), bytes((0x54, 0x06, 0xff, 0xff, 0x87, 0x09)))
    result("scatter-the-last-stays", Scatter(Tensor(0, "int8", (3, 2)), Tensor(1, "int32", (3,)), Tensor(2, "int8", (3, 2))),
           ((0, bytes_), (1, struct.pack("<3i", 1, -1, 1)), (2, bytes(range(6)))), struct.pack("6b", 0, 1, -128, 77, 0, 127))
    for reduction, want in ((1, (-56, -126)), (2, (16, 125)), (3, (100, 3)), (4, (100, 127))):
        result("scatter-combines-by-%d" % reduction,
               Scatter(Tensor(0, "int8", (2,)), Tensor(1, "int64", (2,)), Tensor(2, "int8", (2,)), reduction=reduction),
               ((0, struct.pack("2b", 100, 127)), (1, struct.pack("<2q", 0, 1)), (2, struct.pack("2b", 100, 3))),
               struct.pack("2b", *want))

    for descending, want in ((0, (-128, -1, 0)), (1, (127, 77, 9))):
        result("sort-%s" % ("descending" if descending else "ascending"),
               Sort(Tensor(0, "int8", (8,)), Tensor(2, "int8", (3,)), None, 3, descending), ((0, bytes_),),
               struct.pack("3b", *want))
    halves = [0x3c00, 0x8000, 0x7e01, 0x0000, 0xfc00, 0xfe00, 0x3c00, 0x7c00]
    for descending, want in ((0, (4, 1, 3, 0, 6, 7, 2, 5)), (1, (2, 5, 7, 0, 6, 1, 3, 4))):
        result("sort-%s-special-values" % ("descending" if descending else "ascending"),
               Sort(Tensor(0, "fp16", (8,)), None, Tensor(2, "int64", (8,)), 8, descending),
               ((0, struct.pack("<8H", *halves)),), struct.pack("<8q", *want))

    result("compact", Compact(Tensor(0, "int8", (2, 3)), Tensor(2, "int64", (3, 2)), Tensor(2, "int64", (), offset=48)),
           ((0, struct.pack("6b", 0, 7, 0, -1, 0, 1)),), struct.pack("<7q", 0, 1, 1, 0, 1, 2, 3))
    result("compact-special-values",
           Compact(Tensor(0, "fp16", (8,)), Tensor(2, "int64", (7, 1)), Tensor(2, "int64", (), offset=56)),
           ((0, struct.pack("<8H", *halves)), (2, bytes(56))), struct.pack("<8q", 0, 2, 4, 5, 6, 7, 0, 6))

    # Corners in either order; the second box covers half of the first, the third touches both.
    boxes = [0, 0, 4, 4, 4, 4, 0, 2, 4, 0, 8, 4]
    for name, threshold, want in (("half", 0.5, (2, 0, 1)), ("less-than-half", 0.49, (2, 0))):
        result("suppress-" + name,
               Suppress(Tensor(0, "fp16", (3, 4)), Tensor(1, "fp32", (3,)), Tensor(2, "int64", (3,)),
                        Tensor(2, "int64", (), offset=24), threshold, 3),
               ((0, struct.pack("<12e", *boxes)), (1, struct.pack("<3f", 0.5, 0.5, 0.75)), (2, bytes(32))),
               struct.pack("<4q", *want, *(3 - len(want)) * (0,), len(want)))

    return out


def write(name, lines):
    head = ["# SPDX-License-Identifier: (GPL-2.0-only OR MIT)", "# See README.md.", ""]
    (FOLDER / name).write_text("\n".join(head + lines).rstrip("\n") + "\n", encoding="ascii")


def write_each(name, cases):
    """A folder with a file of cases for each command, and no others."""
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.txt"):
        if path.stem not in cases:
            path.unlink()
    for command, lines in cases.items():
        write(f"{name}/{command}.txt", lines)


if __name__ == "__main__":
    write("valid.txt", with_figures(valid()))
    refused, twins = malformed()
    write_each("malformed", refused)
    write_each("twins", twins)
    write("results.txt", results())
