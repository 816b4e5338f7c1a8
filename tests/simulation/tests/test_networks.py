# SPDX-License-Identifier: MIT
"""What the classes reach by the formulas: the rate of the array (section 7) and whole networks (section 19)."""

import unittest

from simulation import program, rates, resnet
from simulation.sku import DIVISORS, SKUS


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

    def test_edge_reaches_81_percent_of_the_bound(self):
        sku = SKUS["edge"]
        cycles, core = program.run(sku, resnet.nodes(sku))
        share = max(resnet.bound(sku)) / cycles
        waits = next(iter(core.gangs.values())).tiles[0].waits
        print(f"# figure simulation-resnet50-edge {100 * share:.1f} percent")
        self.assertGreaterEqual(share, 0.81)
        self.assertLessEqual(share, 1)
        # What is lost, is lost to the memory of the last stage.
        self.assertEqual(max(waits, key=waits.get), "load")


if __name__ == "__main__":
    unittest.main()
