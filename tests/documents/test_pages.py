# SPDX-License-Identifier: MIT
"""The pages that say where things are agree with the tree."""

import unittest

from documents import checks, pages

# What it says was true of the version it speaks of.
HISTORY = "CHANGELOG.md"

RECIPES = ["Add an ioctl", "Add an operator", "Add a product class", "Add an admin command", "Debug a guest"]


class Pages(unittest.TestCase):
    """Every page."""

    def test_links_lead_to_a_page_and_its_heading(self):
        self.assertEqual([f"{path}: {wrong}" for path in pages.markdown()
                          for wrong in checks.bad_links(path, pages.text(path))], [])

    def test_paths_in_code_spans_exist(self):
        self.assertEqual([f"{path}: {wrong}" for path in pages.markdown() if path != HISTORY
                          for wrong in checks.bad_paths(pages.text(path))], [])


class LifeOfAJob(unittest.TestCase):
    """docs/life-of-a-job.md against the sources."""

    def setUp(self):
        self.page = pages.text("docs/life-of-a-job.md")

    def test_functions_are_defined_and_called_as_shown(self):
        self.assertEqual(checks.bad_steps(self.page), [])

    def test_steps_count_without_a_gap(self):
        numbers = [int(row["step"]) for row in pages.rows(self.page) if row.get("step")]
        self.assertEqual(sorted(set(numbers)), list(range(1, max(numbers) + 1)))
        self.assertEqual(numbers, sorted(numbers))


class Contributing(unittest.TestCase):
    """The recipes of CONTRIBUTING.md."""

    def test_recipes_name_files_and_what_stands_in_them(self):
        for title in RECIPES:
            with self.subTest(title):
                self.assertEqual(checks.bad_recipe(self.recipe(title)), [])

    def test_recipes_name_every_place_of_their_example(self):
        for title in RECIPES[:-1]:
            with self.subTest(title):
                self.assertTrue(checks.EXAMPLE.search(self.recipe(title)))
                self.assertEqual(checks.unnamed_places(self.recipe(title)), [])

    def recipe(self, title):
        """A section of the page."""
        return pages.section(pages.text("CONTRIBUTING.md"), title)


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
