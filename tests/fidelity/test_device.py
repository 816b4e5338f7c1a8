# SPDX-License-Identifier: MIT
"""
Nodes on the virtual NPU's engines, through its firmware: cycles, bytes and energy are those of the simulation, for
nodes alone and side by side.
"""

import subprocess
import unittest
from pathlib import Path

from fidelity.test_bytes import Stream, cases_of, in_scratchpads, job_of, local_slots
from simulation.amounts import amounts
from simulation.decode import Decoder
from simulation.device import Device
from simulation.dma import Dma
from simulation.gang import Gang, Group, Node
from simulation.sku import SKUS
from simulation.steps import Refused
from simulation.stream import energy_of, kind_of

TOP = Path(__file__).resolve().parents[2]
PROGRAM = TOP / "build/out/tools/vnpu/tests/device-text"
PROGRAM_AT = 0x7000000000
TENSOR, NODES_MAX, BYTES_MAX, STEPS_MAX = 1, 16, 1 << 22, 400


class Job:
    """Nodes that do not depend on each other, as streams of golden cases that have their slots in common."""

    def __init__(self, sku, title, streams):
        self.sku = sku
        self.title = title
        self.streams = streams

    def words(self):
        """It for device-text."""
        slots = self.streams[0].job.slots
        yield from ("device", self.sku.name, "slots", len(slots), *(number for slot in slots for number in slot))
        local = self.streams[0].job.local
        yield from ("local", len(local), *(number for part in local for number in part))
        for stream in self.streams:
            if stream.resident:
                yield from ("group", stream.resident, stream.ring)
            yield from (stream.engine, stream.stream.hex())
        yield "run"

    def lines(self, found):
        """
        What the simulation says of nodes that begin when they did: kind, engine, start, end, products, bytes of both
        directions, energy.
        """
        device = Device(self.sku)
        runs = [self.queue(device, stream, *line[1:4]) for stream, line in zip(self.streams, found)]
        device.run()
        return [result() for result in runs]

    def queue(self, device, stream, kind, engine, start):
        """Queues a node; what it gives is known once the device has run."""
        if kind == TENSOR:
            return self.queue_commands(device, stream, engine, start)
        dma = Dma(device)
        decoder = Decoder(self.sku, stream.job)
        flows = decoder.flows(stream.stream)
        moved = sum(walk.bytes for raw in decoder.commands(stream.stream) for walk in decoder.walks(raw))

        def begin():
            for flow in flows:
                flow.done = dma.ended
                dma.queue.append(flow)
            dma.begin()
        device.at(start, begin)
        return lambda: [kind, engine, start, dma.ends[-1], 0, moved]

    def queue_commands(self, device, stream, tile, start):
        """The same on a tensor tile."""
        commands = Decoder(self.sku, stream.job, stream.ring).stream(stream.stream)
        group = Group((1, 1), stream.resident, stream.ring)
        gang = Gang(device, group, tile)
        gang.ended = lambda node: None
        node = Node([commands], group)

        def begin():
            gang.push(node)
            gang.start(node)
        device.at(start, begin)
        alone = stream.commands()[0]

        def result():
            done = amounts(node, self.sku)
            return [TENSOR, tile, start, node.end, done[0], done[3] + done[4],
                    energy_of(self.sku, commands, alone, *done[1:5])]
        return result


def run(jobs):
    """For each job what device-text prints: lists of numbers, or an error."""
    words = " ".join(str(word) for job in jobs for word in job.words())
    done = subprocess.run([PROGRAM], input=words, capture_output=True, text=True, check=True)
    result = [[]]
    for line in done.stdout.splitlines():
        if line == "run":
            result.append([])
        else:
            result[-1].append([int(word) for word in line.split() if word != "error"])
            result[-1].sort()
    return result[:-1]


class Engines(unittest.TestCase):
    """Golden streams on devices."""

    def streams(self, sku):
        """(case, stream) of those that a small memory holds and that have not too many steps. Memory is 0."""
        for title, fields in cases_of("valid.txt"):
            if fields.get("verdict", ["NONE"]) != ["NONE"] or not fields["stream"]:
                continue
            stream = Stream(sku, fields["engine"][0], fields["stream"], job_of(fields))
            stream.job.read = lambda address, size: bytes(size)
            stream.job.program = PROGRAM_AT
            if self.fits(sku, stream):
                yield title, stream

    def fits(self, sku, stream):
        """Whether a stream may be run."""
        if sum(size for _, size, _ in stream.job.slots) > BYTES_MAX:
            return False
        decoder = Decoder(sku, stream.job, stream.ring)
        if stream.engine == "dma":
            return bool(decoder.flows(stream.stream))
        if not decoder.knows(stream.stream):
            return False
        try:
            commands = decoder.stream(stream.stream)
        except Refused:
            return False
        return (sum(len(command.steps) for command in commands) <= STEPS_MAX and
                all(kind_of(command) in (None, *sku.promised) for command in commands))

    def compare(self, jobs, least):
        """Runs jobs, at least some of them without an error of what they compute."""
        ran = 0
        for job, found in zip(jobs, run(jobs), strict=True):
            if len(found[0]) == 1:
                continue
            ran += 1
            shown = [[*line[1:6], line[6] + line[7], *line[8:]] for line in found]
            wanted = job.lines(found)
            with self.subTest(case=job.title, sku=job.sku.name):
                for line, other in zip(shown, wanted, strict=True):
                    self.assertEqual(line[:len(other)], other)
        self.assertGreaterEqual(ran, least)

    def test_nodes_alone(self):
        for sku in (SKUS["edge"], SKUS["pc"]):
            self.compare([Job(sku, title, [stream]) for title, stream in self.streams(sku)], 100)

    def in_scratchpads(self, sku):
        """The same, each with one slot in the scratchpad."""
        for title, stream in in_scratchpads(self.streams(sku)):
            stream.job.read = lambda address, size: bytes(size)
            if self.fits(sku, stream):
                yield title, stream

    def test_nodes_alone_in_the_scratchpad(self):
        moved = list(self.in_scratchpads(SKUS["edge"]))[::4]
        self.compare([Job(SKUS["edge"], title, [stream]) for title, stream in moved], 40)

    def test_groups_of_one_job_take_turns(self):
        moved = list(self.in_scratchpads(SKUS["pc"]))[::16]
        self.compare([Job(SKUS["pc"], title, [stream] * 3) for title, stream in moved], 10)

    def test_nodes_alone_in_local_memory(self):
        for share in (1, 2):
            streams = list(self.streams(SKUS["dc"]))[::4]
            for _, stream in streams:
                stream.job.local = local_slots(stream.job, share)
            self.compare([Job(SKUS["dc"], title, [stream]) for title, stream in streams], 20)

    def test_nodes_side_by_side(self):
        for sku in (SKUS["pc"], SKUS["server"]):
            self.compare(self.side_by_side(sku, list(self.streams(sku))), 20)

    def test_nodes_side_by_side_in_both_memories(self):
        streams = list(self.streams(SKUS["dc"]))
        for _, stream in streams:
            stream.job.local = local_slots(stream.job, 2)
        self.compare(self.side_by_side(SKUS["dc"], streams), 20)

    def side_by_side(self, sku, streams):
        """Jobs of many nodes, and copies beside them."""
        copies = [stream for _, stream in streams if stream.engine == "dma"]
        jobs = [Job(sku, title, [stream] * (NODES_MAX - 2) + [copy for copy in copies
                                                             if copy.job.slots == stream.job.slots][:2])
                for title, stream in streams if stream.engine == "tensor" and len(stream.stream) < 2000]
        return jobs[::4]


if __name__ == "__main__":
    unittest.main()
