# SPDX-License-Identifier: MIT
"""The comparison of int8 logits sees a single wrong bit in the tile."""

import shutil
import subprocess
import unittest

from demo.shared import TOP, guest, host, numpy, places

PICTURES = 100
# The second highest bit of the first weight, and of a pixel in the middle of the first picture.
WEIGHT_BIT = 6
RESULT_BIT = 8 * (14 * 28 + 14) + 6


class Flips(unittest.TestCase):
    """One guest, four runs of the int8 network."""

    @classmethod
    def setUpClass(cls):
        host.prepare()
        folder = places.FOLDER / "flips"
        guest.fill_share(folder, PICTURES)
        shutil.copy(TOP / "tests/demo/flips", folder / "flips")
        log = places.LOGS / "flips.vm.log"
        subprocess.run([TOP / "tools/dev/vm", "run", "--quiet", "--npu", "edge", "--share", folder, "--log", log,
                        "--", "/share/flips", str(WEIGHT_BIT), str(RESULT_BIT)], check=True)
        oracle = numpy.load(places.REFERENCE / "oracle_int8_logits.npy")[:PICTURES]
        cls.differing = {}
        for name in ("clean", "weight", "result", "after"):
            logits = numpy.load(folder / f"{name}.npy")
            cls.differing[name] = int((logits.view(numpy.uint32) != oracle.view(numpy.uint32)).sum())

    def test_without_a_flip_all_bits_are_right(self):
        self.assertEqual((self.differing["clean"], self.differing["after"]), (0, 0))

    def test_a_flipped_weight_bit_shows(self):
        self.assertGreater(self.differing["weight"], 0)

    def test_a_flipped_result_bit_shows(self):
        self.assertGreater(self.differing["result"], 0)


if __name__ == "__main__":
    unittest.main()
