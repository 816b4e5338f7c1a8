# SPDX-License-Identifier: MIT
"""The rate of dense products on scratchpad operands (manual, section 7: 95 percent of macs[type], and never more)."""

from itertools import product

from simulation.blocks import Blocks
from simulation.gemm import Gemm
from simulation.steps import Refused
from simulation.tensor import BITS, SCRATCHPAD, Tensor
from simulation.tile import alone
from simulation.vector import Vector

OUTPUTS = {"int4": "int8", "fp8": "fp16"}
POST = Vector(("RESCALE",))


def square(sku, kind, blocks, times):
    """A product of `times` blocks in each direction, and the bytes of its operands."""
    m, n, k, out = blocks.bm * times, blocks.bn * times, blocks.bk, OUTPUTS.get(kind, kind)
    operands = [Tensor(t, extent, space=SCRATCHPAD) for t, extent in ((kind, (m, k)), (kind, (k, n)), (out, (m, n)))]
    used = (BITS[kind] * (m * k + k * n) + BITS[out] * m * n) // 8
    return Gemm(sku, *operands, blocks, POST), used


def candidates(sku, kind):
    """Blocks whose rows hide the change of weights, or several times so many."""
    rows = sku.ports * sku.filling(kind, kind)
    for times, wide, depth in product((1, 2), (1, 2), (256, 512, 1024, 2048, 4096)):
        yield Blocks(rows * times, sku.columns * wide, depth)


def best(sku, kind):
    """(share of the rate, blocks, bytes of operands, working set) of the best product of eight by eight blocks."""
    found = (0, None, 0, 0)
    for blocks, times in product(candidates(sku, kind), (8,)):
        gemm, used = square(sku, kind, blocks, times)
        if used >= sku.main:
            continue
        try:
            command = gemm.command(sku.main - used)
        except Refused:
            continue
        products = gemm.height * gemm.width * gemm.depth
        share = products / sku.macs(kind) / alone(sku, [command], sku.main - used)[0]
        found = max(found, (share, blocks, used, command.working_set), key=lambda entry: entry[0])
    return found
