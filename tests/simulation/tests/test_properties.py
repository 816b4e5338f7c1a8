# SPDX-License-Identifier: MIT
"""What holds for every command, tried on random ones (manual, section 13.4)."""

import random
import unittest

from simulation.blocks import ORDERS, Blocks
from simulation.device import Device
from simulation.flows import ONE
from simulation.gemm import Gemm
from simulation.sku import SKUS
from simulation.steps import Refused
from simulation.tensor import LOCAL, MEMORY, SCRATCHPAD, Tensor
from simulation.tile import Tile, alone
from simulation.vector import Vector

RING = 1 << 20
POST = Vector(("RESCALE",))


def random_gemm(rng, sku):
    """A product whose operands lie anywhere, transposed or not."""
    kind = rng.choice(("int8", "fp16", "int4"))
    m, n, k = (rng.randrange(1, 300) * 2 for _ in range(3))
    blocks = Blocks(rng.randrange(8, 200), sku.columns * rng.randrange(1, 4), sku.rows(kind) * rng.randrange(1, 6),
                    rng.choice(ORDERS))
    out = "int8" if kind == "int4" else kind
    return Gemm(sku, operand(rng, kind, m, k), operand(rng, kind, k, n), operand(rng, out, m, n), blocks, POST)


def operand(rng, kind, rows, columns):
    """A matrix with or without gaps."""
    space = rng.choice((MEMORY, SCRATCHPAD))
    gap = rng.choice((0, 0, 64, 4096))
    stride = (columns + gap, 1) if rng.random() < 0.7 else (1, rows + gap)
    return Tensor(kind, (rows, columns), stride, address=64 * rng.randrange(1000), space=space)


def commands(seed, count):
    """Products that are not refused, and their classes."""
    rng = random.Random(seed)
    while count:
        sku = SKUS[rng.choice(("ulp", "edge", "pc"))]
        product = random_gemm(rng, sku)
        try:
            product.command(RING)
        except Refused:
            continue
        yield sku, product
        count -= 1


class Bounds(unittest.TestCase):
    """A command takes at least what its products and bytes take."""

    def test_products_and_bytes_bound_the_cycles(self):
        for sku, product in commands(1, 60):
            cycles, tile = alone(sku, [product.command(RING)], RING)
            network = tile.device.network
            products = product.height * product.width * product.depth
            self.assertGreaterEqual(cycles * sku.macs(product.kind), products)
            self.assertLessEqual(network.moved.get(MEMORY, 0) * ONE, cycles * network.capacities[MEMORY])

    def test_same_command_takes_the_same_time(self):
        for sku, product in commands(2, 20):
            first = alone(sku, [product.command(RING)], RING)[0]
            self.assertEqual(alone(sku, [product.command(RING)], RING)[0], first)

    def test_command_beside_others_is_not_faster(self):
        for sku, product in commands(3, 20):
            sku = sku.changed(tiles=2)
            product.sku = sku
            device = Device(sku)
            runs = [Tile(device, RING).queue([product.command(RING)], 0, 0) for _ in range(2)]
            device.run()
            self.assertGreaterEqual(min(run[-1].end for run in runs), alone(sku, [product.command(RING)], RING)[0])

    def test_streams_on_all_tiles_share_the_rate_of_the_memory(self):
        sku = SKUS["server"]
        rng = random.Random(4)
        device = Device(sku)
        for _ in range(sku.tiles):
            extent = (256, 256)
            parts = [Tensor("int8", extent, address=64 * rng.randrange(1000), space=LOCAL) for _ in range(3)]
            product = Gemm(sku, *parts, Blocks(64, 128, 64))
            Tile(device, RING).queue([product.command(RING)], rng.randrange(500), 0)
        cycles = device.run()
        moved, limit = device.network.moved[LOCAL], device.network.capacities[LOCAL]
        self.assertGreater(moved, 0)
        self.assertLessEqual(moved * ONE, cycles * limit)

    def test_gaps_cost_their_bursts(self):
        # Rows of 64 bytes, each in a page of its own: 256 bursts, 255 jumps between pages, 9 cycles each.
        sku = SKUS["edge"].changed(memory_mb_s=6400000)
        dense = Tensor("int8", (256, 64))
        gaps = Tensor("int8", (256, 64), (4096, 1))
        right, out = (Tensor("int8", (64, n), space=SCRATCHPAD) for n in (32, 32))
        out = Tensor("int8", (256, 32), space=SCRATCHPAD)
        plain, slow = (alone(sku, [Gemm(sku, a, right, out, Blocks(256, 32, 64)).command(RING)], RING)[0]
                       for a in (dense, gaps))
        # The dense one takes 16,384 / 6,400: 3 cycles, the step's minimum is 32.
        self.assertEqual(slow - plain, 255 * 9 - 32)


if __name__ == "__main__":
    unittest.main()
