# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""A mistake in the YAML is named with its file, its item and what to do."""

import unittest

from tests.folder import Copy


class Shape(Copy):
    """What one item must look like."""

    def test_unreadable_yaml_names_the_line(self):
        self.edit("error.yaml", "title: Error codes", "title: [Error codes")
        self.refused("error.yaml", "line 3")

    def test_key_that_appears_twice(self):
        self.edit("error.yaml", "    BUDGET: [8,", "    SLOT: [8,")
        self.refused("error.yaml, line 18: 'SLOT' appears twice")

    def test_unknown_key(self):
        self.edit("queue.yaml", "- struct: job\n  size: 64", "- struct: job\n  bytes: 64\n  size: 64")
        self.refused("queue.yaml: struct job: unknown key 'bytes': it takes struct, size, doc, members")

    def test_missing_key(self):
        self.edit("queue.yaml", "- struct: job\n  size: 64\n", "- struct: job\n")
        self.refused("queue.yaml: struct job: has no 'size': add one")

    def test_undocumented_item(self):
        self.edit("queue.yaml", "  doc: descriptors of a ring\n", "")
        self.refused("queue.yaml: constant RING_ENTRIES: has no 'doc': add one")

    def test_undocumented_member(self):
        self.edit("queue.yaml", "    seq: [u32, sequence number]", "    seq: [u32]")
        self.refused("queue.yaml: struct job: seq", "with a text that says what it is")

    def test_undocumented_value(self):
        self.edit("error.yaml", "NONE: [0, no error]", "NONE: 0")
        self.refused("error.yaml: enum ERR: NONE", "with a text that says what it is")

    def test_comma_in_a_text_without_quotes(self):
        self.edit("error.yaml", '"header, node or edge malformed"', "header, node or edge malformed")
        self.refused("error.yaml: enum ERR: PROGRAM: mark 'node or edge malformed'", "quote a text that has a comma")

    def test_unknown_kind_of_item(self):
        self.add("error.yaml", "- word: X\n  doc: x\n")
        self.refused("error.yaml: item", "begin it with one of constant, macro")

    def test_name_of_the_wrong_form(self):
        self.add("error.yaml", "- constant: lower\n  value: 1\n  doc: x\n")
        self.refused("error.yaml: constant lower: name 'lower': write one like")

    def test_upper_case_digits_are_no_number(self):
        self.edit("registers.yaml", "at: 0x000c", "at: 0x000C")
        self.refused("registers.yaml: registers REG: ADDRESS: at is '0x000C': write a number")

    def test_unknown_attribute(self):
        self.edit("error.yaml", "{errno: EIO}", "{error: EIO}")
        self.refused("error.yaml: enum ERR: ENGINE: attribute 'error': known here are errno")

    def test_file_that_is_in_no_list(self):
        (self.folder / "spare.yaml").write_text("title: x\n")
        self.refused("spare.yaml: is in no list: add its name to files: of contract.yaml")

    def test_file_that_is_missing(self):
        (self.folder / "trace.yaml").unlink()
        self.refused("trace.yaml: missing: contract.yaml lists it")


if __name__ == "__main__":
    unittest.main()
