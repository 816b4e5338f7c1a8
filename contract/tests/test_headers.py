# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""What is committed is what the YAML gives."""

import unittest

from generator import cli
from tests.folder import TOP, Copy


class Committed(unittest.TestCase):
    """The files of this tree."""

    def test_nothing_differs_from_what_the_yaml_gives(self):
        self.assertEqual(cli.main(["--check", "--top", str(TOP)]), 0)


class Generated(Copy):
    """What --check and a run say and do."""

    def test_header_that_was_edited_is_named(self):
        self.edit("include/tsr_hw/error.h", "no error", "no mistake")
        self.assertEqual(self.generate("--check"), (1, "contract/include/tsr_hw/error.h: is not what the YAML gives: "
                                                    "run contract/generate and commit it\n"))

    def test_run_writes_only_what_differs(self):
        self.edit("include/tsr_hw/error.h", "no error", "no mistake")
        self.assertEqual(self.generate(), (0, "contract/include/tsr_hw/error.h: written\n"))
        self.assertEqual(self.generate("--check"), (0, ""))

    def test_header_of_a_removed_file_goes(self):
        old = self.folder / "include/tsr_hw/old.h"
        old.write_text("/* Generated from contract/old.yaml by contract/generate */\n")
        self.assertIn("old.h: nothing generates it", self.generate("--check")[1])
        self.assertEqual(self.generate(), (0, "contract/include/tsr_hw/old.h: removed\n"))

    def test_documentation_reaches_the_header(self):
        self.edit("queue.yaml", "doc: descriptors of a ring", "doc: how many $job a ring has")
        self.generate()
        text = (self.folder / "include/tsr_hw/queue.h").read_text()
        self.assertRegex(text, r"RING_ENTRIES\s+64\s+/\* how many struct tsr_\w+job a ring has \*/")

    def test_rows_have_the_attributes_of_each_value(self):
        self.edit("vector.yaml", "    MOVE: [", "    FANCY: [0x7e, x, {types: [I32, BOOL], a: BOOL, weight: 3}]\n    MOVE: [")
        self.generate()
        text = (self.folder / "include/tsr_hw/vector.h").read_text()
        self.assertIn("\tX(FANCY, 0, 0xa, TSR_HW_VECTOR_AS_BOOL, 0, 0, 3) \\\n", text)

    def test_a_file_is_a_class_in_header_and_manual(self):
        sku = (self.folder / "skus/edge.json").read_text()
        (self.folder / "skus/nano.json").write_text(sku.replace('"edge"', '"nano"').replace('"number": 2', '"number": 9'))
        self.assertEqual(self.generate()[0], 0)
        text = (self.folder / "include/tsr_hw/fuse.h").read_text()
        self.assertRegex(text, r"SKU_NANO\s+9\s")
        self.assertIn('\tX(NANO, "nano")\n', text)
        self.assertIn("| nano | 32 x 32 x 3 |", (self.top / "docs/hardware.md").read_text())

    def test_two_classes_of_a_number_are_refused(self):
        sku = (self.folder / "skus/edge.json").read_text()
        (self.folder / "skus/nano.json").write_text(sku.replace('"edge"', '"nano"'))
        self.refused("skus/nano.json", "number: 2 is that of edge")

    def test_base_header_is_left_alone(self):
        self.edit("include/tsr_hw/base.h", "Fixed-width", "Wide")
        self.assertEqual(self.generate(), (0, ""))


if __name__ == "__main__":
    unittest.main()
