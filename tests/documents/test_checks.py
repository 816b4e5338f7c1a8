# SPDX-License-Identifier: MIT
"""The checks of the pages notice what they are for: each has a page with one defect, and its twin without it."""

import unittest

from documents import checks, pages, words

STEPS = """\
## A part, `kernel`

| step | what happens | file | functions |
|---|---|---|---|
| 1 | a job ends | `FILE` | CELL |
"""

RECIPE = """\
1. `kernel/ioctl.c`: `tsr_ioctl_descs`.
2. `kernel/NAME.c` with `tsr_ioctl_NAME()`.
3. `tools/dev/check kselftest-ioctl`.
"""

RECORD = "# 1. A title\n\n" + "".join(f"## {part}\n\nText in `kernel/ring.c`.\n\n" for part in checks.PARTS)


def steps(file, cell):
    """A page with one step."""
    return STEPS.replace("FILE", file).replace("CELL", cell)


class Steps(unittest.TestCase):
    """Rows of the life of a job."""

    def test_a_right_row_passes(self):
        self.assertEqual(checks.bad_steps(steps("ring.c", "`tsr_ring_end()` → `tsr_ring_finish_canceled()`")), [])

    def test_a_file_that_is_not_there(self):
        self.assertEqual(checks.bad_steps(steps("rung.c", "`tsr_ring_end()`")), ["there is no kernel/rung.c"])

    def test_a_function_that_is_not_defined(self):
        self.assertEqual(checks.bad_steps(steps("ring.c", "`tsr_ring_fin()`")),
                         ["kernel/ring.c defines no tsr_ring_fin()"])

    def test_a_declaration_or_a_call_is_no_definition(self):
        self.assertEqual(checks.bad_steps(steps("ring.c", "`tsr_job_finish()`")),
                         ["kernel/ring.c defines no tsr_job_finish()"])

    def test_a_call_that_is_not_made(self):
        self.assertEqual(checks.bad_steps(steps("ring.c", "`tsr_ring_push()` → `tsr_ring_ring()`")),
                         ["kernel/ring.c: tsr_ring_push() does not call tsr_ring_ring()"])

    def test_a_comma_claims_no_call(self):
        self.assertEqual(checks.bad_steps(steps("ring.c", "`tsr_ring_push()`, `tsr_ring_ring()`")), [])

    def test_a_row_without_a_function(self):
        self.assertEqual(len(checks.bad_steps(steps("ring.c", "all of them"))), 1)


class Functions(unittest.TestCase):
    """What counts as a definition."""

    def test_every_body_of_a_source_is_found(self):
        for path in pages.tracked():
            if path.startswith(("kernel/", "firmware/", "runtime/device/")) and path.endswith(".c"):
                source = pages.text(path)
                with self.subTest(path):
                    self.assertEqual(len(pages.DEFINED_IN_C.findall(source)), source.count("\n{\n"))

    def test_python_and_shell(self):
        self.assertIn("tracked", pages.functions(pages.text("tests/documents/pages.py"), "pages.py"))
        self.assertIn("is_code", pages.functions(pages.text("tests/static/spdx"), "spdx"))


class Recipes(unittest.TestCase):
    """Steps of CONTRIBUTING.md."""

    def test_a_right_recipe_passes(self):
        self.assertEqual(checks.bad_recipe(RECIPE), [])

    def test_a_name_that_the_file_does_not_have(self):
        self.assertEqual(checks.bad_recipe(RECIPE.replace("tsr_ioctl_descs", "tsr_ioctl_list")),
                         ["tsr_ioctl_list stands in none of kernel/ioctl.c"])

    def test_a_file_that_is_not_there(self):
        self.assertEqual(len(checks.bad_recipe(RECIPE.replace("kernel/ioctl.c", "kernel/ioctls.c"))), 1)

    def test_too_few_steps(self):
        self.assertEqual(checks.bad_recipe(RECIPE.split("3.", maxsplit=1)[0]), ["2 steps"])

    def test_a_place_that_no_step_names(self):
        example = "Example: `tsr_ioctl_descs`.\n\n"
        self.assertEqual(checks.unnamed_places(example + RECIPE + "4. `kernel/ioctl.h`.\n"), [])
        self.assertEqual(checks.unnamed_places(example + RECIPE),
                         ["kernel/ioctl.h has tsr_ioctl_descs, and no step names it"])


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


class Links(unittest.TestCase):
    """Links and paths of any page."""

    def test_right_ones_pass(self):
        page = "[a](style.md#comments) [b](https://example.org/x) `kernel/ring.c` `kernel/*.h` `tests/faults/`\n"
        self.assertEqual(checks.bad_links("docs/glossary.md", page) + checks.bad_paths(page), [])

    def test_a_page_that_is_not_there(self):
        self.assertEqual(len(checks.bad_links("docs/glossary.md", "[a](stile.md)\n")), 1)

    def test_a_heading_that_is_not_there(self):
        self.assertEqual(len(checks.bad_links("docs/glossary.md", "[a](style.md#remarks)\n")), 1)

    def test_a_path_that_is_not_there(self):
        self.assertEqual(checks.bad_paths("`kernel/rung.c`\n"), ["there is no kernel/rung.c"])

    def test_a_link_in_a_block_is_text(self):
        self.assertEqual(checks.bad_links("docs/glossary.md", "```text\n[a](stile.md)\n```\n"), [])


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
