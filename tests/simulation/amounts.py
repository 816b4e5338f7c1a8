# SPDX-License-Identifier: MIT
"""What a node does, as far as energy is concerned (manual, section 13.5), from the steps of its commands."""

from functools import singledispatch

from simulation.attention import Attention
from simulation.blocks import Product
from simulation.tensor import GANG, LOCAL, MEMORY, SCRATCHPAD
from simulation.walk import Walk


@singledispatch
def products(_source):
    """Products of a command."""
    return 0


@products.register
def _(product: Product):
    return sum(count(product, index) for index in product.all_indices() if not product.skipped(index))


@products.register
def _(attention: Attention):
    return sum(m * keys * (attention.width + attention.out_width)
               for batch in range(attention.batches)
               for m, row in blocks_of_rows(attention)
               for _, keys in attention.key_blocks(batch, row, m)) * attention.kv_heads


def blocks_of_rows(attention):
    """Rows and first row of each block."""
    for row in range(0, attention.rows, attention.blocks.bm):
        yield min(attention.blocks.bm, attention.rows - row), row


def count(product, index):
    """Products of a step, of all its groups."""
    m, n, k = product.size(index)
    return m * n * k * (product.groups_of(index)[1] if hasattr(product, "groups_of") else 1)


def transfers(commands, place):
    """(space, walk) of what is loaded and stored; a multicast counts in its first tile."""
    for command in commands:
        for step in command.steps:
            for load in step.loads:
                if not any(place[i] for i in load.multicast):
                    yield load.space, load.walk
            for store in step.stores:
                yield store.space, store.walk


def of_tile(commands, place, tiles, sku):
    """(products, vector operations, scratchpad bytes, memory bytes, link bytes, steps) of a stream."""
    steps = [step for command in commands for step in command.steps]
    held = sum(load.held for step in steps for load in step.loads)
    stores = [store for step in steps for store in step.stores]
    stored = sum(s.walk.bytes * {SCRATCHPAD: 1, GANG: tiles}.get(s.space, 0) for s in stores)
    moved = {MEMORY: Walk(), LOCAL: Walk()}
    for space, walk in transfers(commands, place):
        if space in moved:
            moved[space] += walk
    memory, link = (LOCAL, MEMORY) if sku.link_mb_s else (MEMORY, LOCAL)
    return (sum(products(command.source) for command in commands), sum(step.vector for step in steps) * sku.vector,
            held + stored, moved[memory].bytes, moved[link].bytes, len(steps))


def amounts(node, sku):
    """The same of a node, on all its tiles."""
    grid = node.group.grid
    tiles = grid[0] * grid[1]
    parts = [of_tile(stream, divmod(t, grid[1]), tiles, sku) for t, stream in enumerate(node.streams)]
    return [sum(column) for column in zip(*parts)]
