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

    def test_word_behind_a_member_that_is_no_mark(self):
        self.edit("queue.yaml", "    slot_count: [u32, entries at @slots]", "    slot_count: [u32, entries, parameters]")
        self.refused("queue.yaml: struct job: slot_count: mark 'parameters': write reserved or parameter or {NAME")

    def test_member_of_the_wrong_type_that_may_name_a_parameter(self):
        self.edit("command.yaml", "    rank: [u8, \"dimensions used, 0 to $MAX_RANK\"]",
                  "    rank: [u8, dimensions used, parameter]")
        self.refused("command.yaml: struct tensor: rank: a member that may name a parameter is a u32 or u64")

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


class Values(Copy):
    """Numbers and names."""

    def test_constant_that_is_there_already(self):
        self.add("error.yaml", "- constant: MAX_RANK\n  value: 1\n  doc: x\n")
        self.refused("error.yaml: constant MAX_RANK: defines MAX_RANK, which command.yaml: constant MAX_RANK")

    def test_structure_that_is_there_already(self):
        self.add("error.yaml", "- struct: job\n  size: 4\n  doc: x\n  members:\n    a: [u32, x]\n")
        self.refused("error.yaml: struct job: job is the name of queue.yaml: struct job: rename one")

    def test_name_that_python_would_have_twice(self):
        self.add("error.yaml", "- constant: ERR\n  value: 1\n  doc: x\n")
        self.refused("ERR would name two things in contract/python/tsr_hw.py: rename one")

    def test_value_that_appears_twice(self):
        self.edit("error.yaml", "KILLED: [9,", "KILLED: [8,")
        self.refused("error.yaml: enum ERR: KILLED: value 8 is that of BUDGET: give it another")

    def test_value_outside_of_its_field(self):
        self.edit("mmu.yaml", "PEER: [2,", "PEER: [4,")
        self.refused("mmu.yaml: enum PTE_APERTURE: PEER: value 4 needs more than 2 bits")

    def test_field_that_does_not_exist(self):
        self.edit("mmu.yaml", "inside: PTE.APERTURE", "inside: PTE.APERTURES")
        self.refused("mmu.yaml: enum PTE_APERTURE: inside: 'PTE.APERTURES': write BITS.FIELD of a bits item")

    def test_meaning_larger_than_its_member(self):
        self.edit("program.yaml", "PROGRAM: [0xffff,", "PROGRAM: [0x1ffff,")
        self.refused("command.yaml: struct tensor: slot: of SLOT_NUMBER: PROGRAM = 131071 needs more than 16 bits")

    def test_meaning_that_does_not_exist(self):
        self.edit("queue.yaml", "u32 of ERR", "u32 of ERROR")
        self.refused("queue.yaml: struct completion: error: of ERROR: no enum, flags or bits has that name")

    def test_reset_value_outside_of_its_field(self):
        self.edit("registers.yaml", "{reset: 52}", "{reset: 256}")
        self.refused("registers.yaml: registers REG: ADDRESS: PHYS_BITS: reset 256 does not fit")

    def test_one_value_that_its_member_cannot_have(self):
        self.edit("program.yaml", "{is: PROGRAM_VERSION}", "{is: PROGRAM_MAGIC}")
        self.refused("program.yaml: struct program: version: is: PROGRAM_MAGIC needs more than 16 bits")

    def test_one_value_over_an_unknown_name(self):
        self.edit("program.yaml", "{is: PROGRAM_VERSION}", "{is: PROGRAM_AGE}")
        self.refused("program.yaml: struct program: version: is: ", "PROGRAM_AGE")

    def test_arithmetic_over_an_unknown_name(self):
        self.edit("mmu.yaml", "1 << PAGE_SHIFT", "1 << PAGE_SHIFFT")
        self.refused("mmu.yaml: constant PAGE_SIZE: value: 'PAGE_SHIFFT' is no number of the contract")

    def test_reference_that_leads_nowhere(self):
        self.edit("queue.yaml", "$RING_ENTRIES", "$RING_SLOTS")
        self.refused("queue.yaml: $RING_SLOTS leads nowhere: correct the name")

    def test_command_without_an_engine(self):
        self.edit("command.yaml", "{engine: DMA, body: copy}", "{body: copy}")
        self.refused("command.yaml: enum OP: COPY: has a body and no engine")

    def test_command_without_such_a_body(self):
        self.edit("command.yaml", "body: pool", "body: pooling")
        self.refused("command.yaml: enum OP: POOL: body: is 'pooling': write the name of a structure")


    def test_attribute_of_several_values_that_is_one(self):
        self.edit("vector.yaml", "MUL: [0x12, a * b, {operands: 2, types: [F32, I32, I64]", "MUL: [0x12, a * b, "
                  "{operands: 2, types: F32")
        self.refused("vector.yaml: enum VECTOR: MUL: types: is 'F32': write a list of values of VECTOR_TYPE")

    def test_attribute_of_several_values_with_an_unknown_one(self):
        self.edit("vector.yaml", "MUL: [0x12, a * b, {operands: 2, types: [F32,",
                  "MUL: [0x12, a * b, {operands: 2, types: [F23,")
        self.refused("vector.yaml: enum VECTOR: MUL: types: is 'F23': write a value of VECTOR_TYPE")


class Bits(Copy):
    """Fields and registers lie apart."""

    def test_fields_that_overlap(self):
        self.edit("registers.yaml", "VA_BITS: [15..8,", "VA_BITS: [15..7,")
        self.refused("registers.yaml: registers REG: ADDRESS: VA_BITS: bit 7 belongs to PHYS_BITS too")

    def test_field_beyond_its_word(self):
        self.edit("registers.yaml", "PAGES: [23..8,", "PAGES: [32..8,")
        self.refused("DOORBELL: PAGES: uses bit 32, and the word has 32 bits")

    def test_bits_the_wrong_way_round(self):
        self.edit("registers.yaml", "[7..0, physical", "[0..7, physical")
        self.refused("ADDRESS: PHYS_BITS: bits '0..7': write HIGH..LOW, or one number")

    def test_flag_of_two_bits(self):
        self.edit("queue.yaml", "REPLAYABLE: [1,", "REPLAYABLE: [2..1,")
        self.refused("queue.yaml: flags JOB: REPLAYABLE: is 2..1 wide: a flag is one bit; use bits: for fields")

    def test_registers_that_overlap(self):
        self.edit("registers.yaml", "at: 0x0038", "at: 0x0034")
        self.refused("registers.yaml: registers REG: CYCLES: at 0x34 lies on TIMESTAMP, which ends at 0x38")

    def test_register_that_is_not_aligned(self):
        self.edit("registers.yaml", "at: 0x0014", "at: 0x0016")
        self.refused("registers.yaml: registers REG: ASIDS: at 0x16 is not aligned")

    def test_registers_beyond_their_stride(self):
        self.edit("core.yaml", "stride: 0x100", "stride: 0x80")
        self.refused("core.yaml: registers ENGINE: its registers end at 0xc4, stride is 0x80")


class Layout(Copy):
    """Structures have no bytes that no member describes."""

    def test_hole_before_a_member(self):
        self.edit("mmu.yaml", "    mbz: [u32, mbz]\n    va:", "    va:")
        self.refused("mmu.yaml: struct inv_cmd: va: would lie at 12, and its type wants a multiple of 8",
                     "add a mbz member of 4 bytes before it, such as mbz: [u8 x 4, mbz]")

    def test_size_that_is_not_that_of_the_members(self):
        self.edit("queue.yaml", "- struct: event\n  size: 16", "- struct: event\n  size: 24")
        self.refused("queue.yaml: struct event: its members end at 16, size says 24: add mbz members of 8 bytes")

    def test_size_that_an_array_would_not_keep(self):
        self.edit("trace.yaml", "    arg1: [u32, see the code]", "    arg1: [u16, see the code]")
        self.edit("trace.yaml", "  size: 16", "  size: 14")
        self.refused("trace.yaml: struct trace: size 14 is no multiple of 4, the largest alignment inside")

    def test_member_that_lies_elsewhere(self):
        self.edit("image.yaml", "{at: 192}", "{at: 200}")
        self.refused("image.yaml: struct image_header: signature: lies at 192, at says 200: add mbz members of 8")

    def test_type_that_does_not_exist(self):
        self.edit("queue.yaml", "[job x RING_ENTRIES", "[jobs x RING_ENTRIES")
        self.refused("queue.yaml: struct ring: _entries: job: unknown type 'jobs'")

    def test_count_that_does_not_exist(self):
        self.edit("queue.yaml", "[job x RING_ENTRIES", "[job x RING_SIZE")
        self.refused("queue.yaml: struct ring: _entries: job: count: 'RING_SIZE' is no number of the contract")

    def test_structure_inside_itself(self):
        self.edit("command.yaml", "of the first byte in the slot, parameter]\n",
                  "of the first byte in the slot, parameter]\n    next: [place, x]\n")
        self.refused("command.yaml: struct place: contains itself")

    def test_member_name_that_an_anonymous_union_has(self):
        self.edit("queue.yaml", "    tail: [u32, last sequence written; the",
                  "    job: [u32, last sequence written; the")
        self.refused("queue.yaml: struct ring: job: job is there twice")

    def test_alternative_without_such_a_tag(self):
        self.edit("queue.yaml", "when: {op: TRACE}", "when: {op: TRACES}")
        self.refused("queue.yaml: struct admin: _arguments: trace: when op: TRACES: name a member")


if __name__ == "__main__":
    unittest.main()
