# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""ATTENTION commands: queries, keys and values, what of them is seen, and perhaps a program behind the body."""

import struct

from gemm_command import BLOCKS, NOTHING, ZERO, Quant
from program_defects import of_epilogue, of_head
from vector_command import BYTES_A_TENSOR, Insn, Program, VectorCommand, up

OP, BYTES_OF_BODY = 0x14, 1488
EVERY, CAUSAL, TOLD = range(3)


class Attention(VectorCommand):
    """Body, and perhaps a program and inputs; any field can be overwritten after it was made."""

    def __init__(self, tensor, q, k, v, d, scale=1.0, mask_kind=EVERY, mask=None, lengths=None, pages=None, qk=None,
                 qv=None, program=None, inputs=()):
        self.q, self.k, self.v, self.mask_kind = q, k, v, mask_kind
        self.mask, self.lengths, self.pages = mask or tensor(), lengths or tensor(), pages or tensor()
        self.qk, self.qv = qk or Quant(tensor), qv or Quant(tensor)
        self.scale, = struct.unpack("<I", struct.pack("<f", scale))
        self.page_log2, self.mbz = k.dim[2].bit_length() - 1 if pages else 0, 0
        self.keys = pages.dim[1] * k.dim[2] if pages else k.dim[2]
        self.bm, self.bn, self.bk, self.bg, self.order, self.blocks_mbz = 16, max(self.keys, 1), 1, 1, 0, [0] * 7
        super().__init__(program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY)

    def pack_body(self):
        tensors = (self.q, self.k, self.v, self.d, self.mask, self.lengths, self.pages)
        return b"".join(one.pack()[:BYTES_A_TENSOR] for one in tensors) + self.qk.pack() + self.qv.pack() + struct.pack(
            "<IBBH4I8B", self.scale, self.mask_kind, self.page_log2, self.mbz, self.bm, self.bn, self.bk, self.bg,
            self.order, *self.blocks_mbz)


def attention(tensor, types=("fp16", "fp16", "fp16", "fp32"), batch=2, heads=(4, 2), queries=3, keys=10, depth=8, width=6,
              pool=None, **fields):
    """Dense tensors; k and v lie in slot 1."""
    pools = pool or (batch, heads[1], keys)
    return Attention(tensor, tensor(0, types[0], (batch, heads[0], queries, depth)),
                     tensor(1, types[1], (*pools, depth)), tensor(1, types[2], (*pools, width), offset=0x4000),
                     tensor(2, types[3], (batch, heads[0], queries, width)), **fields)


def paged(tensor, lengths=True, page=16, **fields):
    """Three pages for each of two batch indices, of a pool of seven."""
    return attention(tensor, pool=(7, 2, page), pages=tensor(3, "int32", (2, 3)),
                     lengths=tensor(3, "int32", (2,), offset=64) if lengths else None, **fields)


def told(tensor, **fields):
    """A mask that all heads share."""
    return attention(tensor, mask_kind=TOLD, mask=tensor(1, "bool", (2, 4, 3, 10), offset=0x8000, strides=[30, 0, 10, 1]),
                     **fields)


def scales(tensor, width, block, type_="fp16", rows=10, zeros=None, offset=0x9000):
    """Of blocks along a row of keys or values."""
    dim = (2, 2, rows, up(width, block))
    return Quant(tensor, BLOCKS, 0, block, tensor(1, type_, dim, offset=offset),
                 tensor(1, zeros, dim, offset=offset + 0x1000) if zeros else None)


def scaled(tensor, types=("fp16", "int8", "int8", "fp16"), **fields):
    """Both operands with block scales, keys also with zero points."""
    return attention(tensor, types, depth=70, width=40, qk=scales(tensor, 70, 32, zeros="int8"),
                     qv=scales(tensor, 40, 40, "fp32", offset=0xb000), **fields)


def doubled(tensor, **fields):
    """Twice the value."""
    program = Program([Insn("ADD", "F32", 5, (4, 4))], 5, value="FP32", dims=(2, 4, 3, 6))
    return attention(tensor, program=program, **fields)


def valid(tensor):
    """(name, command) of commands that are taken."""
    for type_ in ("fp32", "fp16", "bf16"):
        yield "attention-" + type_, attention(tensor, (type_,) * 3 + ("fp32",))
    yield "attention-to-int8", attention(tensor, ("fp16",) * 3 + ("int8",))
    yield "attention-to-halves", attention(tensor, ("fp16",) * 3 + ("fp4",))
    for heads in ((1, 1), (3, 1), (4, 4)):
        yield "attention-heads-%d-%d" % heads, attention(tensor, heads=heads)
    yield "attention-causal", attention(tensor, mask_kind=CAUSAL)
    yield "attention-causal-of-few-keys", attention(tensor, queries=9, keys=4, mask_kind=CAUSAL)
    yield "attention-told", told(tensor)
    yield "attention-with-lengths", attention(tensor, lengths=tensor(3, "int32", (2,)))
    for page in (16, 64, 256):
        yield f"attention-pages-of-{page}", paged(tensor, page=page)
    yield "attention-pages-without-lengths", paged(tensor, False)
    halved = paged(tensor, page=64)
    halved.bn = 32
    yield "attention-blocks-of-half-a-page", halved
    yield "attention-with-scales", scaled(tensor)
    yield "attention-with-scaled-values", attention(tensor, ("bf16", "bf16", "int8", "fp32"), qv=scales(tensor, 6, 32))
    yield "attention-many-keys", attention(tensor, batch=1, heads=(2, 1), queries=20, keys=300)
    yield "attention-without-depth", attention(tensor, depth=0)
    yield "attention-without-keys", attention(tensor, keys=0)
    yield "attention-nothing", attention(tensor, queries=0)
    yield "attention-with-a-program", doubled(tensor)


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good, many, pages, mask = attention(tensor), attention(tensor, keys=100), paged(tensor), told(tensor)
    posted, blocks = doubled(tensor), scaled(tensor)
    for field in ("bm", "bn", "bk", "bg"):
        yield f"attention-{field}-0", good, "COMMAND", {field: 0}
    for field in ("bk", "bg"):
        yield f"attention-{field}-2", good, "COMMAND", {field: 2}
    yield "attention-order-1", good, "COMMAND", {"order": 1}
    yield "attention-blocks-mbz", good, "COMMAND", {"blocks_mbz__6": 1}
    yield "attention-mbz", good, "COMMAND", {"mbz": 1}
    yield "attention-bn-between-columns", many, "COMMAND", {"bn": 48}
    yield "attention-bn-between-pages", paged(tensor, page=64), "COMMAND", {"bn": 96}
    wide = attention(tensor, batch=1, heads=(1, 1), queries=1000, depth=8, width=6, keys=640)
    yield "attention-block-beyond-the-scratchpad", wide, "COMMAND", {"bm": 1000}
    yield "attention-mask-unknown", good, "COMMAND", {"mask_kind": 3}
    yield "attention-told-without-a-mask", mask, "COMMAND", {"mask": tensor()}
    yield "attention-mask-that-is-not-used", mask, "COMMAND", {"mask_kind": CAUSAL}
    yield "attention-mask-of-int8", mask, "COMMAND", {"mask__type": 6}
    yield "attention-mask-of-other-keys", mask, "COMMAND", {"mask__dim__3": 9}
    yield "attention-mask-of-other-heads", mask, "COMMAND", {"mask__dim__1": 1}
    yield "attention-heads-that-do-not-share", attention(tensor, heads=(4, 4)), "COMMAND", \
        {"k__dim__1": 3, "v__dim__1": 3}
    yield "attention-other-depth", good, "COMMAND", {"k__dim__3": 7}
    yield "attention-other-width", good, "COMMAND", {"v__dim__3": 5}
    yield "attention-other-queries", good, "COMMAND", {"d__dim__2": 2}
    yield "attention-other-heads", good, "COMMAND", {"d__dim__1": 2}
    yield "attention-other-batch", good, "COMMAND", {"d__dim__0": 1}
    yield "attention-keys-of-another-batch", good, "COMMAND", {"k__dim__0": 1, "v__dim__0": 1}
    yield "attention-values-of-other-keys", good, "COMMAND", {"v__dim__2": 9}
    yield "attention-values-of-other-heads", good, "COMMAND", {"v__dim__1": 1}
    yield "attention-values-of-another-pool", pages, "COMMAND", {"v__dim__0": 6}
    for name in ("q", "k", "v"):
        yield f"attention-{name}-of-another-rank", good, "COMMAND", {f"{name}__rank": 5, f"{name}__dim__4": 1}
        yield f"attention-without-{name}", good, "COMMAND", {name: tensor()}
        yield f"attention-{name}-of-bf16", good, "COMMAND", {f"{name}__type": 3}
    yield "attention-of-integers", good, "COMMAND", {"q__type": 6, "k__type": 6, "v__type": 6}
    yield ("attention-to-halves-of-several-rows", attention(tensor, ("fp16",) * 3 + ("int4",), queries=4), "UNSUPPORTED",
           {"d__stride__2": 1, "d__stride__3": 4})
    yield "attention-lengths-of-int64", pages, "COMMAND", {"lengths__type": 14}
    yield "attention-other-lengths", pages, "COMMAND", {"lengths__dim__0": 1}
    yield "attention-lengths-of-another-rank", pages, "COMMAND", {"lengths__rank": 2, "lengths__dim__1": 1}
    yield "attention-pages-of-int64", paged(tensor, False), "COMMAND", {"pages__type": 14}
    yield "attention-other-pages", pages, "COMMAND", {"pages__dim__0": 1}
    yield "attention-pages-of-another-rank", pages, "COMMAND", {"pages__rank": 3, "pages__dim__2": 1}
    for value in (0, 3, 5, 9):
        yield f"attention-page-log2-{value}", pages, "COMMAND", {"page_log2": value}
    yield "attention-page-log2-without-pages", good, "COMMAND", {"page_log2": 4}
    yield "attention-zero-point-of-keys", attention(tensor), "COMMAND", {"qk__kind": ZERO}
    yield "attention-int8-without-scales", blocks, "COMMAND", {"qk": Quant(tensor, NOTHING)}
    yield "attention-scales-of-fp16", good, "COMMAND", {"qv": scales(tensor, 6, 32)}
    yield "attention-scales-of-other-blocks", blocks, "COMMAND", {"qk__block": 64}
    yield "attention-scales-of-another-size", blocks, "COMMAND", {"qk__block": 48}
    yield "attention-scales-of-other-keys", blocks, "COMMAND", {"qk__scale__dim__2": 9}
    yield "attention-zeros-of-other-keys", blocks, "COMMAND", {"qk__zeros__dim__2": 9}
    yield "attention-output-repeats", good, "COMMAND", {"d__stride__0": 0}
    yield "attention-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    yield "attention-values-behind-their-slot", good, "SLOT", {"v__offset": 0x10000 - 478}
    yield from of_epilogue("attention", good, posted, prologue=True)
    yield from of_head("attention", lambda: doubled(tensor), insns=2, inputs=1, result=9)


def results(tensor):
    """(name, command, memories, result) to the bit: weights that are equal, or of one key."""
    def small(**fields):
        return Attention(tensor, tensor(0, "fp16", (1, 2, 2, 1)), tensor(1, "fp16", (1, 1, 4, 1)),
                         tensor(1, "fp16", (1, 1, 4, 1), offset=8), tensor(2, "fp32", (1, 2, 2, 1)), **fields)

    values = struct.pack("<4e", 1, 2, 4, 8)
    same = ((0, struct.pack("<4e", 0, 0, 0, 0)), (1, struct.pack("<4e", 5, -7, 1, 9) + values))
    yield "attention-means", small(), same, struct.pack("<4f", *[3.75] * 4)
    packed = Attention(tensor, tensor(0, "fp16", (1, 1, 2, 1)), tensor(1, "fp16", (1, 1, 2, 1)),
                       tensor(1, "fp16", (1, 1, 2, 3), offset=4), tensor(2, "int4", (1, 1, 2, 3), strides=[0, 0, 4, 1]))
    yield "attention-to-halves", packed, \
        ((0, bytes(4)), (1, bytes(4) + struct.pack("<6e", 1, 2, -8, 3, 4, -9))), bytes((0x32, 0x08, 0x32, 0x08))
    yield "attention-sees-no-later-key", small(mask_kind=CAUSAL, lengths=tensor(3, "int32", (1,))), \
        (*same, (3, struct.pack("<i", 2))), struct.pack("<4f", 1, 1.5, 1, 1.5)
    yield "attention-rows-without-keys", small(mask_kind=CAUSAL, lengths=tensor(3, "int32", (1,))), \
        (*same, (3, struct.pack("<i", 1))), struct.pack("<4f", 0, 1, 0, 1)
    mask = tensor(3, "bool", (1, 2, 2, 4))
    yield "attention-sees-what-it-is-told", small(mask_kind=TOLD, mask=mask), \
        (*same, (3, bytes((1, 0, 0, 9, 0, 0, 0, 0, 0, 1, 0, 0, 255, 1, 0, 0)))), struct.pack("<4f", 4.5, 0, 2, 1.5)
    far = ((0, struct.pack("<4e", 100, -100, 200, -1000)), (1, struct.pack("<4e", 5, -7, 1, 9) + values))
    yield "attention-finds-the-greatest", small(), far, struct.pack("<4f", 8, 2, 8, 2)
    yield "attention-scales-scores", small(scale=-1.0), far, struct.pack("<4f", 2, 8, 2, 8)
    pages = Attention(tensor, tensor(0, "fp16", (1, 1, 1, 1)), tensor(1, "int8", (3, 1, 16, 1)),
                      tensor(1, "fp16", (3, 1, 16, 1), strides=[2, 0, 0, 0], offset=48), tensor(2, "fp32", (1, 1, 1, 1)),
                      lengths=tensor(3, "int32", (1,)), pages=tensor(3, "int32", (1, 3), offset=4),
                      qk=Quant(tensor, BLOCKS, 0, 1, tensor(3, "fp32", (1, 1, 16, 1), strides=[0] * 4, offset=16)))
    yield "attention-in-pages", pages, \
        ((0, bytes(2)), (1, bytes(48) + struct.pack("<5e", 3, 0, 5, 0, 8)),
         (3, struct.pack("<4if", 32, 2, 0, -1, 1.0))), struct.pack("<f", 5.5)
    two = Attention(tensor, tensor(0, "fp32", (1, 1, 1, 2)), tensor(1, "int8", (1, 1, 2, 2)),
                    tensor(1, "int8", (1, 1, 2, 2), offset=4), tensor(2, "fp32", (1, 1, 1, 2)),
                    qk=Quant(tensor, BLOCKS, 0, 2, tensor(1, "fp32", (1, 1, 2, 1), offset=8)),
                    qv=Quant(tensor, BLOCKS, 0, 2, tensor(1, "fp32", (1, 1, 2, 1), offset=16),
                             tensor(1, "int8", (1, 1, 2, 1), offset=24)))
    # Scores 0.5 * (2 + 2) and 1.0 * (1 + 1): equal.
    yield "attention-of-scaled-elements", two, \
        ((0, struct.pack("<2f", 1, 2)), (1, struct.pack("<8b4f2b", 2, 1, 0, 1, 10, -6, 7, 3, 0.5, 1.0, 0.25, 2.0, 2, -1))), \
        struct.pack("<2f", (0.25 * 8 + 2.0 * 8) / 2, (0.25 * -8 + 2.0 * 4) / 2)
