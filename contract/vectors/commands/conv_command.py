# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""CONV commands: operands with zero points and block scales, and perhaps a program behind the body."""

import math
import struct

from gemm_command import BLOCKS, ZERO, ZEROS, Quant
from pool_command import out_of, window
from program_defects import of_epilogue
from vector_command import BYTES_A_TENSOR, Insn, Program, VectorCommand, stored, up

OP, BYTES_OF_BODY = 0x11, 1072


class Convolve(VectorCommand):
    """Body, and perhaps a program and inputs; windows are those of pool_command."""

    def __init__(self, tensor, x, w, d, windows, groups=1, qx=None, qw=None, program=None, inputs=()):
        self.x, self.w, self.groups, self.dims, self.mbz = x, w, groups, len(windows), [0] * 3
        self.qx, self.qw = qx or Quant(tensor), qw or Quant(tensor)
        self.bm, self.bn, self.bk, self.bg, self.order, self.blocks_mbz = 1, 32, max(self.depth(), 1), 1, 0, [0] * 7
        for i in range(3):
            setattr(self, f"w{i}", list(windows[i]) if i < len(windows) else [0] * 6)
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY)

    def depth(self):
        """Terms of a sum."""
        return math.prod(self.w.dim[1:self.w.rank])

    def pack_body(self):
        tensors = b"".join(one.pack()[:BYTES_A_TENSOR] for one in (self.x, self.w, self.d))
        blocks = struct.pack("<4I8B", self.bm, self.bn, self.bk, self.bg, self.order, *self.blocks_mbz)
        windows = b"".join(struct.pack("<4I2Q", *(value & (1 << 64) - 1 for value in one))
                           for one in (self.w0, self.w1, self.w2))
        return tensors + self.qx.pack() + self.qw.pack() + blocks + struct.pack(
            "<I4B", self.groups, self.dims, *self.mbz) + windows


def conv(tensor, types=("fp16", "fp16", "fp16"), dim=(2, 6, 9, 8), outputs=4, windows=None, groups=1, **fields):
    """Windows of 3 x 2 with a stride of 2 over two dimensions."""
    windows = windows or [window(3, 2, before=1, after=1), window(2, 2)]
    out = (dim[0], outputs, *(out_of(extent, one) for extent, one in zip(dim[2:], windows)))
    w = (outputs, dim[1] // groups, *(one[0] for one in windows))
    return Convolve(tensor, tensor(0, types[0], dim), tensor(1, types[1], w), tensor(2, types[2], out), windows, groups,
                    **fields)


def biased(tensor, types=("int8", "int8", "int8"), heavy=0):
    """A bias for each channel, then a multiplication as fixed-point numbers have it; then powers."""
    dim, one = (2, 4, 5, 4), {"strides": [0, 1, 0, 0]}
    code = [Insn("ADD", "I32", 5, (4, 0)), Insn("CONSTANT", "I32", 8, (), 0), Insn("RESCALE", "I32", 5, (5, 8), 20)]
    code += [Insn("POW", "F32", 9, (1, 1)) for _ in range(heavy)]
    program = Program(code, 5, stored("int32", "fp32"), consts=[12345], value="I32", dims=dim)
    return conv(tensor, types, program=program, inputs=(tensor(1, "int32", dim, offset=0x2000, **one),
                                                            tensor(1, "fp32", dim, offset=0x3000, **one)))


def scaled(tensor, block=36):
    """Scales for each block of k."""
    return conv(tensor, ("fp16", "int8", "fp16"), qw=Quant(
        tensor, BLOCKS, 0, block, tensor(1, "fp16", (4, up(36, block)), offset=0x4000)))


def of_zeros(tensor, type_="int8"):
    """A zero point for each output channel, and one of x."""
    return conv(tensor, ("uint8", "int8", "int32"), qx=Quant(tensor, ZERO, 200),
                    qw=Quant(tensor, ZEROS, zeros=tensor(1, type_, (4, 1), offset=0x2000)))


def valid(tensor):
    """(name, command) of commands that are taken."""
    for types in (("fp32", "fp32", "fp32"), ("fp16", "fp16", "int8"), ("bf16", "bf16", "fp8"),
                  ("int8", "int8", "int32"), ("uint8", "int8", "bool"), ("int8", "uint8", "fp32")):
        yield "conv-%s-%s-to-%s" % types, conv(tensor, types)
    for groups in (2, 3, 6):
        yield f"conv-{groups}-groups", conv(tensor, outputs=6, groups=groups)
    yield "conv-one-dimension", conv(tensor, dim=(2, 6, 40), windows=[window(5, 3)])
    yield ("conv-three-dimensions",
           conv(tensor, dim=(2, 3, 6, 5, 7), windows=[window(2), window(3, 2), window(2, 3, before=2)]))
    yield "conv-transposed", conv(tensor, dim=(1, 6, 9), windows=[window(4, 1, 1, 2, 2, 2)])
    yield "conv-both-apart", conv(tensor, dim=(1, 6, 20), windows=[window(3, 2, 4, 6, 5, 7)])
    yield "conv-cut", conv(tensor, dim=(1, 6, 20), windows=[window(3, before=-2, after=-5)])
    yield "conv-one-by-one", conv(tensor, dim=(1, 64, 9, 9), outputs=33, windows=[window(1), window(1)])
    yield "conv-nothing", conv(tensor, dim=(0, 6, 9, 8))
    yield "conv-no-outputs", conv(tensor, outputs=0)
    yield ("conv-padding-only",
           conv(tensor, dim=(2, 6, 9, 0), windows=[window(3, before=1, after=1), window(2, before=1, after=1)]))
    yield "conv-no-channels", conv(tensor, dim=(2, 0, 9, 8))
    last = conv(tensor, dim=(2, 64, 9, 8))
    last.x.stride[:4], last.d.stride[:4] = [4608, 1, 512, 64], [80, 1, 16, 4]
    yield "conv-channels-last", last
    yield "conv-to-halves", conv(tensor, ("int8", "int8", "int4"))
    last = conv(tensor, ("int8", "int8", "int4"))
    last.d.stride[:4] = [80, 1, 16, 4]
    yield "conv-to-halves-channels-last", last
    yield "conv-zeros", of_zeros(tensor)
    yield "conv-zeros-of-int32", of_zeros(tensor, "int32")
    for block in (32, 36):
        yield f"conv-scales-of-{block}", scaled(tensor, block)
    yield "conv-with-a-program", biased(tensor)
    yield "conv-with-a-heavy-program", biased(tensor, heavy=20)
    cut = conv(tensor, dim=(2, 32, 9, 8), outputs=40)
    cut.bk, cut.bm, cut.order = 96, 3, 2
    yield "conv-in-blocks", cut


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good, posted, grouped = conv(tensor), biased(tensor), conv(tensor, outputs=6, groups=2)
    zeros, scales = of_zeros(tensor), scaled(tensor)
    for field in ("bm", "bn", "bk", "bg", "groups", "dims"):
        yield f"conv-{field}-0", good, "COMMAND", {field: 0}
    yield "conv-blocks-of-more-groups", grouped, "COMMAND", {"bg": 3}
    yield "conv-order-4", good, "COMMAND", {"order": 4}
    wide = conv(tensor, dim=(2, 32, 9, 8))
    yield "conv-bk-inside-a-channel", wide, "COMMAND", {"bk": 32}
    yield "conv-bk-between-rows", wide, "COMMAND", {"bk": 6}
    yield "conv-four-dimensions", good, "COMMAND", {"dims": 4}
    yield "conv-other-dimensions", good, "COMMAND", {"dims": 1}
    for i in range(3):
        yield f"conv-mbz-{i}", good, "COMMAND", {f"mbz__{i}": 1}
    yield "conv-groups-of-no-channels", good, "COMMAND", {"groups": 4}
    yield "conv-groups-of-no-outputs", conv(tensor, outputs=4), "COMMAND", {"groups": 3}
    yield "conv-other-channels", grouped, "COMMAND", {"w__dim__1": 6}
    yield "conv-other-outputs", good, "COMMAND", {"d__dim__1": 3}
    yield "conv-other-images", good, "COMMAND", {"d__dim__0": 1}
    yield "conv-weights-of-another-rank", good, "COMMAND", {"w__rank": 3, "w__dim__3": 0, "w__stride__3": 0}
    yield "conv-weights-of-another-kernel", good, "COMMAND", {"w__dim__3": 1}
    yield "conv-one-row-more", good, "COMMAND", {"d__dim__2": 6}
    for i, name in enumerate(("kernel", "stride", "dilation", "input-dilation", "before", "after")):
        yield f"conv-other-{name}", good, "COMMAND", {f"w0__{i}": good.w0[i] + 3}
        yield f"conv-{name}-beyond-the-dimensions", good, "COMMAND", {f"w2__{i}": 1}
        if i < 4:
            yield f"conv-no-{name}", good, "COMMAND", {f"w1__{i}": 0}
    yield "conv-pad-without-its-parameter", good, "PARAMETER", {"w0__5": 1 << 62}
    yield "conv-fp16-by-bf16", good, "COMMAND", {"w__type": 3}
    yield "conv-fp16-by-int8-without-scales", good, "COMMAND", {"w__type": 6}
    yield "conv-of-int32", good, "COMMAND", {"x__type": 12}
    packed = conv(tensor, ("int8", "int8", "int4"), outputs=6, groups=2)
    packed.d.stride[:4], packed.bg = [120, 1, 24, 6], 2
    yield "conv-to-halves-cut-by-a-group", packed, "COMMAND", {"bg": 1}
    yield ("conv-to-halves-of-several-lines", packed, "UNSUPPORTED",
           {"d__stride__0": 144, "d__stride__1": 24, "d__stride__2": 1, "d__stride__3": 6})
    yield "conv-zero-of-fp16", good, "COMMAND", {"qx__kind": ZERO}
    yield "conv-zeros-of-pictures", zeros, "COMMAND", {"qx__kind": ZEROS}
    yield "conv-zero-that-is-no-element", zeros, "COMMAND", {"qx__zero": 256}
    yield "conv-zero-below-all-elements", zeros, "COMMAND", {"qx__zero": -1}
    yield "conv-zeros-of-uint8", zeros, "COMMAND", {"qw__zeros__type": 7}
    yield "conv-zeros-of-other-outputs", zeros, "COMMAND", {"qw__zeros__dim__0": 5}
    yield "conv-scales-of-other-blocks", scales, "COMMAND", {"qw__block": 32}
    yield "conv-scales-of-bf16", scales, "COMMAND", {"qw__scale__type": 3}
    yield "conv-output-repeats", good, "COMMAND", {"d__stride__0": 0}
    yield "conv-behind-its-slot", good, "SLOT", {"w__offset": 0x10000 - 286}
    yield "conv-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    yield from of_epilogue("conv", good, posted, prologue=True)
    yield "conv-program-input-of-another-shape", posted, "COMMAND", {"in0__dim__3": 5}
    wrong = biased(tensor).program
    wrong.head["insns"] = 2
    yield "conv-program-instructions", posted, "COMMAND", {"program": wrong}


def results(tensor):
    """(name, command, memories, result) to the bit."""
    x, w = [5, 250, 3, 0, 17, 9], [2, -3, 1, 100, -128, 7]

    def row(types=("uint8", "int8", "int32"), win=window(3, 1, before=1, after=1), **fields):
        return conv(tensor, types, (1, 1, 6), 1, [win], **fields)

    def sums(out, place):
        return [sum((x[place(o, t)] - 4) * (w[t] + 1) for t in range(3) if place(o, t) is not None) for o in range(out)]

    def near(o, t):
        return o + t - 1 if 0 <= o + t - 1 < 6 else None

    memories = ((0, bytes(x)), (1, struct.pack("6b", *w)))
    zero = {"qx": Quant(tensor, ZERO, 4), "qw": Quant(tensor, ZERO, -1)}
    yield "conv-with-zero-points", row(**zero), memories, struct.pack("<6i", *sums(6, near))

    def apart(o, t):
        place = o + t - 2
        return place // 2 if place % 2 == 0 and 0 <= place // 2 < 6 else None

    yield ("conv-between-elements", row(("uint8", "int8", "int32"), window(3, 1, 1, 2, 2, 2), **zero), memories,
           struct.pack("<13i", *sums(13, apart)))
    grouped = conv(tensor, ("uint8", "int8", "int32"), (1, 2, 3), 2, [window(3)], 2)
    yield ("conv-in-groups", grouped, memories,
           struct.pack("<2i", sum(x[i] * w[i] for i in range(3)), sum(x[3 + i] * w[3 + i] for i in range(3))))
    yield ("conv-to-halves", conv(tensor, ("int8", "int8", "int4"), (1, 1, 5), 1, [window(2)]),
           ((0, struct.pack("5b", 1, 2, 3, 0, -1)), (1, struct.pack("2b", 1, -2))), bytes((0xcd, 0x23)))
    plane = conv(tensor, ("int8", "int8", "int16"), (1, 1, 2, 3), 1, [window(2), window(2)])
    yield ("conv-a-plane", plane, ((0, struct.pack("6b", 1, 2, 3, 4, 5, 6)), (1, struct.pack("4b", 1, 10, 100, -1))),
           struct.pack("<2h", 1 + 20 + 400 - 5, 2 + 30 + 500 - 6))
    code = [Insn("ADD", "I32", 4, (4, 0)), Insn("CONVERT", "I32", 4, (4,), 0), Insn("INDEX", "I64", 5, (), 1),
            Insn("CONVERT", "I64", 5, (5,), 0), Insn("ADD", "F32", 4, (4, 5))]
    program = Program(code, 4, stored("int32"), value="I32", dims=(1, 2, 1))
    posted = conv(tensor, ("uint8", "int8", "fp32"), (1, 2, 3), 2, [window(3)], 2, program=program,
                      inputs=(tensor(3, "int32", (1, 2, 1), strides=[0, 1, 0]),))
    yield ("conv-knows-channels", posted, (*memories, (3, struct.pack("<2i", 1000, -1000))),
           struct.pack("<2f", sum(x[i] * w[i] for i in range(3)) + 1000,
                       sum(x[3 + i] * w[3 + i] for i in range(3)) - 1000 + 1))
