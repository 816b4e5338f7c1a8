# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Every golden vector is decoded by the C tables and packed again by the Python structures, to the same bytes."""

import ctypes
import os
import random
import re
import struct
import subprocess
import sys
import unittest
from pathlib import Path

CONTRACT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CONTRACT / "python"))

import tsr_hw  # noqa: E402
from encode import class_of, encode, encode_command  # noqa: E402

DECODE = os.environ["CONTRACT_DECODE"]
BODY = re.compile(r"\{ (0x[0-9a-f]+), \d+, \d+, &structure_(\w+) \}")
BODIES = {int(op, 0): body for op, body in BODY.findall((CONTRACT / "decode/tables.c").read_text(encoding="utf-8"))}



def lines_of(file):
    """Of a file of golden vectors, or of all in a folder."""
    path = CONTRACT / "vectors" / file
    for one in sorted(path.glob("*.txt")) if path.is_dir() else (path,):
        yield from one.read_text(encoding="utf-8").splitlines()


def cases(file):
    """(name, buffers, fields) of golden vectors."""
    name, buffers, fields = None, {}, {}
    for line in lines_of(file):
        word, _, rest = line.partition(" ")
        if word == "case":
            name, buffers, fields = rest, {}, {}
        elif word in ("bytes", "zero"):
            buffer, value = rest.split(" ")
            data = bytes.fromhex(value) if word == "bytes" else bytes(int(value))
            buffers[buffer] = buffers.get(buffer, b"") + data
        elif word == "end":
            yield name, buffers, fields
        elif word and word != "#":
            fields[word] = rest


def decoded(what, data):
    """(status, texts) of contract-decode: one text per structure."""
    done = subprocess.run([DECODE, what], input=data, capture_output=True, check=False)
    return done.returncode, [text for text in done.stdout.decode().split("\n\n") if text]


class Vectors(unittest.TestCase):
    """One file each."""

    def count(self, file, buffer, name, part):
        """Structures of a buffer that came back; @part cuts them out of it."""
        size = ctypes.sizeof(class_of(name))
        chunks = [(case, data[at:at + size]) for case, buffers, _ in cases(file)
                  for data in [part(buffers.get(buffer, b""))] for at in range(0, len(data), size)]
        status, texts = decoded(name, b"".join(data for _, data in chunks))
        self.assertEqual((status, len(texts)), (0, len(chunks)))
        for (case, data), text in zip(chunks, texts, strict=True):
            with self.subTest(case=case):
                self.assertEqual(encode(name, text), data)
        return len(chunks)

    def test_jobs(self):
        self.assertEqual(self.count("jobs.txt", "job", "job", bytes), 36)

    def test_slots(self):
        self.assertGreater(self.count("programs.txt", "slots", "slot", bytes), 15)

    def test_program_headers(self):
        self.assertEqual(self.count("programs.txt", "program", "program", lambda data: data[:128]), 137)

    def test_nodes(self):
        def nodes(data):
            header = tsr_hw.Program.from_buffer_copy(data)
            end = header.nodes + 64 * header.node_count
            return data[header.nodes:end] if end <= len(data) else b""
        self.assertGreater(self.count("programs.txt", "program", "node", nodes), 300)

    def test_images(self):
        def header(data):
            return data[:256] if len(data) >= 256 else b""
        self.assertEqual(self.count("images.txt", "image", "image_header", header), 26)

    def test_streams_that_an_engine_takes(self):
        files = ("commands/valid.txt", "commands/twins", "commands/results.txt")
        stream = b"".join(buffers.get("stream", b"") for file in files for _, buffers, _ in cases(file))
        status, texts = decoded("stream", stream)
        packed = [encode_command(BODIES[int(text.split(" ")[2])], text) for text in texts]
        self.assertEqual((status, b"".join(packed)), (0, stream))
        self.assertGreater(len(texts), 250)

    def test_slots_of_streams(self):
        self.assertGreater(self.count("commands/malformed", "slots", "slot", bytes), 500)

    def test_page_table_entries_have_the_names_of_their_bits(self):
        entries = [int(fields["entry"], 0) for _, _, fields in cases("page-table-entries.txt")]
        status, (text,) = decoded("PTE", struct.pack(f"<{len(entries)}Q", *entries))
        self.assertEqual(status, 0)
        for entry, line in zip(entries, text.splitlines(), strict=True):
            with self.subTest(entry=hex(entry)):
                self.assertEqual(bits_named(line), entry & ~tsr_hw.PTE_MBZ)


def bits_named(line):
    """The number that the names of fields say."""
    found = 0
    for word in line.split("#")[1].split():
        name, _, value = word.partition("=")
        mask = tsr_hw.PTE[name].value
        found |= int(value, 0) * (mask & -mask) if value else mask
    return found


def command_with_programs(post, pre):
    """A SCAN and, as told, an epilogue and a prologue of one input, one constant and one instruction."""
    vector = (bytes(tsr_hw.Vector(insns=1, consts=1, inputs=1)) + bytes(tsr_hw.Tensor(slot=7)) + bytes(8) +
              bytes(tsr_hw.Insn(op=tsr_hw.VECTOR.MUL)))
    scan = tsr_hw.Scan()
    size = ctypes.sizeof(scan)
    scan.head.op = tsr_hw.OP.SCAN
    scan.head.post, scan.head.pre = post * size, pre * (size + post * len(vector))
    scan.head.size = size + (post + pre) * len(vector)
    return bytes(scan) + (post + pre) * vector


class Structures(unittest.TestCase):
    """Structures that no vector has."""

    def test_every_structure_comes_back_from_random_bytes(self):
        random.seed(1)
        names = ("boot_block", "fuses", "die", "inv_cmd", "inv_ring", "completion", "completion_page", "event",
                 "event_ring", "ring", "trace", "profile", "tensor", "quant")
        for name in names:
            data = bytes(class_of(name).from_buffer_copy(random.randbytes(ctypes.sizeof(class_of(name)))))
            with self.subTest(name=name):
                status, (text,) = decoded(name, data)
                self.assertEqual((status, encode(name, text)), (0, data))

    def test_alternative_of_a_union_is_that_of_its_tag(self):
        admin = tsr_hw.Admin(seq=7, op=tsr_hw.ADMIN.QUEUE_CREATE)
        admin.create.priority = tsr_hw.PRIORITY.LOW
        self.assertIn("create.priority = 3  # LOW", decoded("admin", bytes(admin))[1][0])
        admin = tsr_hw.Admin(seq=7, op=tsr_hw.ADMIN.TRACE)
        admin.trace.address = 0x1234567
        self.assertIn("trace.address = 0x1234567", decoded("admin", bytes(admin))[1][0])
        self.assertIn("pad = 0", decoded("admin", bytes(tsr_hw.Admin(op=tsr_hw.ADMIN.NOP)))[1][0])

    def test_values_and_flags_have_their_names(self):
        self.assertIn("error = 8  # BUDGET", decoded("completion", bytes(tsr_hw.Completion(error=8)))[1][0])
        self.assertIn("flags = 3  # PROFILE REPLAYABLE", decoded("job", bytes(tsr_hw.Job(flags=3)))[1][0])
        fuses = tsr_hw.Fuses()
        fuses.macs[tsr_hw.TYPE.INT8] = 3072
        self.assertIn("macs[6] = 3072  # INT8", decoded("fuses", bytes(fuses))[1][0])

    def test_bytes_that_are_no_whole_structure_are_told(self):
        self.assertEqual(decoded("job", bytes(65))[0], 1)

    def test_stream_ends_at_an_unknown_command(self):
        self.assertEqual(decoded("stream", bytes([0xff, 0, 8, 0, 0, 0, 0, 0])), (1, []))

    def test_epilogue_and_prologue_come_back(self):
        for post, pre in ((1, 0), (0, 1), (1, 1)):
            data = command_with_programs(post, pre)
            status, (text,) = decoded("stream", data * 2)[0], decoded("stream", data)[1]
            with self.subTest(post=post, pre=pre):
                self.assertEqual((status, encode_command("scan", text)), (0, data))
                self.assertEqual(("post.in[0].slot = 7" in text, "pre.in[0].slot = 7" in text), (post, pre))

    def test_programs_out_of_their_places_are_no_command(self):
        good, size = command_with_programs(1, 1), ctypes.sizeof(tsr_hw.Scan)
        end = len(command_with_programs(1, 0))
        for post, pre in ((size, end + 8), (size + 8, end), (end, size), (size, size), (0, end), (size, 0)):
            data = bytearray(good)
            struct.pack_into("<HH", data, tsr_hw.Command.post.offset, post, pre)
            with self.subTest(post=post, pre=pre):
                self.assertEqual(decoded("stream", bytes(data)), (1, []))
        self.assertEqual(decoded("stream", good[:-8]), (1, []))

    def test_unknown_structure_is_told(self):
        self.assertEqual(decoded("jobs", b"")[0], 2)


if __name__ == "__main__":
    unittest.main()
