# SPDX-License-Identifier: MIT
"""Reading layers."""

import unittest

from layers import cli, stack


class Parse(unittest.TestCase):
    """stack.parse()"""

    def test_files_stand_in_the_order_of_the_lines(self):
        found = stack.parse("# heading\ntop: a.c b.c\n\n# why\nbottom: c.c\n\td.c\n")
        self.assertEqual(found.layer, {"a.c": "top", "b.c": "top", "c.c": "bottom", "d.c": "bottom"})
        self.assertEqual([found.place(file) for file in ("a.c", "b.c", "c.c", "d.c")], [0, 1, 2, 3])

    def test_a_layer_may_be_a_folder(self):
        found = stack.parse("top: a.c\ninner/: a.c b.c\n")
        self.assertEqual(found.layer, {"a.c": "top", "inner/a.c": "inner/", "inner/b.c": "inner/"})

    def test_a_file_stands_once(self):
        with self.assertRaisesRegex(ValueError, "a.c stands in 'top' and in 'bottom'"):
            stack.parse("top: a.c\nbottom: a.c\n")

    def test_a_layer_stands_once(self):
        with self.assertRaisesRegex(ValueError, "layer 'top' stands twice"):
            stack.parse("top: a.c\ntop: b.c\n")

    def test_commands_are_the_files_that_have_no_other_place(self):
        found = stack.parse(stack.with_commands("top: COMMANDS a.c\nbottom: c.c\n", ["b.c", "c.c", "d.c"]))
        self.assertEqual(found.layer, {"b.c": "top", "d.c": "top", "a.c": "top", "c.c": "bottom"})

    def test_a_line_names_its_layer_and_files(self):
        for line in ("a.c b.c", "top:", ": a.c"):
            with self.subTest(line=line), self.assertRaisesRegex(ValueError, "is not LAYER: FILE"):
                stack.parse(line)


class Check(unittest.TestCase):
    """cli.upward() and cli.missing()"""

    LAYERS = stack.parse("top: a.c b.c\nbottom: c.c\n")

    def test_uses_of_what_stands_lower_are_right(self):
        uses = {("a.c", "b.c"): {"f"}, ("a.c", "c.c"): {"g"}, ("b.c", "c.c"): {"h"}}
        self.assertEqual(list(cli.upward(self.LAYERS, uses)), [])

    def test_a_use_of_what_stands_above_is_named(self):
        self.assertEqual(list(cli.upward(self.LAYERS, {("c.c", "b.c"): {"f", "g"}})),
                         ["c.c (bottom) uses f, g of b.c (top), which stands above it"])
        self.assertEqual(list(cli.upward(self.LAYERS, {("b.c", "a.c"): {"f"}})),
                         ["b.c (top) uses f of a.c (top), which stands above it"])

    def test_files_of_the_build_and_of_the_layers_are_the_same(self):
        self.assertEqual(list(cli.missing(self.LAYERS, ["a.c", "b.c", "c.c"])), [])
        self.assertEqual(list(cli.missing(self.LAYERS, ["a.c", "c.c", "d.c"])),
                         ["d.c has no layer", "b.c has a layer and was not built"])
