# SPDX-License-Identifier: MIT
"""The pages that say where things are agree with the tree."""

import unittest

from documents import checks, pages

# What it says was true of the version it speaks of.
HISTORY = "CHANGELOG.md"

RECIPES = ["Add an ioctl", "Add an operator", "Add a product class", "Add an admin command", "Debug a guest"]


class Decisions(unittest.TestCase):
    """docs/decisions."""

    def test_records_have_their_parts_and_a_place(self):
        records = [path for path in pages.markdown() if path.startswith("docs/decisions/0")]
        self.assertGreater(len(records), 0)
        self.assertEqual([f"{path}: {wrong}" for path in records
                          for wrong in checks.bad_record(pages.text(path))], [])

    def test_the_index_lists_every_record(self):
        self.assertEqual(checks.bad_index(pages.markdown(), pages.text("docs/decisions/README.md")), [])


if __name__ == "__main__":
    unittest.main()
