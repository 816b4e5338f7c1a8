# SPDX-License-Identifier: MIT
"""The checks of the pages notice what they are for: each has a page with one defect, and its twin without it."""

import unittest

from documents import checks, pages, words

RECORD = "# 1. A title\n\n" + "".join(f"## {part}\n\nText in `kernel/ring.c`.\n\n" for part in checks.PARTS)


class Records(unittest.TestCase):
    """Decisions."""

    def test_a_right_record_passes(self):
        self.assertEqual(checks.bad_record(RECORD), [])

    def test_a_part_that_is_missing(self):
        self.assertEqual(len(checks.bad_record(RECORD.replace("## Not taken", "Not taken"))), 1)

    def test_a_part_that_is_empty(self):
        self.assertEqual(checks.bad_record(RECORD.replace("## Decision\n\nText in `kernel/ring.c`.", "## Decision\n")),
                         ["Decision is empty"])

    def test_a_record_that_names_no_place(self):
        self.assertEqual(checks.bad_record(RECORD[:RECORD.rindex("Text")] + "Everywhere.\n"), ["lives nowhere"])

    def test_a_record_that_the_index_does_not_list(self):
        index = pages.text("docs/decisions/README.md")
        self.assertEqual(checks.bad_index(pages.markdown(), index), [])
        self.assertEqual(len(checks.bad_index(pages.markdown(), index.replace("| 1 |", "| one |"))), 1)


class Words(unittest.TestCase):
    """Words that are not used."""

    TABLE = "| word | meaning | not |\n|---|---|---|\n| job | a submission | task, work item |\n"

    def found(self, path, source):
        """Complaints about one file."""
        return [complaint.split(": ")[1] for complaint in words.found_in(path, source, words.unused(self.TABLE))]

    def test_pages_are_read_without_code(self):
        self.assertEqual(self.found("a.md", "A Task and `task`.\n```text\ntask\n```\n"), ["Task"])

    def test_comments_are_read_code_is_not(self):
        self.assertEqual(self.found("a.c", 'int task; /* two\n * work\n * items */ char *s = "// task"; // tasks\n'),
                         ["work items", "tasks"])
        self.assertEqual(self.found("a.py", 'task = "task"  # task\n'), ["task"])
        self.assertEqual(self.found("run", "#!/bin/bash\n# A task.\ntask=$#task\n"), ["task"])

    def test_other_words_with_the_same_letters_pass(self):
        self.assertEqual(self.found("a.md", "A multitask, a taskset, a sub-task.\n"), [])

    def test_the_page_that_lists_the_words_may_show_them(self):
        self.assertEqual(self.found(words.GLOSSARY, self.TABLE), [])
        self.assertEqual(self.found(words.GLOSSARY, self.TABLE + "\nA task.\n"), ["task"])


if __name__ == "__main__":
    unittest.main()
