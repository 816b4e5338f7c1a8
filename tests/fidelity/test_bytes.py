# SPDX-License-Identifier: MIT
"""Streams as bytes: the virtual NPU's and the simulation's decoders give the same cycles, bytes and amounts."""

import os
import random
import struct
import subprocess
import unittest
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from unittest import mock

from fidelity import error
from simulation import stream as simulation
from simulation.decode import SCRATCHPAD_SLOT, Decoder, Job, tensor_at
from simulation.flows import ceiling
from simulation.sku import FOLDER, SKUS
from simulation.steps import Refused

TOP = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TESSERA_MEASURE_TEXT", TOP / "build/out/tools/vnpu/measure/tests/measure-text")
VECTORS = TOP / "contract/vectors/commands"
FIGURES = ("cycles", "products", "moved", "steps", "energy")


class Stream(simulation.Stream):
    """A stream for both. What its commands read from memory is -1, 0, 1 or now and then some number."""

    def __init__(self, sku, engine, stream, job, resident=0):
        super().__init__(sku, engine, stream, job, resident)
        self.memory = {}
        self.rng = random.Random(stream)
        job.read = self.read

    def read(self, address, size):
        """Bytes in memory, the same ones each time."""
        number = self.rng.choice((-1, 0, 1)).to_bytes(size, "little", signed=True)
        if size == 4 and self.rng.random() < 0.3:
            number = struct.pack("<f", self.rng.choice((0.5, -0.25, 1, 1.5, 2.75, -3.0, 6.5, float("nan"))))
        return self.memory.setdefault((address, size), number)

    def words(self):
        """It for measure-text."""
        job = self.job
        yield from ("sku", FOLDER / f"{self.sku.name}.json", "engine", self.engine, "slots", len(job.slots))
        yield from (number for slot in job.slots for number in slot)
        yield from ("local", len(job.local), *(number for part in job.local for number in part))
        yield from ("group", self.resident, self.ring)
        yield from ("parameters", len(job.parameters), *job.parameters, "program", job.program, 4096)
        for (address, _), data in self.memory.items():
            yield from ("memory", address, data.hex())
        yield from ("stream", self.stream.hex() or "-")


class Zeros(Stream):
    """A stream in memory without anything but zeros."""

    def read(self, address, size):
        """Bytes in memory."""
        return bytes(size)


def cases_of(name):
    """(name, fields) of the cases of a file of golden vectors."""
    fields = {}
    for line in (VECTORS / name).read_text().splitlines():
        word, *rest = line.split() or [""]
        if word == "case":
            title, fields = rest[0], {"stream": b"", "slots": b""}
        elif word == "bytes":
            fields[rest[0]] += bytes.fromhex(rest[1])
        elif word == "zero":
            fields[rest[0]] += bytes(int(rest[1]))
        elif word == "end":
            yield title, fields
        elif word and word != "#":
            fields[word] = rest


def job_of(fields):
    """Slots, parameters and program of a case."""
    return Job(simulation.slots_of(fields["slots"]), program=int(fields["program"][0], 0) if "program" in fields else 0)


def local_slots(job, share):
    """Some of the slots, for local memory: one in so many, the first of them too."""
    return tuple((address, size) for address, size, _ in job.slots[::share] if size)


def in_scratchpad(stream, slot):
    """A stream with all tensors of a slot in the scratchpad instead; None: there is no room for them."""
    resident = ceiling(stream.job.slots[slot][1], 64) * 64
    if not 0 < resident < stream.sku.main // 2:
        return None
    decoder = Decoder(stream.sku, stream.job)
    offsets = []

    def note(job, raw, offset):
        offsets.append(offset)
        return tensor_at(job, raw, offset)
    moved = bytearray()
    for raw in decoder.commands(stream.stream):
        offsets.clear()
        with mock.patch("simulation.decode.tensor_at", note), suppress(Refused):
            decoder.of[raw[0]](raw)
        command = bytearray(raw)
        for offset in offsets:
            if struct.unpack_from("<H", raw, offset)[0] == slot:
                struct.pack_into("<H", command, offset, SCRATCHPAD_SLOT)
        moved += command
    return Stream(stream.sku, stream.engine, bytes(moved), replace(stream.job), resident)


def in_scratchpads(streams):
    """Of some (case, stream) those of tensor tiles, each with one slot in the scratchpad."""
    for title, stream in streams:
        for slot in range(len(stream.job.slots)) if stream.engine == "tensor" else ():
            moved = in_scratchpad(stream, slot)
            if moved and moved.stream != stream.stream:
                yield f"{title}, slot {slot}", moved


def run(streams):
    """What measure-text prints of some streams."""
    words = " ".join(str(word) for stream in streams for word in stream.words())
    done = subprocess.run([PROGRAM], input=words, capture_output=True, text=True, check=True)
    return [line.split() for line in done.stdout.splitlines()]


class Vectors(unittest.TestCase):
    """The golden vectors that engines take."""

    def streams(self, name, sku):
        """(case, stream) of those that the simulation knows."""
        for title, fields in cases_of(name):
            if fields.get("verdict", ["NONE"]) != ["NONE"] or not fields["stream"]:
                continue
            stream = Stream(sku, fields["engine"][0], fields["stream"], job_of(fields))
            if stream.engine == "dma" or Decoder(sku, stream.job).knows(stream.stream):
                yield title, stream

    def in_local_memory(self, sku):
        """The same with every second slot in local memory."""
        for title, stream in self.streams("valid.txt", sku):
            stream.job.local = local_slots(stream.job, 2)
            yield title, stream

    def test_golden_streams_take_the_same_time_and_bytes(self):
        for sku in (SKUS["ulp"], SKUS["edge"], SKUS["dc"]):
            self.compare(sku, list(self.streams("valid.txt", sku)))

    def test_golden_streams_state_the_time_that_they_take(self):
        stated, streams = [], []
        for title, fields in cases_of("valid.txt"):
            if "cycles" in fields:
                streams.append(Zeros(SKUS["edge"], fields["engine"][0], fields["stream"], job_of(fields)))
                stated.append((title, {name: fields[name][0] for name in FIGURES if name in fields}))
        self.assertGreater(len(streams), 300)
        for (title, wanted), found in zip(stated, run(streams), strict=True):
            with self.subTest(case=title):
                cycles, macs, _, _, memory, _, steps, energy = found
                found = dict(zip(FIGURES, (cycles, macs, memory, steps, energy)))
                self.assertEqual({name: found[name] for name in wanted}, wanted)

    def test_some_operands_in_the_scratchpad(self):
        for sku in (SKUS["edge"], SKUS["dc"]):
            self.compare(sku, list(in_scratchpads(self.streams("valid.txt", sku)))[::3])

    def test_some_operands_in_local_memory(self):
        self.compare(SKUS["dc"], list(self.in_local_memory(SKUS["dc"])))

    def compare(self, sku, named):
        """Times and amounts of some streams are equal in both."""
        self.assertGreater(len(named), 100)
        wanted = [[str(word) for word in stream.line()] for _, stream in named]
        for (title, stream), found, line in zip(named, run([stream for _, stream in named]), wanted, strict=True):
            if stream.engine == "dma":
                found = [found[0], str(int(found[4]) + int(found[5]))]
            error.note([found], [line])
            with self.subTest(case=title, sku=sku.name, words=" ".join(map(str, stream.words()))):
                self.assertEqual(found, line)


if __name__ == "__main__":
    unittest.main()
