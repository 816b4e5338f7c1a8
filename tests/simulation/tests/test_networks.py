# SPDX-License-Identifier: MIT
"""What the classes reach by the formulas: the rate of the array (section 7) and whole networks (section 19)."""

import unittest

from simulation import bert, program, rates, resnet, resnet_gang
from simulation.sku import DIVISORS, SKUS
from simulation.tensor import MEMORY


class Rates(unittest.TestCase):
    """The products that are to run at 95 percent of macs[type]."""

    def test_every_class_reaches_the_rate_of_every_type(self):
        for name, sku in SKUS.items():
            for kind in DIVISORS:
                share, blocks, _, _ = rates.best(sku, kind)
                with self.subTest(sku=name, kind=kind, blocks=blocks):
                    self.assertGreaterEqual(share, 0.95)
                    self.assertLessEqual(share, 1)


class Resnet(unittest.TestCase):
    """ResNet-50, int8, one image."""

    def test_layers_are_those_of_the_network(self):
        # 4.089 G products and 25.50 M weights are published figures of the network without biases.
        layers = resnet.layers()
        self.assertEqual(len(layers), 54)
        self.assertEqual(sum(layer.products for layer in layers), 4089184256)
        self.assertEqual(sum(layer.weights for layer in layers), 25502912)

    def share(self, name, nodes, tiles, least):
        """The share of the bound that a program reaches; most of the rest is lost to weights that are not there."""
        sku = SKUS[name]
        cycles, core = program.run(sku, nodes)
        share = max(resnet.bound(sku, tiles)) / cycles
        print(f"\n# figure simulation-resnet50-{name} {100 * share:.1f} percent")
        self.assertGreaterEqual(share, least)
        self.assertLessEqual(share, 1)
        waits = next(iter(core.gangs.values())).tiles[0].waits
        self.assertEqual(max(waits, key=waits.get), "load")
        return core

    def test_one_tile_of_edge(self):
        self.share("edge", resnet.nodes(SKUS["edge"]), 1, 0.82)

    def test_gang_of_pc(self):
        core = self.share("pc", resnet_gang.nodes(SKUS["pc"]), 4, 0.82)
        # Weights are read once. Beside them come the image, whose rows at the borders two tiles load, and inputs of
        # epilogues.
        weights = sum(layer.weights for layer in resnet.layers())
        moved = core.device.network.moved[MEMORY]
        self.assertGreaterEqual(moved, weights)
        self.assertLess(moved, 1.05 * weights)


class Bert(unittest.TestCase):
    """Layers of BERT-base, fp16, 128 tokens."""

    def test_one_tile_of_edge(self):
        sku = SKUS["edge"]
        cycles, _ = program.run(sku, bert.nodes(sku, 128, 2))
        share = 2 * max(bert.bound(sku, 128)) / cycles
        print(f"\n# figure simulation-bert-edge {100 * share:.1f} percent")
        self.assertGreaterEqual(share, 0.94)
        self.assertLessEqual(share, 1)


if __name__ == "__main__":
    unittest.main()
