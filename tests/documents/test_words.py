# SPDX-License-Identifier: MIT
"""Pages and comments use the words of docs/glossary.md and docs/style.md."""

import re
import unittest

from documents import pages, words


class Words(unittest.TestCase):
    """The whole tree."""

    def test_one_word_stands_for_one_thing(self):
        self.assertEqual(words.complaints(words.unused(pages.text(words.GLOSSARY))), [])

    def test_words_of_the_style_page_are_not_used(self):
        self.assertEqual(words.complaints(words.unused(pages.text(words.STYLE))), [])

    def test_what_is_left_out_is_there(self):
        for path in words.LEFT_OUT:
            self.assertTrue((pages.TOP / path).exists(), path)

    def test_no_word_is_both_used_and_not(self):
        rows = [row for row in pages.rows(pages.text(words.GLOSSARY)) if "not" in row]
        used = [word.strip() for row in rows for word in row["word"].split(",")]
        self.assertEqual(len(used), len(set(used)))
        self.assertEqual(set(used) & set(words.unused(pages.text(words.GLOSSARY))), set())

    def test_names_that_differ_are_names_of_the_tree(self):
        sources = "\n".join(pages.text(path) for path in pages.tracked() if path.endswith((".h", ".c")))
        for row in pages.rows(pages.section(pages.text(words.GLOSSARY), "Names that differ")):
            for name in pages.SPAN.findall(row["name"]):
                if not (pages.TOP / name).exists() and not name.endswith(".h"):
                    self.assertRegex(sources, rf"\b{re.escape(name)}\b")


if __name__ == "__main__":
    unittest.main()
