# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Tables of the manual follow the YAML."""

import unittest

from tests.folder import Copy

MANUAL = "../docs/hardware.md"


class Manual(Copy):
    """Each test changes YAML or manual of the copy."""

    def manual(self):
        """Its text after a run."""
        self.assertEqual(self.generate()[0], 0)
        return (self.top / "docs/hardware.md").read_text(encoding="utf-8")

    def test_table_that_was_edited_is_named(self):
        self.edit(MANUAL, "| BUDGET | 8 |", "| BUDGET | 9 |")
        self.assertEqual(self.generate("--check"), (1, "docs/hardware.md: is not what the YAML gives: run "
                                                    "contract/generate and commit it\n"))
        self.assertIn("| BUDGET | 8 |", self.manual())

    def test_prose_around_the_tables_stays(self):
        self.edit(MANUAL, "## 14 Errors\n", "## 14 Errors\n\nSome prose.\n")
        self.assertEqual(self.generate("--check"), (0, ""))
        self.assertIn("## 14 Errors\n\nSome prose.\n", self.manual())

    def test_new_value_comes_into_its_table(self):
        self.edit("error.yaml", "NONE: [0, no error]",
                  'NONE: [0, no error]\n    FANCY: [99, "of $job | x", {errno: EIO}]')
        self.assertRegex(self.manual(), r"\| FANCY \| 99 \| EIO \| of `struct \w*job` \\\| x \|")

    def test_several_values_of_an_attribute_stand_in_one_cell(self):
        self.assertIn("| MUL | 0x12 | 2 | F32 I32 I64 |", self.manual())

    def test_register_shows_access_reset_and_fields(self):
        text = self.manual()
        self.assertIn("| 0x0118 | FW_SIZE | RW in state RESET | 0 | bytes of the image |", text)
        self.assertIn("|  | 15:8 VA_BITS |  | 48 | virtual address bits |", text)

    def test_marker_of_something_unknown(self):
        self.edit(MANUAL, "<!-- contract: enum ERR -->", "<!-- contract: enum ERROR -->")
        self.refused("docs/hardware.md: the contract has no enum ERROR: correct the marker")

    def test_marker_without_an_end(self):
        self.edit(MANUAL, "<!-- contract: enum TYPE -->", "<!-- contract: enum TYPE")
        self.refused("docs/hardware.md: '<!-- contract: enum TYPE': write <!-- contract: KIND NAME -->")


if __name__ == "__main__":
    unittest.main()
