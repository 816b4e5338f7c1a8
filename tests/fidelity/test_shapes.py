# SPDX-License-Identifier: MIT
"""Every shape alone on every product class."""

import unittest

from fidelity import error
from fidelity.device import Case, run
from fidelity.layers import Layers
from fidelity.shapes import SHAPES
from simulation.sku import SKUS


class Shapes(unittest.TestCase):
    """The same cycles, bytes and amounts."""

    def compare(self, sku):
        """Both run all shapes on a class."""
        cases = []
        for name, make in SHAPES.items():
            cases.append(Case(sku, name))
            cases[-1].gang(0, (1, 1), sku.main)
            cases[-1].node(0, [[make(Layers(sku))]], 0)
        for case, found in zip(cases, run(cases), strict=True):
            wanted = [[str(word) for word in line] for line in case.lines()]
            error.note(found, wanted)
            with self.subTest(shape=case.name):
                self.assertEqual(found, wanted)

    def test_there_are_forty(self):
        self.assertGreaterEqual(len(SHAPES), 40)


for each in SKUS.values():
    setattr(Shapes, f"test_{each.name}", lambda self, sku=each: self.compare(sku))


if __name__ == "__main__":
    unittest.main()
