# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""SAMPLE: a body, and behind it perhaps a program of ../vector with the tensors of its inputs."""

import math
import struct
from fractions import Fraction

from program_defects import of_epilogue, of_head
from vector_command import BYTES_A_TENSOR, Insn, Program, VectorCommand, stored

OP, BYTES_OF_BODY = 0x54, 568
NEAREST, LINEAR = range(2)
ZERO, EDGE, REFLECT_CENTRE, REFLECT_EDGE = range(4)


class Sample(VectorCommand):
    """Body, and perhaps a program and inputs; any field can be overwritten after it was made."""

    def __init__(self, x, coords, batch, d, mode=LINEAR, outside=ZERO, program=None, inputs=()):
        self.x, self.coords, self.batch, self.mode, self.outside = x, coords, batch, mode, outside
        self.dims, self.mbz = x.rank - 2, [0] * 5
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY)

    def pack_body(self):
        tensors = (self.x, self.coords, self.batch, self.d)
        return b"".join(one.pack()[:BYTES_A_TENSOR] for one in tensors) + struct.pack(
            "<8B8I", self.mode, self.outside, self.dims, *self.mbz, *self.block)


def sample(tensor, types=("fp16", "fp16"), before=(2, 3, 5, 7), after=(2, 3, 4, 6), batch=False, **fields):
    """Coordinates lie in slot 1, the images of the batch behind them."""
    out = after[:1] + after[2:]
    return Sample(tensor(0, types[0], before), tensor(1, "fp32", (*out, len(out) - 1)),
                  tensor(1, "int32", after[:1], offset=0x8000) if batch else tensor(), tensor(2, types[1], after),
                  **fields)


def scaled(tensor, **fields):
    """With half of the value and an input added."""
    code = [Insn("CONSTANT", "F32", 8, (), 0), Insn("FMA", "F32", 5, (4, 8, 0))]
    dim = fields.get("after", (2, 3, 4, 6))
    program = Program(code, 5, stored("fp32"), consts=[0x3f000000], value="FP32", dims=dim)
    return sample(tensor, program=program, inputs=(tensor(0, "fp32", dim, strides=[0] * len(dim)),), **fields)


def valid(tensor):
    """(name, command) of commands that are taken."""
    for types in (("fp16", "fp16"), ("fp32", "fp32"), ("int8", "fp32"), ("int64", "int8"), ("bool", "int32")):
        yield "sample-%s-to-%s" % types, sample(tensor, types)
    yield "sample-of-halves", sample(tensor, ("uint4", "fp16"), before=(2, 3, 5, 8))
    yield "sample-to-halves", sample(tensor, ("fp16", "int4"))
    for mode in (NEAREST, LINEAR):
        for outside in (ZERO, EDGE, REFLECT_CENTRE, REFLECT_EDGE):
            yield f"sample-mode-{mode}-outside-{outside}", sample(tensor, mode=mode, outside=outside)
    yield "sample-three-dimensions", sample(tensor, before=(2, 3, 5, 7, 4), after=(2, 3, 4, 2, 1))
    yield "sample-images-of-a-batch", sample(tensor, after=(5, 3, 4, 6), batch=True)
    yield "sample-images-of-one-batch-index", sample(tensor, after=(1, 3, 4, 6), batch=True)
    yield "sample-nothing", sample(tensor, after=(2, 3, 0, 6))
    yield "sample-no-channel", sample(tensor, before=(2, 0, 5, 7), after=(2, 0, 4, 6))
    yield "sample-nothing-of-nothing", sample(tensor, before=(2, 3, 0, 7), after=(2, 3, 4, 0))
    yield "sample-few-elements-of-many", sample(tensor, before=(1, 1, 100, 300), after=(1, 1, 1, 2))
    # No slot is as large, but for an extent by stride 0.
    wide = sample(tensor, before=(1, 1, 2, 1 << 24), after=(1, 1, 4, 6))
    wide.x.stride[2:4] = [1, 0]
    yield "sample-of-2-to-the-24", wide
    repeated = sample(tensor)
    repeated.coords.stride[:3] = [0, 0, 0]
    yield "sample-repeats-its-coordinates", repeated
    yield "sample-with-a-program", scaled(tensor)
    yield "sample-without-instructions", sample(tensor, program=Program([], 4, value="FP32", dims=(2, 3, 4, 6)))


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good, posted, batched = sample(tensor), scaled(tensor), sample(tensor, batch=True)
    yield "sample-mode-unknown", good, "COMMAND", {"mode": 2}
    yield "sample-outside-unknown", good, "COMMAND", {"outside": 4}
    for dims in (0, 1, 3, 4):
        yield f"sample-dims-{dims}", good, "COMMAND", {"dims": dims}
    line = {"dims": 1}
    for name in ("x", "coords", "d"):
        line.update({f"{name}__rank": 3, f"{name}__dim__3": 0, f"{name}__stride__3": 0})
    yield "sample-one-dimension", good, "COMMAND", {**line, "coords__dim__2": 1, "block__3": 0}
    for i in range(5):
        yield f"sample-mbz-{i}", good, "COMMAND", {f"mbz__{i}": 128 if i % 2 else 1}
    for name, dim in (("x", 1), ("d", 1)):
        yield f"sample-{name}-of-another-rank", good, "COMMAND", {f"{name}__rank": 5, f"{name}__dim__4": dim}
    yield "sample-coords-of-another-rank", good, "COMMAND", {"coords__rank": 5, "coords__dim__4": 1}
    yield "sample-other-channels", good, "COMMAND", {"x__dim__1": 2}
    yield "sample-other-rows", good, "COMMAND", {"coords__dim__1": 3}
    yield "sample-other-columns", good, "COMMAND", {"coords__dim__2": 5}
    yield "sample-coordinates-of-other-indices", good, "COMMAND", {"coords__dim__0": 1}
    yield "sample-coordinates-of-other-dimensions", good, "COMMAND", {"coords__dim__3": 1}
    yield "sample-images-without-a-batch", good, "COMMAND", {"x__dim__0": 3}
    yield "sample-batch-of-another-extent", batched, "COMMAND", {"batch__dim__0": 1}
    yield "sample-batch-of-another-rank", batched, "COMMAND", {"batch__rank": 2, "batch__dim__1": 1}
    yield "sample-batch-of-int64", batched, "COMMAND", {"batch__type": 14}
    yield "sample-coordinates-of-fp16", good, "COMMAND", {"coords__type": 2}
    yield "sample-of-no-rows", good, "COMMAND", {"x__dim__2": 0}
    yield "sample-of-no-columns", good, "COMMAND", {"x__dim__3": 0}
    wide = sample(tensor, before=(1, 1, 2, 1 << 24), after=(1, 1, 4, 6))
    wide.x.stride[2:4] = [1, 0]
    yield "sample-of-more-than-2-to-the-24", wide, "UNSUPPORTED", {"x__dim__3": (1 << 24) + 1}
    yield ("sample-of-halves-of-odd-rows", sample(tensor, ("uint4", "fp16"), before=(2, 3, 5, 8)), "COMMAND",
           {"x__stride__2": 7})
    yield "sample-to-halves-cut-by-a-step", sample(tensor, ("fp16", "int4")), "COMMAND", {"block__3": 3}
    for name in ("x", "coords", "d"):
        yield f"sample-without-{name}", good, "COMMAND", {name: tensor()}
    yield "sample-step-without-extent", good, "COMMAND", {"block__0": 0}
    yield "sample-output-repeats", good, "COMMAND", {"d__stride__0": 0}
    yield "sample-coordinates-behind-their-slot", good, "SLOT", {"coords__offset": 0x10000 - 380}
    yield "sample-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    yield from of_epilogue("sample", good, posted)
    yield from of_head("sample", lambda: scaled(tensor), insns=3, inputs=0, result=9)


def rounded(value):
    """To fp32; fractions exactly once."""
    return struct.unpack("<f", struct.pack("<f", float(value)))[0]


def reflected(at, low, high):
    """Back and forth, exactly."""
    there = (at - low) % (2 * (high - low))
    return low + min(there, 2 * (high - low) - there)


def elements(mode, outside, coordinate, extent):
    """(index, weight) of one dimension."""
    if math.isnan(coordinate):
        return []
    at = Fraction(max(-2.0 ** 24, min(2.0 ** 24, coordinate)))
    if outside == REFLECT_CENTRE:
        at = reflected(at, 0, extent - 1) if extent > 1 else Fraction(0)
    if outside == REFLECT_EDGE:
        at = reflected(at, Fraction(-1, 2), extent - Fraction(1, 2))
    if outside in (EDGE, REFLECT_EDGE):
        at = max(Fraction(0), min(Fraction(extent - 1), at))
    low = math.floor(at)
    second = rounded(at - low)
    found = [(round(at), 1.0)] if mode == NEAREST else [(low, rounded(1 - second)), (low + 1, second)]
    return [(index, weight) for index, weight in found if 0 <= index < extent]


def sampled(grid, mode, outside, row, column):
    """The value at a position of a grid."""
    value = 0.0
    for count, (weight, x) in enumerate((rounded(w * v), grid[i][j])
                                        for i, w in elements(mode, outside, row, len(grid))
                                        for j, v in elements(mode, outside, column, len(grid[0]))):
        product = rounded(weight * x)
        value = rounded(value + product) if count else product
    return value


def results(tensor):
    """(name, command, memories, result) to the bit."""
    grid = [[1, -20, 100], [7, 77, -128]]
    # A slot of these cases has 64 bytes: eight positions.
    for name, places in (
            ("inside", [(0, 0), (0.5, 0.25), (1, 2), (0.1, 1.9), (0.5, 1.5), (0.75, 0.5), (1, 1), (0, 1.2)]),
            ("around", [(-0.4, 0.3), (-0.5, 2.5), (1.5, -0.7), (-1, 3), (2, 1), (1.3, 2.6), (-0.01, 0), (0.3, -1.2)]),
            ("far-away", [(1e9, -1e9), (-math.inf, math.inf), (math.nan, 0), (1, math.nan), (-5.3, 8.7),
                          (16777215, 3), (17.5, -12.25), (-1e-30, 1e-30)])):
        for mode in (NEAREST, LINEAR):
            for outside in (ZERO, EDGE, REFLECT_CENTRE, REFLECT_EDGE):
                command = Sample(tensor(0, "int8", (1, 1, 2, 3)), tensor(1, "fp32", (1, 1, 8, 2)), tensor(),
                                 tensor(2, "fp32", (1, 1, 1, 8)), mode, outside)
                want = [sampled(grid, mode, outside, *map(rounded, place)) for place in places]
                yield (f"sample-{name}-{mode}-{outside}", command,
                       ((0, struct.pack("6b", *grid[0], *grid[1])),
                        (1, struct.pack("<16f", *(at for place in places for at in place)))),
                       struct.pack("<8f", *want))
    cube = Sample(tensor(0, "int8", (1, 2, 2, 2, 2)), tensor(1, "fp32", (1, 1, 1, 3, 3)), tensor(),
                  tensor(2, "fp32", (1, 2, 1, 1, 3)))
    yield ("sample-of-a-cube", cube,
           ((0, struct.pack("16b", *range(16))), (1, struct.pack("<9f", 0.5, 0.5, 0.5, 0, 1, 0.25, 1.5, 0, 1))),
           struct.pack("<6f", 3.5, 2.25, 2.5, 11.5, 10.25, 6.5))
    batched = Sample(tensor(0, "int8", (3, 1, 1, 2)), tensor(1, "fp32", (2, 1, 1, 2)),
                     tensor(1, "int32", (2,), offset=16), tensor(2, "int8", (2, 1, 1, 1)))
    yield ("sample-of-images-by-number", batched,
           ((0, struct.pack("6b", 1, 2, 3, 4, 5, 6)), (1, struct.pack("<4f2i", 0, 1, 0, 0, 2, 0))),
           struct.pack("2b", 6, 1))
    nearest = Sample(tensor(0, "fp16", (1, 1, 1, 4)), tensor(1, "fp32", (1, 1, 4, 2)), tensor(),
                     tensor(2, "fp16", (1, 1, 1, 4)), NEAREST)
    yield ("sample-keeps-minus-zero", nearest,
           ((0, struct.pack("<4e", -0.0, 1.5, math.inf, -2.0)), (1, struct.pack("<8f", 0, 2, 0, 0, 0, -2, 0, 3))),
           struct.pack("<4e", math.inf, -0.0, 0.0, -2.0))
    places = ((1, struct.pack("<6f", 0, 0.5, 0, 2, 0, 1)),)
    packed = Sample(tensor(0, "uint4", (1, 1, 1, 3)), tensor(1, "fp32", (1, 1, 3, 2)), tensor(),
                    tensor(2, "fp32", (1, 1, 1, 3)))
    yield "sample-of-halves", packed, ((0, bytes((0x4f, 0x09))), *places), struct.pack("<3f", 9.5, 9, 4)
    packed = Sample(tensor(0, "int8", (1, 1, 1, 3)), tensor(1, "fp32", (1, 1, 3, 2)), tensor(),
                    tensor(2, "int4", (1, 1, 1, 3)))
    yield "sample-to-halves", packed, ((0, struct.pack("3b", -3, 5, -9)), *places), bytes((0x81, 0x05))
    code = [Insn("INDEX", "I64", 5, (), 3), Insn("CONVERT", "I64", 5, (5,), 0), Insn("ADD", "F32", 4, (4, 5))]
    posted = Sample(tensor(0, "int8", (1, 1, 1, 2)), tensor(1, "fp32", (1, 1, 3, 2)), tensor(),
                    tensor(2, "int8", (1, 1, 1, 3)), program=Program(code, 4, value="FP32", dims=(1, 1, 1, 3)))
    yield ("sample-knows-indices", posted,
           ((0, struct.pack("2b", 4, 8)), (1, struct.pack("<6f", 0, 1, 0, 0.5, 0, 7))), struct.pack("3b", 8, 7, 2))
