# SPDX-License-Identifier: MIT
"""Commands whose steps are boxes of a tensor that is walked (manual, section 13.3)."""

from dataclasses import dataclass
from itertools import product

from simulation import vector
from simulation.flows import ceiling
from simulation.steps import Command, Refused, Step, Store, cut, in_order, load_of
from simulation.tensor import Tensor, volume
from simulation.vector import Vector

LIMIT = 4096


def boxes(extent, block, inner=(), empty=False):
    """
    (start, size) of the blocks of a tensor; the dimensions of `inner` are the inner loops, each set row-major. With
    `empty` they have one block, without elements, if the extent of one is 0.
    """
    if volume(min(b, n) for b, n in zip(block, extent)) > LIMIT:
        raise Refused(f"COMMAND: a block of more than {LIMIT} elements")
    order = [i for i in range(len(extent)) if i not in inner] + sorted(inner)
    single = inner if empty and any(not extent[i] for i in inner) else ()
    block = [max(1, extent[i]) if i in single else b for i, b in enumerate(block)]
    for place in product(*(range(1 if i in single else ceiling(extent[i], block[i])) for i in order)):
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


def first_box(extent, block):
    """The size of a box at the begin, which is as large as any."""
    return tuple(min(b, n) for b, n in zip(block, extent))


def built(steps, source, largest, overlap=False, name=""):
    """
    A command of those steps, each a list of pieces; the loads of a step are freed by its last piece. `largest` are the
    operands that it loads, each with the size of the largest box that a step could load of it.
    """
    for pieces in steps:
        for load in pieces[0].loads:
            pieces[-1].use(load)
    flat = [piece for pieces in steps for piece in pieces]
    needed = 2 * sum(tensor.held(size) for tensor, size in largest if tensor.loads)
    return Command(flat, 0, overlap, name, needed, source=source)


def of_inputs(program, size):
    """The inputs of a program with the size of their boxes."""
    return [(tensor, size) for tensor in vector.inputs(program)]


@dataclass
class Elementwise:
    """VECTOR: d = post(inputs)."""

    d: Tensor
    post: Vector
    block: tuple


def elementwise(sku, d, post, block, overlap=False):
    """The command VECTOR."""
    steps = []
    for start, size in boxes(d.extent, block):
        strides = [tensor.stride for tensor in (d, *post.inputs)]
        cycles = vector.strips(size, strides, sku) * post.weight
        steps.append(made(sku, [load_of(x, start, size) for x in post.inputs], cycles, write(d, start, size)))
    largest = of_inputs(post, first_box(d.extent, block))
    return built(steps, Elementwise(d, post, block), largest, overlap, "VECTOR")
