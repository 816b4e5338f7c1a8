# SPDX-License-Identifier: MIT
"""Tests of tessera-objdump's command line.

usage: test_cli.py TESSERA-OBJDUMP VECTORS PROGRAMS
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL, VECTORS, PROGRAMS = map(pathlib.Path, sys.argv[1:4])
TOP = pathlib.Path(__file__).resolve().parents[3]
GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"
FILL = TOP / "examples/fill.s"
VALID = VECTORS / "commands/valid.txt"
SMALL = PROGRAMS / "random_network_3_fp32.tsrp"
SPDX = "# SPDX-License-Identifier: MIT\n"


class CommandLine(unittest.TestCase):
    """One behaviour each."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_tool(self, *arguments, data=b"", status=0):
        """(standard output, standard error) of the tool."""
        done = subprocess.run([TOOL, *map(str, arguments)], input=data, capture_output=True, check=False)
        self.assertEqual(done.returncode, status, done.stderr.decode(errors="replace"))
        return done.stdout, done.stderr.decode()

    def show(self, *arguments, data=b""):
        """Standard output as text."""
        return self.run_tool(*arguments, data=data)[0].decode()

    def assemble(self, text):
        """Bytes of a text."""
        return self.run_tool("--assemble", data=text.encode())[0]

    def refused(self, text):
        """What the assembler says of a text."""
        return self.run_tool("--assemble", data=text.encode(), status=1)[1]

    # ---- disassembly

    def test_golden_outputs(self):
        found = sorted(GOLDEN.glob("*.txt"))
        self.assertGreaterEqual(len(found), 14)
        for path in found:
            with self.subTest(case=path.stem):
                self.assertEqual(SPDX + self.show("--case", path.stem, VALID), path.read_text(encoding="utf-8"))

    def test_every_node_has_its_commands_and_neighbours(self):
        data = self.assemble(FILL.read_text(encoding="utf-8"))
        text = self.show(data=data)
        for line in ("edges 1", "  FILL  # at 0x108", "  # after none, before 1", "  # after 0, before none",
                     "    post.code[0] op=NEG type=F32 dst=5", "# slot 0: 3 references, nodes 0 to 1"):
            self.assertIn(line + "\n", text)

    def test_one_node_only(self):
        text = self.show("--node", 1, data=self.assemble(FILL.read_text(encoding="utf-8")))
        self.assertIn("node 1 ", text)
        self.assertNotIn("node 0 ", text)
        self.assertIn("NEG", text)
        self.assertNotIn("FILL", text)
        self.assertIn("only one node", self.refused(text))

    def test_node_that_is_not_there_is_told(self):
        self.assertIn("there is no node 99999", self.run_tool("--node", 99999, SMALL, status=1)[1])

    def test_lines_have_at_most_100_columns(self):
        longest = max(self.show(*PROGRAMS.glob("*.tsrp"), VALID).splitlines(), key=len)
        self.assertLessEqual(len(longest), 100, longest)

    def test_constants_are_bytes_with_hex_only(self):
        data = SMALL.read_bytes()
        self.assertNotIn("\n  bytes 0x", self.show(SMALL))
        self.assertIn("constants: their bytes are missing", self.refused(self.show(SMALL)))
        self.assertEqual(self.assemble(self.show("--hex", SMALL)), data)

    def test_a_stream_by_itself_needs_an_option(self):
        data = self.assemble("stream\n" + self.show("--case", "fill", VALID).split("\nstream\n")[1])
        self.assertIn("FILL", self.show("--stream", data=data))
        self.assertIn("magic must be 0x50525354", self.run_tool(data=data, status=1)[1])

    def test_several_files_and_standard_input(self):
        text = self.show(SMALL, "-", VALID, data=SMALL.read_bytes())
        self.assertEqual([line for line in text.splitlines() if line in (f"# {SMALL}", "# -")],
                         [f"# {SMALL}", "# -"])
        self.assertIn("# case gemm-zeros", text)

    # ---- JSON

    def test_json_has_every_part(self):
        (entry,) = json.loads(self.show("--json", SMALL))["files"]
        self.assertEqual(entry["header"]["node_count"], len(entry["nodes"]))
        self.assertEqual(entry["header"]["edge_count"], len(entry["edges"]))
        self.assertEqual((entry["defects"], entry["defect_count"], entry["kind"]), ([], 0, "program"))
        self.assertEqual(entry["constants"]["size"], entry["header"]["constants_size"])
        for node in entry["nodes"]:
            self.assertEqual(node["fields"]["engine"], "TENSOR")
            self.assertEqual(node["fields"]["pred_count"], len(node["predecessors"]))
            self.assertTrue(all(entry["nodes"][other]["successors"].count(node["node"])
                                for other in node["predecessors"]))
            self.assertTrue(node["commands"])
        self.assertEqual({use["slot"] for use in entry["slots"]} & {"PROGRAM", 0}, {"PROGRAM", 0})

    def test_json_of_a_vector_has_names_and_slots(self):
        (entry,) = json.loads(self.show("--json", "--case", "conv-2-groups", VALID))["files"]
        (command,) = entry["commands"]
        self.assertEqual((entry["case"], entry["kind"], command["op"]), ("conv-2-groups", "stream", "CONV"))
        self.assertEqual(len(command["fields"]["x"]["dim"]), 8)
        self.assertEqual(entry["slot_table"][0]["flags"], ["READ"])

    def test_json_with_hex_has_the_constants(self):
        (entry,) = json.loads(self.show("--json", "--hex", SMALL))["files"]
        start, size = entry["constants"]["offset"], entry["constants"]["size"]
        self.assertEqual(bytes.fromhex(entry["constants"]["hex"]), SMALL.read_bytes()[start:start + size])

    def test_json_says_what_is_wrong(self):
        data = bytearray(SMALL.read_bytes())
        data[4] = 9
        out, said = self.run_tool("--json", data=bytes(data), status=1)
        defect = {"offset": 4, "path": "program: version", "rule": "is 0x9, must be 0x2"}
        self.assertIn(defect, json.loads(out)["files"][0]["defects"])
        self.assertIn("-: offset 0x4: program: version is 0x9, must be 0x2", said)

    # ---- assembly

    def test_size_and_checksum_are_computed(self):
        data = self.assemble(FILL.read_text(encoding="utf-8"))
        self.assertEqual(int.from_bytes(data[8:12], "little"), len(data))
        self.assertEqual(self.run_tool(data=data)[1], "")

    def test_checksum_that_is_given_stays(self):
        text = FILL.read_text(encoding="utf-8").replace("program ", "program checksum=7 ")
        data = self.assemble(text)
        self.assertEqual(int.from_bytes(data[12:16], "little"), 7)
        self.assertIn("checksum is 0x7, must be", self.run_tool(data=data, status=1)[1])

    def test_output_goes_to_a_file(self):
        path = self.folder / "fill.tsrp"
        self.assertEqual(self.run_tool("--assemble", "--output", path, FILL)[0], b"")
        self.assertEqual(path.read_bytes(), self.assemble(FILL.read_text(encoding="utf-8")))

    def test_mistakes_are_told_with_their_line(self):
        for text, sentence in (
                ("stream\nBAKE", "line 2: BAKE: there is no such command"),
                ("GEMM", "line 1: GEMM: stream or node must stand before"),
                ("stream\nGEMM\n  a slots=1", "line 3: slots: tensor has no such field"),
                ("stream\nGEMM\n  q slot=1", "line 3: q: gemm has no such structure"),
                ("stream\nGEMM\n  qa.zeros.slot slot=1", "gemm has no such structure"),
                ("stream\nGEMM\n  a type=FP31", "line 3: type=FP31: that is no number, and no name of TYPE"),
                ("stream\nGEMM\n  a type=256", "line 3: type=256: the field has 8 bits"),
                ("stream\nGEMM\n  a dim=1,2,3,4,5,6,7,8,9", "line 3: dim: it has 8 elements"),
                ("stream\nGEMM\n  a dim=1,,2", "line 3: dim=: that is no number"),
                ("stream\nGEMM\n  a slot", "line 3: slot: NAME=VALUE must stand here"),
                ("stream\nVECTOR\n  post inputs=1\n  post.in[1] slot=0", "line 4: post.in[1]: the program has no such"),
                ("stream\nVECTOR\n  post.code[0] op=ADD", "line 3: post.code[0]: the program has no such part"),
                ("stream\nSCAN\n  pre inputs=1\n  pre.in[1] slot=0", "line 4: pre.in[1]: the program has no such part"),
                ("stream\nSCAN\n  pre insns=1\n  post insns=1", "line 4: post: it must stand before pre"),
                ("stream\nSCAN\n  prefix insns=1", "line 3: prefix: scan has no such structure"),
                ("stream\nVECTOR\n  post insns=1\n  post.code[0] op=BAKE", "line 4: op=BAKE: that is no number"),
                ("stream\nVECTOR\n  posts insns=1", "line 3: posts: vector_command has no such structure"),
                ("slot=3", "line 1: slot=3: there is no structure for it"),
                ("a slot=3", "line 1: a: program or stream must stand before"),
                ("node 0", "line 1: node: program must stand before"),
                ("program\nnode 16384", "line 2: node 16384: must be 0 to 16383"),
                ("program\nnode x", "line 2: x: a number must follow"),
                ("program nodes=0xffffffff\nnode 1", "the file would have 0x10000007f bytes"),
                ("program\nprogram", "line 2: program: a text is one program or one stream"),
                ("program\nedges 1 65536", "line 2: 65536: that is no node number"),
                ("program size=4", "the file has 0x4 bytes, and the text more: 0x80"),
                ("bytes 0 abc", "line 1: bytes: two hexadecimal digits make a byte"),
                ("bytes 0 xy", "line 1: bytes: xy is no hexadecimal byte"),
                ("bytes 0xffffffffffffffff 00", "line 1: bytes: 0xffffffffffffffff is too far"),
                ("stream now", "line 1: now: the line must end before")):
            with self.subTest(text=text):
                self.assertIn(sentence, self.refused(text))

    def test_a_program_without_anything_is_said_and_comes_back(self):
        data = self.assemble("stream\n  VECTOR\n    post\n")
        self.assertEqual(len(data), 184)
        self.assertIn("\n    post\n", self.show("--stream", data=data))

    def test_what_is_wrong_in_a_program_is_told_with_its_path(self):
        data = self.assemble("stream\nVECTOR\n  d slot=1 type=FP32\n  post insns=1\n  post.code[0] op=9 type=BOOL\n"
                             "VECTOR\n  d slot=1 type=FP32\n  post insns=1 flags=8\n  post.code[0] op=99 type=BOOL\n")
        said = self.run_tool("--stream", data=data, status=1)[1]
        self.assertIn("command 1, VECTOR: post.flags is 0x8, bits 0x8 are none of VECTOR_STORE", said)
        self.assertIn("command 1, VECTOR: post.code[0].op is 99, which is no value of VECTOR", said)
        self.assertNotIn("command 0", said)

    def test_program_that_does_not_fit_its_command_is_told(self):
        data = bytearray(self.assemble("stream\nVECTOR\n  d slot=1 type=FP32\n  post insns=1\n"))
        data[176] = 2
        self.assertIn("head.post is 176: a program lies at 176, in the 192 bytes that are left",
                      self.run_tool("--stream", data=bytes(data), status=1)[1])
        data[176] = 0
        self.assertIn("head.size is 192, VECTOR has 184 bytes",
                      self.run_tool("--stream", data=bytes(data), status=1)[1])

    def test_a_prologue_lies_behind_the_epilogue_or_else_the_body(self):
        text = "stream\n  SCAN  # at 0x0\n    axis=2 function=SUM\n"
        post = "    post insns=2 result=5\n    post.code[0] op=NEG type=F32 dst=5 a=4\n" \
               "    post.code[1] op=ABS type=F32 dst=5 a=5\n"
        pre = "    pre insns=1 inputs=1 result=5\n    pre.in[0] slot=3 type=FP16\n    pre.code[0] op=ADD type=F32 dst=5 a=4\n"
        for programs, places in ((post, b"\x38\1\0\0"), (pre, b"\0\0\x38\1"), (post + pre, b"\x38\1\x50\1"),
                                 ("    post\n    pre\n", b"\x38\1\x40\1")):
            data = self.assemble(text + programs)
            with self.subTest(programs=programs):
                self.assertEqual((data[8:12], int.from_bytes(data[4:6], "little")), (places, len(data)))
                self.assertIn(programs, self.show("--stream", data=data))
                self.assertEqual(self.assemble(self.show("--stream", data=data)), data)

    def test_prologue_that_does_not_fit_its_command_is_told(self):
        data = bytearray(self.assemble("stream\nSCAN\n  post insns=1\n  pre insns=1\n"))
        data[312] = 2
        self.assertIn("head.pre is 328: a program lies at 336, in the 344 bytes that are left",
                      self.run_tool("--stream", data=bytes(data), status=1)[1])
        data[312], data[328] = 1, 3
        self.assertIn("head.pre is 328: a program lies at 328, in the 344 bytes that are left",
                      self.run_tool("--stream", data=bytes(data), status=1)[1])

    def test_bytes_behind_a_command_change_what_they_say_and_no_more(self):
        text = "stream\nVECTOR\n  d slot=1 type=FP32\n  post insns=1\nbytes 0 " + "ff" * 200 + "\n"
        self.assertEqual(self.assemble(text), b"\xff" * 200)
        self.assertEqual(self.assemble(text.replace("post insns=1", "step block=1")), b"\xff" * 200)

    def test_place_of_a_program_is_that_behind_the_body(self):
        data = self.assemble("stream\nVECTOR\n  post insns=1\n  head post=60000 size=1\n")
        self.assertEqual((len(data), data[4:6], data[8:10]), (192, b"\xc0\0", b"\xb0\0"))

    def test_texts_and_bytes_are_told_apart(self):
        self.assertIn("a text has no zero bytes", self.run_tool("--assemble", data=b"stream\0", status=1)[1])
        self.assertIn("stands outside of a case", self.run_tool(FILL, status=1)[1])

    # ---- files and options

    def test_malformed_input_names_offset_member_and_rule(self):
        text = FILL.read_text(encoding="utf-8").replace("op=NEG", "op=99")
        out, said = self.run_tool(data=self.assemble(text), status=1)
        self.assertIn(b"op=99", out)
        self.assertIn("-: offset 0x278: node 1: command 0, VECTOR: post.code[0].op is 99, which is no value of VECTOR", said)

    def test_command_of_another_engine_is_told(self):
        text = FILL.read_text(encoding="utf-8").replace("engine=DMA", "engine=TENSOR")
        self.assertIn("offset 0x108: node 0: command 0, FILL: head.op is for an engine of kind 2, the node has 1",
                      self.run_tool(data=self.assemble(text), status=1)[1])

    def test_slot_that_the_program_does_not_count_is_told(self):
        text = FILL.read_text(encoding="utf-8").replace("dst slot=0", "dst slot=1")
        self.assertIn("offset 0x1c: program: slot_count is 1, node 0 names slot 1",
                      self.run_tool(data=self.assemble(text), status=1)[1])

    def test_truncated_programs_are_told_at_every_length(self):
        data = self.assemble(FILL.read_text(encoding="utf-8"))
        for size in range(4, len(data), 13):
            self.assertIn("offset 0x", self.run_tool(data=data[:size], status=1)[1])

    def test_vector_that_is_not_there_is_told(self):
        self.assertIn("there is no case bake", self.run_tool("--case", "bake", VALID, status=1)[1])

    def test_malformed_vectors_are_told_with_their_line(self):
        for text, sentence in (("case a\nbytes stream 1\nend\n", "line 2: two hexadecimal digits"),
                               ("case a\nzero stream many\nend\n", "line 2: zero many: that many bytes"),
                               ("case a\n", "case a has no end"),
                               ("case a\ncase b\n", "line 2: case b begins inside of a case")):
            with self.subTest(text=text):
                self.assertIn(sentence, self.run_tool(data=text.encode(), status=1)[1])

    def test_files_that_cannot_be_used_are_told(self):
        self.assertIn("/nowhere: No such file", self.run_tool("/nowhere", status=1)[1])
        self.assertIn("No space left", self.run_tool("-a", "-o", "/dev/full", FILL, status=1)[1])
        with open("/dev/full", "wb") as full:
            done = subprocess.run([TOOL, SMALL], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, b"No space left" in done.stderr), (1, True))

    def test_one_bad_file_does_not_hide_the_others(self):
        out, said = self.run_tool("/nowhere", SMALL, status=1)
        self.assertIn(b"program magic=", out)
        self.assertIn("/nowhere", said)

    def test_usage_errors_end_with_2(self):
        for arguments in (["--bake"], ["--node", "x"], ["--node", "-1"], ["-o", "x"], ["-a", "-j"],
                          ["-a", "a", "b"]):
            with self.subTest(arguments=arguments):
                self.run_tool(*arguments, status=2)
        self.assertIn("usage: tessera-objdump", self.show("--help"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
