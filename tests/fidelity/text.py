# SPDX-License-Identifier: MIT
"""Commands of the simulation as text for timeline-text: numbers, in the order of tools/vnpu/time/command.h."""

from dataclasses import replace
from functools import singledispatch

from simulation.attention import Attention
from simulation.blocks import FLOATING, ORDERS
from simulation.boxes import Elementwise
from simulation.conv import Conv
from simulation.gemm import Gemm
from simulation.move import Indexed, Move
from simulation.pool import Pool
from simulation.reduce import FACTORS, Normalize, Reduce
from simulation.resample import Resample
from simulation.tensor import GANG, LOCAL, MEMORY, SCRATCHPAD
from simulation.walk import Walk, measured

MODES = ("CONSTANT", "EDGE", "REFLECT", "WRAP")
SELECTIONS = ("AXIS", "ELEMENT", "ND")
PLACES = {MEMORY: 0, LOCAL: 1, SCRATCHPAD: 2, GANG: 4}
TILE = 3


def bits(numbers):
    """A set of small numbers as bits."""
    return sum(1 << number for number in numbers)


def operand(tensor):
    """struct operand; None: there is none."""
    if tensor is None:
        return [0]
    tile = tensor.space if isinstance(tensor.space, int) else 0
    return [tensor.bits, len(tensor.extent), PLACES.get(tensor.space, TILE), tile, int(tensor.static),
            bits(tensor.multicast), tensor.address, *tensor.extent, *tensor.stride]


def program(vector):
    """struct program."""
    if vector is None:
        return [0, 0, 0]
    return [1, vector.weight, len(vector.inputs), *joined(map(operand, vector.inputs))]


def exchanged(tensor):
    """A matrix with rows and columns exchanged; None: there is none."""
    if tensor is None:
        return None
    return replace(tensor, extent=tensor.extent[::-1], stride=tensor.stride[::-1])


def joined(lists):
    """Lists as one."""
    return [number for part in lists for number in part]


def blocks(made):
    """struct blocks."""
    return [made.bm, made.bn, made.bk, made.bg, ORDERS.index(made.order)]


def precision(product):
    """struct precision."""
    return [product.sku.macs(product.kind), int(product.kind in FLOATING), int(product.kind == "int16")]


def window(made):
    """struct window."""
    return [made.kernel, made.stride, made.dilation, made.input_dilation, made.before]


@singledispatch
def body(source):
    """What follows the flags of a command."""
    raise TypeError(f"{source} has no text")


@body.register
def _(gemm: Gemm):
    rows = gemm.row_counts or ()
    return ["gemm", *operand(gemm.a), *operand(gemm.b), *operand(gemm.d), *operand(gemm.rows), len(rows), *rows,
            max(1, gemm.depth), *operand(None), *operand(None), gemm.block, *operand(gemm.scale), *operand(None),
            *blocks(gemm.blocks), *precision(gemm), int(gemm.strict), *program(gemm.post)]


@body.register
def _(conv: Conv):
    return ["conv", *operand(conv.x), *operand(conv.w), *operand(conv.d), max(1, conv.block),
            *operand(exchanged(conv.scale)), *operand(exchanged(conv.zeros)), len(conv.windows), *joined(map(window, conv.windows)), conv.groups, *blocks(conv.blocks),
            *precision(conv), int(conv.strict), *program(conv.post)]


@body.register
def _(elementwise: Elementwise):
    return ["vector", *operand(elementwise.d), *program(elementwise.post), *elementwise.block]


@body.register
def _(pool: Pool):
    return ["pool", *operand(pool.x), *operand(pool.d), *operand(None), len(pool.windows),
            *joined(map(window, pool.windows)), *program(pool.post), *pool.block]


@body.register
def _(reduce: Reduce):
    return ["reduce", *operand(reduce.x), *operand(reduce.d), bits(reduce.axes), int(reduce.scan),
            *program(reduce.pre), *program(reduce.post), *reduce.block]


@body.register
def _(normalize: Normalize):
    return ["normalize", *operand(normalize.x), *operand(normalize.d), bits(normalize.axes),
            list(FACTORS).index(normalize.mode), int(normalize.strict), *program(normalize.pre),
            *program(normalize.post), *normalize.block]


@body.register
def _(move: Move):
    return ["move", *operand(move.x), *operand(move.d), *move.before, *map(MODES.index, move.modes), *move.block]


@body.register
def _(attention: Attention):
    lengths, pages = attention.lengths or (), attention.pages or ()
    columns = len(pages[0]) if pages else 0
    control = dict(zip(("lengths",) * bool(lengths) + ("pages",) * bool(pages), attention.control))
    return ["attention", *joined(map(operand, (attention.q, attention.k, attention.v, attention.d, attention.mask))),
            *operand(control.get("lengths")), len(lengths), *lengths,
            *operand(control.get("pages")), columns * len(pages), *joined(pages), columns, attention.k.extent[2],
            attention.keys, *operand(attention.scale_k), *operand(attention.zeros_k), *operand(attention.scale_v),
            *operand(attention.zeros_v), int(attention.causal),
            *blocks(attention.blocks), attention.sku.macs(attention.q.type), 1, 0, int(attention.strict),
            *program(attention.post)]


@body.register
def _(indexed: Indexed):
    values = [value for _, value in sorted(indexed.values.items())]
    flat = joined(values) if indexed.kind == "ND" else values
    return ["gather", *operand(indexed.dense), *operand(indexed.other), *operand(indexed.index), len(flat), *flat,
            int(indexed.scatters), int(indexed.combines), SELECTIONS.index(indexed.kind), indexed.axis,
            indexed.batch_dims, *indexed.block]


@body.register
def _(resample: Resample):
    return ["resample", *operand(resample.x), *operand(resample.first), len(resample.values), *resample.values,
            *operand(resample.weight), *operand(resample.d), resample.axis, resample.weight.extent[1],
            *program(resample.post), *resample.block]


def command(made):
    """A command: its name, flags and body."""
    name, *numbers = body(made.source)
    return [name, int(made.overlap), int(made.barrier), *numbers]


def stream(commands):
    """The commands of a tile."""
    return [len(commands), *joined(map(command, commands))]


def device(sku, engines=0):
    """The word device."""
    return ["device", sku.array_rows, sku.columns, sku.ports, sku.weight_path, sku.vector, sku.port_bytes,
            sku.memory_mb_s, sku.link_mb_s, sku.khz, sku.load_latency, sku.block_cycles_log2, sku.tiles, engines]


def gang(first, grid, ring):
    """The word gang."""
    return ["gang", first, *grid, ring]


def node(first, streams, time, prefetch=True):
    """The word node; a time of -1: the core queues it."""
    return ["node", first, int(prefetch), time, *joined(map(stream, streams))]


def counts(walk):
    """struct walk."""
    return [walk.bursts, walk.jumps, walk.pages]


def bytes_at(place, size):
    """The walk over some bytes of (memory, address)."""
    return measured(8 * place[1], [(size, 8)])


def copy(engine, time, source, destination, size):
    """The word copy, between (memory, address); a source of None is a fill."""
    walk = bytes_at(source, size) if source else Walk()
    return ["copy", engine, time, int(source is None), PLACES[source[0] if source else MEMORY],
            PLACES[destination[0]], *counts(walk), *counts(bytes_at(destination, size))]
