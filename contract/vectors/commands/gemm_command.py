# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""GEMM commands: operands with zero points and block scales, and perhaps a program behind the body."""

import struct

from program_defects import of_epilogue, of_head
from vector_command import BYTES_A_TENSOR, Insn, Program, VectorCommand, stored, up

OP, BYTES_OF_BODY = 0x10, 1096
NOTHING, ZERO, ZEROS, BLOCKS = range(4)


class Quant:
    """Zero points or block scales; any field can be overwritten after it was made."""

    def __init__(self, tensor, kind=NOTHING, zero=0, block=0, scale=None, zeros=None):
        self.kind, self.mbz, self.block, self.zero = kind, [0] * 3, block, zero
        self.scale, self.zeros = scale or tensor(), zeros or tensor()

    def pack(self):
        """Of the structure."""
        return struct.pack("<4BIQ", self.kind, *self.mbz, self.block, self.zero & (1 << 64) - 1) + \
            self.scale.pack()[:BYTES_A_TENSOR] + self.zeros.pack()[:BYTES_A_TENSOR]


class Matmul(VectorCommand):
    """Body, and perhaps a program and inputs; any field can be overwritten after it was made."""

    def __init__(self, tensor, a, b, d, rows=None, qa=None, qb=None, program=None, inputs=()):
        self.a, self.b, self.rows = a, b, rows or tensor()
        self.qa, self.qb = qa or Quant(tensor), qb or Quant(tensor)
        n, k = d.dim[d.rank - 1], a.dim[a.rank - 1]
        self.bm, self.bn, self.bk, self.bg, self.order, self.mbz = 16, max(n, 1), max(k, 1), 1, 0, [0] * 7
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY)

    def pack_body(self):
        tensors = b"".join(one.pack()[:BYTES_A_TENSOR] for one in (self.a, self.b, self.d, self.rows))
        return tensors + self.qa.pack() + self.qb.pack() + struct.pack(
            "<4I8B", self.bm, self.bn, self.bk, self.bg, self.order, *self.mbz)


def gemm(tensor, types=("fp16", "fp16", "fp32"), m=6, n=10, k=70, batch=(), **fields):
    """Dense operands."""
    return Matmul(tensor, tensor(0, types[0], (*batch, m, k)), tensor(1, types[1], (*batch, k, n)),
                  tensor(2, types[2], (*batch, m, n)), **fields)


def biased(tensor, types=("int8", "uint8", "int8"), m=6, n=10, k=70, heavy=0):
    """A bias for each column, then a multiplication as fixed-point numbers have it; then powers."""
    code = [Insn("ADD", "I32", 5, (4, 0)), Insn("CONSTANT", "I32", 8, (), 0), Insn("RESCALE", "I32", 5, (5, 8), 20)]
    code += [Insn("POW", "F32", 9, (1, 1)) for _ in range(heavy)]
    program = Program(code, 5, stored("int32", "fp32"), consts=[12345], value="I32", dims=(m, n))
    one = {"strides": [0, 1]}
    return gemm(tensor, types, m, n, k, program=program,
                  inputs=(tensor(1, "int32", (m, n), offset=0x2000, **one),
                          tensor(1, "fp32", (m, n), offset=0x3000, **one)))


def scaled(tensor, types=("fp16", "int8", "fp16"), m=6, n=10, k=70, block=32, scale="fp16", zeros=None):
    """Scales, and perhaps zero points, for each block of k."""
    dim = (up(k, block), n)
    one = tensor(1, scale, dim, offset=0x4000)
    other = tensor(1, zeros, dim, offset=0x5000) if zeros else None
    return gemm(tensor, types, m, n, k, qb=Quant(tensor, BLOCKS, 0, block, one, other))


def with_rows(tensor):
    """Row counts for each of three."""
    return gemm(tensor, batch=(3,), rows=tensor(3, "int32", (3,)))


def vector_of_zeros(tensor, type_="int8", **fields):
    """A zero point for each row."""
    return gemm(tensor, ("int8", "uint8", "int32"),
                  qa=Quant(tensor, ZEROS, zeros=tensor(1, type_, (6, 1), offset=0x2000)), **fields)


def valid(tensor):
    """(name, command) of commands that are taken."""
    for types in (("fp32", "fp32", "fp32"), ("fp16", "fp16", "int8"), ("bf16", "bf16", "fp8"),
                  ("int8", "int8", "int32"), ("uint8", "int8", "bool"), ("int8", "uint8", "fp32")):
        yield "gemm-%s-%s-to-%s" % types, gemm(tensor, types)
    for m, n, k in ((1, 1, 1), (1, 33, 65), (100, 32, 32), (5, 7, 0), (0, 7, 9), (200, 31, 100)):
        yield f"gemm-{m}x{n}x{k}", gemm(tensor, m=m, n=n, k=k)
    yield "gemm-of-rank-8", gemm(tensor, batch=(2, 1, 2, 1, 1, 2), m=3, n=4, k=5)
    one = gemm(tensor, batch=(3, 2))
    one.a.dim[0], one.b.dim[0], one.b.dim[1] = 1, 1, 1
    yield "gemm-broadcasts", one
    yield "gemm-with-rows", with_rows(tensor)
    for kind, value in (("zero", 5), ("negative-zero", -300)):
        yield "gemm-" + kind, gemm(tensor, ("int8", "uint8", "int32"), qb=Quant(tensor, ZERO, value))
    yield "gemm-zeros", vector_of_zeros(tensor)
    yield "gemm-zeros-of-int32", vector_of_zeros(tensor, "int32")
    for block in (32, 64, 128, 70):
        yield f"gemm-scales-of-{block}", scaled(tensor, block=block)
    yield "gemm-scales-of-fp32", scaled(tensor, ("bf16", "fp8", "fp32"), scale="fp32")
    yield "gemm-scales-and-zeros", scaled(tensor, scale="fp32", zeros="int8")
    for types in (("int8", "int8", "int4"), ("fp16", "fp16", "fp4")):
        yield "gemm-%s-%s-to-%s" % types, gemm(tensor, types)
    columns = gemm(tensor, ("int8", "int8", "uint4"), m=6)
    columns.d.stride[:2] = [1, 6]
    yield "gemm-to-halves-by-column", columns
    yield "gemm-with-a-program", biased(tensor)
    yield "gemm-with-a-heavy-program", biased(tensor, heavy=20)
    for order in range(1, 4):
        ordered = gemm(tensor, n=100, k=70)
        ordered.order, ordered.bn, ordered.bk = order, 64, 32
        yield f"gemm-order-{order}", ordered


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good, posted, many = gemm(tensor), biased(tensor), gemm(tensor, n=100)
    counted, zeros, scales = with_rows(tensor), vector_of_zeros(tensor), scaled(tensor)
    yield "gemm-scales-of-e8m0", scales, "UNSUPPORTED", {"qb__scale__type": 17}
    yield "gemm-of-fp8", good, "UNSUPPORTED", {"a__type": 4, "b__type": 5}
    for field in ("bm", "bn", "bk", "bg"):
        yield f"gemm-{field}-0", good, "COMMAND", {field: 0}
    yield "gemm-blocks-of-groups", good, "COMMAND", {"bg": 2}
    yield "gemm-order-4", good, "COMMAND", {"order": 4}
    for i in range(7):
        yield f"gemm-mbz-{i}", good, "COMMAND", {f"mbz__{i}": 1}
    yield "gemm-bk-between-rows", good, "COMMAND", {"bk": 24}
    yield "gemm-bn-between-columns", many, "COMMAND", {"bn": 48}
    yield "gemm-other-depth", good, "COMMAND", {"b__dim__0": 69}
    yield "gemm-other-rows", good, "COMMAND", {"d__dim__0": 5}
    yield "gemm-other-columns", good, "COMMAND", {"d__dim__1": 9}
    yield "gemm-of-a-vector", good, "COMMAND", {"a__rank": 1, "a__dim__1": 0, "a__stride__1": 0}
    yield "gemm-other-batch", gemm(tensor, batch=(3,)), "COMMAND", {"b__dim__0": 2}
    yield "gemm-fp16-by-bf16", good, "COMMAND", {"b__type": 3}
    yield "gemm-int8-by-int16", gemm(tensor, ("int8", "int8", "int32")), "COMMAND", {"b__type": 10}
    yield "gemm-of-int32", good, "COMMAND", {"a__type": 12}
    columns = gemm(tensor, ("int8", "int8", "int4"))
    columns.d.stride[:2] = [1, 6]
    yield "gemm-to-halves-cut-by-a-block", columns, "COMMAND", {"bm": 3}
    some = gemm(tensor, ("int8", "int8", "int8"), batch=(3,), rows=tensor(3, "int32", (3,)))
    yield "gemm-to-halves-of-some-rows", some, "UNSUPPORTED", {"d__type": 8}
    yield ("gemm-to-halves-of-several-products", gemm(tensor, ("int8", "int8", "int4"), batch=(3,)), "UNSUPPORTED",
           {"d__stride__0": 1, "d__stride__1": 40, "d__stride__2": 4})
    yield "gemm-fp16-by-int8-without-scales", good, "COMMAND", {"b__type": 6}
    yield "gemm-output-repeats", good, "COMMAND", {"d__stride__0": 0}
    yield "gemm-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    yield "gemm-behind-its-slot", good, "SLOT", {"b__offset": 0x10000 - 1398}
    yield "gemm-rows-of-int64", counted, "COMMAND", {"rows__type": 14}
    yield "gemm-other-counts", counted, "COMMAND", {"rows__dim__0": 2}
    yield "gemm-counts-without-a-batch", good, "COMMAND", {"rows": tensor(3, "int32", (6,))}
    yield "gemm-unknown-quant", good, "COMMAND", {"qa__kind": 4}
    for i in range(3):
        yield f"gemm-quant-mbz-{i}", good, "COMMAND", {f"qb__mbz__{i}": 1}
    yield "gemm-zero-of-fp16", good, "COMMAND", {"qa__kind": ZERO}
    yield "gemm-zero-beyond-int32", gemm(tensor, ("int8", "int8", "int32"), qa=Quant(tensor, ZERO, 1)), "COMMAND", \
        {"qa__zero": 1 << 31}
    yield "gemm-zero-without-a-kind", good, "COMMAND", {"qa__zero": 1}
    yield "gemm-block-without-a-kind", good, "COMMAND", {"qb__block": 32}
    yield "gemm-zeros-of-uint8", zeros, "COMMAND", {"qa__zeros__type": 7}
    yield "gemm-zeros-by-column", zeros, "COMMAND", {"qa__zeros__dim__1": 2}
    yield "gemm-zeros-of-other-rows", zeros, "COMMAND", {"qa__zeros__dim__0": 5}
    yield "gemm-kind-without-zeros", zeros, "COMMAND", {"qa__zeros": tensor()}
    yield "gemm-scales-of-another-size", scales, "COMMAND", {"qb__block": 48}
    yield "gemm-scales-of-other-blocks", scales, "COMMAND", {"qb__block": 64}
    yield "gemm-scales-of-bf16", scales, "COMMAND", {"qb__scale__type": 3}
    yield "gemm-scaled-by-a-zero", scales, "COMMAND", {"qb__zero": 1}
    yield "gemm-scales-of-the-first-operand", good, "COMMAND", {"qa__kind": BLOCKS, "qa__block": 32}
    yield "gemm-kind-without-scales", scales, "COMMAND", {"qb__scale": tensor()}
    yield from of_epilogue("gemm", good, posted, prologue=True)
    yield from of_head("gemm", lambda: biased(tensor), insns=2, inputs=1, result=9)


def results(tensor):
    """(name, command, memories, result) to the bit."""
    a, b = [5, -3, 127, -128, 0, 7], [200, 1, 0, 255, 3, 9]
    want = [sum((a[3 * i + k] - 2) * (b[2 * k + j] - 7) for k in range(3)) for i in range(2) for j in range(2)]
    zero = {"qa": Quant(tensor, ZERO, 2), "qb": Quant(tensor, ZERO, 7)}
    memories = ((0, struct.pack("6b", *a)), (1, bytes(b)))
    yield "gemm-with-zero-points", gemm(tensor, ("int8", "uint8", "int32"), 2, 2, 3, **zero), memories, \
        struct.pack("<4i", *want)
    code = [Insn("ADD", "I32", 4, (4, 0)), Insn("CONVERT", "I32", 4, (4,), 0), Insn("MUL", "F32", 4, (4, 1))]
    program = Program(code, 4, stored("int32", "fp32"), value="I32", dims=(2, 2))
    columns = (tensor(3, "int32", (2, 2), strides=[0, 1]), tensor(3, "fp32", (2, 2), strides=[0, 1], offset=8))
    yield ("gemm-requantizes", gemm(tensor, ("int8", "uint8", "int8"), 2, 2, 3, program=program, inputs=columns, **zero),
           (*memories, (3, struct.pack("<2i2f", 100, -50, 0.03125, 0.0625))),
           struct.pack("4b", *(max(-128, min(127, round((value + (100, -50)[i % 2]) * (0.03125, 0.0625)[i % 2])))
                               for i, value in enumerate(want))))
    packed = gemm(tensor, ("int8", "int8", "int4"), 2, 3, 2)
    packed.d.stride[0] = 4
    yield ("gemm-to-halves", packed,
           ((0, struct.pack("4b", 1, 2, -1, 1)), (1, struct.pack("6b", 1, 2, -3, -3, 3, 5))), bytes((0x7b, 0x07, 0x1c, 0x07)))
    halves = [1.5, -2.0, 0.25, 8.0]
    yield ("gemm-with-block-scales", gemm(tensor, ("fp16", "int8", "fp32"), 1, 2, 2, qb=Quant(
        tensor, BLOCKS, 0, 2, tensor(1, "fp32", (1, 2), offset=8), tensor(1, "int8", (1, 2), offset=4))),
           ((0, struct.pack("<2e", *halves[:2])), (1, struct.pack("<6b2x2f", 10, 20, 30, -40, 1, -2, 0.5, 4.0))),
           struct.pack("<2f", 1.5 * 4.5 - 2 * 14.5, 1.5 * 88 + 2 * 152))
    yield ("gemm-some-rows", gemm(tensor, ("fp16", "fp16", "fp16"), 2, 1, 1, (2,), rows=tensor(3, "int32", (2,))),
           ((0, struct.pack("<4e", *halves)), (1, struct.pack("<2e", 2, 3)), (2, struct.pack("<4e", 1, 1, 1, 1)),
            (3, struct.pack("<2i", 1, 2))), struct.pack("<4e", 3, 1, 0.75, 24))
