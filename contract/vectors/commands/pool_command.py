# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""POOL commands, with and without a program."""

import math
import struct

from vector_command import BYTES_A_TENSOR, Insn, Program, VectorCommand

OP, BYTES_OF_BODY = 0x20, 536
MAX, SUM = range(2)


class PoolCommand(VectorCommand):
    """Body, and perhaps a program and inputs; windows are (kernel, stride, dilation, input dilation, before, after)."""

    def __init__(self, x, d, windows, index=None, mode=MAX, count=0, program=None, inputs=()):
        self.x, self.index, self.mode, self.dims, self.count, self.mbz = x, index, mode, len(windows), count, [0] * 5
        for i in range(3):
            setattr(self, f"w{i}", list(windows[i]) if i < len(windows) else [0] * 6)
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY)

    def pack_body(self):
        tensors = b"".join(one.pack()[:BYTES_A_TENSOR] for one in (self.x, self.d, self.index))
        fields = struct.pack("<8B", self.mode, self.dims, self.count, *self.mbz)
        windows = b"".join(struct.pack("<4I2Q", *(value & (1 << 64) - 1 for value in window))
                           for window in (self.w0, self.w1, self.w2))
        return tensors + fields + windows + struct.pack("<8I", *self.block)


def out_of(extent, window):
    """Windows over that many elements."""
    kernel, stride, dilation, input_dilation, before, after = window
    dilated = (extent - 1) * input_dilation + 1 if extent else 0
    return (dilated + before + after - dilation * (kernel - 1) - 1) // stride + 1


def window(kernel=2, stride=1, dilation=1, input_dilation=1, before=0, after=0):
    """Members in their order."""
    return kernel, stride, dilation, input_dilation, before, after


def pool(tensor, type_="fp16", to=None, dim=(2, 5, 9, 12), windows=None, indices=False, **fields):
    """Windows of 3 x 2 with a stride of 2 over two dimensions."""
    windows = windows or [window(3, 2, before=1, after=1), window(2, 2)]
    out = (*dim[:2], *(out_of(extent, one) for extent, one in zip(dim[2:], windows)))
    return PoolCommand(tensor(0, type_, dim), tensor(2, to or type_, out), windows,
                       tensor(2, "int64", out, offset=0x8000) if indices else tensor(), **fields)


def average(tensor, heavy=0):
    """Sums by the number of elements inside of x, plus an input; then powers, so that memory is no bound."""
    dim = (2, 5, 5, 6)
    code = [Insn("CONVERT", "I64", 3, (3,), 0), Insn("DIV", "F32", 5, (4, 3)), Insn("ADD", "F32", 5, (5, 0))]
    code += [Insn("POW", "F32", 5, (5, 0)) for _ in range(heavy)]
    return pool(tensor, mode=SUM, count=1, program=Program(code, 5, ["FP32"], value="FP32", dims=dim),
                inputs=[tensor(1, "fp32", dim, strides=[0, 1, 0, 0])])


def valid(tensor, types):
    """(name, command) of commands that are taken."""
    for type_ in types:
        yield "pool-max-" + type_, pool(tensor, type_)
        if type_ != "bool":
            yield "pool-sum-" + type_, pool(tensor, type_, "fp32", mode=SUM)
    yield "pool-of-halves", pool(tensor, "int4", "int32", mode=SUM)
    yield "pool-to-halves", pool(tensor, "int8", "int4")
    yield "pool-with-places", pool(tensor, "int8", indices=True)
    yield "pool-one-dimension", pool(tensor, dim=(2, 5, 40), windows=[window(5, 3)])
    yield ("pool-three-dimensions",
           pool(tensor, dim=(2, 3, 6, 5, 7), windows=[window(2), window(3, 2), window(2, 3, before=2)]))
    yield "pool-dilated", pool(tensor, dim=(1, 8, 20), windows=[window(3, 1, 4)])
    yield "pool-elements-apart", pool(tensor, dim=(1, 8, 20), windows=[window(3, 2, 1, 3)])
    yield "pool-both-apart", pool(tensor, dim=(1, 8, 20), windows=[window(3, 2, 4, 6, 5, 7)])
    yield "pool-cut", pool(tensor, dim=(1, 8, 20), windows=[window(3, before=-2, after=-5)])
    yield "pool-all-cut", pool(tensor, dim=(1, 8, 20), windows=[window(3, before=-30, after=40)])
    yield "pool-padding-only", pool(tensor, dim=(1, 8, 0), windows=[window(3, before=4, after=4)])
    yield "pool-a-whole-picture", pool(tensor, dim=(2, 40, 7, 7), windows=[window(7), window(7)], mode=SUM)
    yield "pool-windows-apart", pool(tensor, dim=(1, 2, 2000), windows=[window(1, 1000)])
    yield "pool-windows-of-nothing", pool(tensor, dim=(1, 2, 3), windows=[window(5, 2)])
    yield "pool-no-images", pool(tensor, dim=(0, 5, 9, 12), indices=True)
    yield "pool-no-channels", pool(tensor, dim=(2, 0, 9, 12))
    last = pool(tensor, dim=(2, 64, 9, 12))
    last.x.stride[:4], last.d.stride[:4] = [6912, 1, 768, 64], [1920, 1, 384, 64]
    yield "pool-channels-last", last
    repeated = pool(tensor)
    repeated.x.stride[3] = 0
    yield "pool-repeats-a-column", repeated
    yield "pool-with-a-program", average(tensor)
    yield "pool-with-a-heavy-program", average(tensor, heavy=20)
    posted = average(tensor)
    posted.count, posted.program = 0, Program([], 4, ["FP32"], value="FP32", dims=(2, 5, 5, 6))
    posted.size = len(posted.pack_parts()) + 16
    yield "pool-without-a-count", posted


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good, longer, placed = pool(tensor), average(tensor), pool(tensor, indices=True)
    yield "pool-unknown-mode", good, "COMMAND", {"mode": 2}
    yield "pool-sum-of-bool", pool(tensor, "bool"), "COMMAND", {"mode": SUM}
    yield "pool-places-of-a-sum", placed, "COMMAND", {"mode": SUM}
    yield "pool-no-dimensions", good, "COMMAND", {"dims": 0}
    yield "pool-four-dimensions", good, "COMMAND", {"dims": 4}
    yield "pool-other-dimensions", good, "COMMAND", {"dims": 1}
    yield "pool-count-2", longer, "COMMAND", {"count": 2}
    yield "pool-count-without-a-program", good, "COMMAND", {"count": 1}
    yield "pool-program-without-its-count", longer, "COMMAND", {"count": 0}
    for i in range(5):
        yield f"pool-mbz{i}", good, "COMMAND", {f"mbz__{i}": 1}
    for i, name in enumerate(("kernel", "stride", "dilation", "input-dilation")):
        yield f"pool-no-{name}", good, "COMMAND", {f"w1__{i}": 0}
        one = pool(tensor, dim=(1, 2, 1), windows=[window(1, (1 << 31) - 1, 1, 1)])
        if i:
            one.w0[i] = (1 << 31) - 1
            yield f"pool-{name}-beyond-31-bits", one, "COMMAND", {f"w0__{i}": 1 << 31}
    for i, name in enumerate(("kernel", "stride", "dilation", "input-dilation", "before", "after")):
        yield f"pool-other-{name}", good, "COMMAND", {f"w0__{i}": good.w0[i] + 3}
        yield f"pool-{name}-beyond-the-dimensions", good, "COMMAND", {f"w2__{i}": 1}
    yield "pool-window-larger-than-all", pool(tensor, dim=(1, 2, 3), windows=[window(5, 2)]), "COMMAND", {"w0__0": 6}
    yield ("pool-pad-beyond-31-bits", pool(tensor, dim=(1, 2, 3), windows=[window(1, 1 << 30, before=(1 << 31) - 1)]),
           "COMMAND", {"w0__4": 1 << 31})
    for name, value in (("number-256", 256), ("without-value", 0)):
        yield (f"pool-pad-parameter-{name}", good, "COMMAND" if value else "PARAMETER", {"w0__5": 1 << 62 | value})
    yield "pool-other-images", good, "COMMAND", {"d__dim__0": 1}
    yield "pool-other-channels", good, "COMMAND", {"d__dim__1": 4}
    yield "pool-one-row-more", good, "COMMAND", {"d__dim__2": 6}
    yield "pool-one-column-less", good, "COMMAND", {"d__dim__3": 5}
    yield "pool-of-another-rank", good, "COMMAND", {"d__rank": 3, "d__dim__3": 0, "d__stride__3": 0, "block__3": 0}
    yield "pool-places-of-another-shape", placed, "COMMAND", {"index__dim__3": 5}
    yield "pool-places-of-int32", placed, "COMMAND", {"index__type": 12}
    yield "pool-to-halves-cut-by-a-step", pool(tensor, "int8", "int4"), "COMMAND", {"block__3": 3}
    yield ("pool-too-much-work", pool(tensor, dim=(1, 3, 1, 1, 1), windows=[window(1 << 20, before=(1 << 20) - 1),
                                                                            window(1 << 30, before=(1 << 30) - 1),
                                                                            window(1)]),
           "UNSUPPORTED", {"w0__0": 1 << 22, "w0__4": (1 << 22) - 1})
    yield "pool-step-without-extent", good, "COMMAND", {"block__1": 0}
    yield "pool-step-beyond-the-rank", good, "COMMAND", {"block__4": 1}
    yield "pool-output-repeats", good, "COMMAND", {"d__stride__0": 0}
    yield "pool-places-repeat", placed, "COMMAND", {"index__stride__0": 0}
    yield "pool-input-behind-its-slot", good, "SLOT", {"x__offset": 0x10000 - 2158}
    yield "pool-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    yield "pool-places-in-a-slot-for-reading", placed, "SLOT", {"index__slot": 1}
    yield "pool-size", good, "COMMAND", {"size": good.size + 8}
    yield "pool-program-that-is-none", good, "COMMAND", {"post": good.size}
    yield "pool-program-in-the-body", longer, "COMMAND", {"post": longer.post - 8}
    yield "pool-program-without-place", longer, "COMMAND", {"post": 0, "count": 0}
    yield "pool-program-input-of-another-shape", longer, "COMMAND", {"in0__dim__3": 5}
    yield "pool-value-of-another-register", longer, "COMMAND", {"x__type": 6}
    four = Program([], 0, ["FP32"] * 4, value="FP32", dims=(2, 5, 5, 6))
    inputs = [tensor(1, "fp32", (2, 5, 5, 6), strides=[0] * 4) for _ in range(4)]
    yield ("pool-four-inputs-and-a-count", pool(tensor, mode=SUM, program=four, inputs=inputs), "COMMAND",
           {"count": 1})


def results(tensor):
    """(name, command, memories, result) to the bit."""
    codes = [3, -7, 5, 5, -128, 127, 0, 9]

    def row(type_="int8", to=None, dim=(1, 1, 8), win=window(3, 2, before=1, after=1), **fields):
        return pool(tensor, type_, to, dim, [win], **fields)

    memory = ((0, struct.pack("8b", *codes)),)
    yield "pool-maxima", row(), memory, struct.pack("4b", 3, 5, 127, 127)
    yield ("pool-of-halves", row("int4", "int16", (1, 1, 6), mode=SUM), ((0, bytes((0x93, 0x55, 0xf8))),),
           struct.pack("<3h", -4, 3, -4))
    yield "pool-to-halves", row(to="uint4", dim=(1, 1, 6)), memory, bytes((0x53, 0x0f))
    yield "pool-sums", row(to="int16", mode=SUM), memory, struct.pack("<4h", -4, 3, 4, 136)
    yield "pool-sums-saturate", row(mode=SUM), memory, struct.pack("4b", -4, 3, 4, 127)
    yield ("pool-elements-lie-apart", row(to="int16", win=window(2, 2, 1, 3, 1, 0), mode=SUM), memory,
           struct.pack("<11h", *(sum(codes[p // 3] for p in (2 * o - 1, 2 * o) if p >= 0 and p % 3 == 0 and p // 3 < 8)
                                 for o in range(11))))
    yield "pool-is-cut", row(win=window(2, before=-3, after=-2)), memory, struct.pack("2b", 5, 127)
    yield ("pool-padding-has-the-least-value", row(win=window(2, 5, before=3, after=4)), memory,
           struct.pack("3b", -128, 5, 9))
    for type_, to, want in (("uint64", "uint64", bytes(8)), ("fp32", "fp32", struct.pack("<f", -math.inf)),
                            ("int8", "int64", struct.pack("<q", -1 << 63)), ("bool", "bool", b"\0")):
        yield (f"pool-max-of-no-{type_}", row(type_, to, (1, 1, 0), window(1, before=1)), (), want)
    yield "pool-sum-of-nothing", row(dim=(1, 1, 0), win=window(1, before=1), mode=SUM), (), b"\0"
    counted = Program([Insn("MOVE", "I64", 5, (3,))], 5, value="INT64", dims=(1, 1, 4))
    yield ("pool-counts-what-lies-inside", row(win=window(4, 3, before=3, after=4), count=1, program=counted), memory,
           struct.pack("4b", 1, 4, 4, 2))
    places = PoolCommand(tensor(0, "fp32", (1, 1, 8)), tensor(2, "fp32", (1, 1, 2), offset=16), [window(4, 4)],
                         tensor(2, "int64", (1, 1, 2)))
    values = [-0.0, 0.0, -1.0, -2.0, 5.0, math.nan, 7.0, math.nan]
    yield ("pool-places", places, ((0, struct.pack("<8f", *values)),), struct.pack("<2q", 0, 5))
    plane = PoolCommand(tensor(0, "int8", (1, 1, 2, 4)), tensor(2, "int8", (1, 1, 1, 2), offset=24),
                        [window(2), window(2, 2)], tensor(2, "int64", (1, 1, 1, 2)))
    yield "pool-places-in-a-plane", plane, memory, struct.pack("<2q", 5, 7)
    nothing = PoolCommand(tensor(0, "int8", (1, 1, 0)), tensor(2, "int8", (1, 1, 1), offset=8), [window(1, before=1)],
                          tensor(2, "int64", (1, 1, 1)))
    yield "pool-no-place", nothing, (), struct.pack("<q", -1)
    # 2^24 and then ones: each addition is rounded on its own, in row-major order.
    summed = row("fp32", win=window(8), mode=SUM)
    yield ("pool-rounds-each-sum", summed, ((0, struct.pack("<8f", 1, 2.0 ** 24, 1, 1, 1, 1, 1, 2)),),
           struct.pack("<f", 2.0 ** 24 + 2))
    halves = Program([Insn("CONVERT", "I64", 4, (4,), 0), Insn("CONVERT", "I64", 3, (3,), 0),
                      Insn("DIV", "F32", 5, (4, 3))], 5, value="INT64", dims=(1, 1, 4))
    yield ("pool-averages", row(to="fp32", mode=SUM, count=1, program=halves), memory,
           struct.pack("<4f", -2, 1, struct.unpack("<f", struct.pack("<f", 4 / 3))[0],
                       struct.unpack("<f", struct.pack("<f", 136 / 3))[0]))
