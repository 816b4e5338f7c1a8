# SPDX-License-Identifier: MIT
"""Commands whose steps are boxes of a tensor that is walked (manual, section 15.3)."""

from itertools import product

from simulation import vector
from simulation.flows import ceiling
from simulation.steps import Command, Refused, Step, Store, in_order, load_of
from simulation.tensor import volume

LIMIT = 4096


def boxes(extent, block, inner=()):
    """(start, size) of the blocks of a tensor; the dimensions of `inner` are the inner loops, each set row-major."""
    if volume(min(b, n) for b, n in zip(block, extent)) > LIMIT:
        raise Refused(f"COMMAND: a block of more than {LIMIT} elements")
    order = [i for i in range(len(extent)) if i not in inner] + sorted(inner)
    for place in product(*(range(ceiling(extent[i], block[i])) for i in order)):
        start = [0] * len(extent)
        for i, number in zip(order, place):
            start[i] = number * block[i]
        yield tuple(start), tuple(min(b, n - s) for b, n, s in zip(block, extent, start))


def write(tensor, start, size):
    """The store of a box."""
    return Store(tensor, tensor.walk(start, size))


def made(sku, loads, cycles, store):
    """A step; a vector part that is too long ends in steps of its own."""
    return cut(Step(loads=in_order(loads), vector=cycles, store=store), 1 << sku.block_cycles_log2)


def cut(step, limit):
    """A step as steps of at most `limit` cycles of the vector unit: the last one stores."""
    parts = max(1, ceiling(step.vector, limit))
    if parts == 1:
        return [step]
    each = ceiling(step.vector, parts)
    pieces = [Step(vector=min(each, step.vector - i * each)) for i in range(parts)]
    pieces[0].loads, pieces[-1].store = step.loads, step.store
    return pieces


def built(steps, overlap=False, name=""):
    """A command of those steps, each a list of pieces; the loads of a step are freed by its last piece."""
    for pieces in steps:
        for load in pieces[0].loads:
            pieces[-1].use(load)
    flat = [piece for pieces in steps for piece in pieces]
    held = [sum(load.held for load in step.loads) for step in flat]
    return Command(flat, 0, overlap, name, 2 * max(held, default=0))


def elementwise(sku, d, post, block, overlap=False):
    """VECTOR: d = post(inputs)."""
    steps = []
    for start, size in boxes(d.extent, block):
        strides = [tensor.stride for tensor in (d, *post.inputs)]
        cycles = vector.strips(size, strides, sku) * post.weight
        steps.append(made(sku, [load_of(x, start, size) for x in post.inputs], cycles, write(d, start, size)))
    return built(steps, overlap, "VECTOR")
