# SPDX-License-Identifier: MIT
"""One device that both run: nodes of gangs and copies, queued at some times."""

import subprocess
from pathlib import Path

from fidelity import text
from simulation.amounts import amounts
from simulation.device import Device
from simulation.dma import Dma
from simulation.gang import Gang, Group, Node
from simulation.tensor import LOCAL, MEMORY

PROGRAM = Path(__file__).resolve().parents[2] / "build/out/tools/vnpu/time/tests/timeline-text"


class Case:
    """
    A device and what it is given. lines() is what the simulation says of it, in timeline-text's form: for each node its
    end, what it does, and the bytes that the memories moved.
    """

    def __init__(self, sku, name, engines=0):
        self.sku = sku
        self.name = name
        self.device = Device(sku)
        self.engines = [Dma(self.device) for _ in range(engines)]
        self.words = text.device(sku, engines)
        self.gangs = {}
        self.groups = {}
        self.items = []

    def gang(self, first, grid, ring):
        """Binds tiles."""
        self.groups[first] = Group(grid, 0, ring)
        gang = Gang(self.device, self.groups[first], first)
        gang.ended = lambda node: gang.queued and gang.start(gang.queued[0])
        self.gangs[first] = gang
        self.words += text.gang(first, grid, ring)

    def node(self, first, streams, time):
        """Queues a node at a time."""
        gang = self.gangs[first]
        node = Node(streams, self.groups[first])
        self.items.append(node)
        self.words += text.node(first, streams, time)

        def push():
            gang.push(node)
            if gang.queued[0] is node:
                gang.start(node)
        self.device.at(time, push)

    def copy(self, engine, time, source, destination, size):
        """Queues a copy between (memory, address)."""
        self.items.append(self.engines[engine])
        self.words += text.copy(engine, time, source, destination, size)
        self.device.at(time, lambda: self.engines[engine].copy(source, destination, size))

    def lines(self):
        """Runs the simulation."""
        self.device.run()
        ends = {id(engine): iter(engine.ends) for engine in self.engines}
        result = []
        for item in self.items:
            if isinstance(item, Node):
                result.append([item.end, *amounts(item, self.sku)])
            else:
                result.append([next(ends[id(item)])])
        moved = self.device.network.moved
        if self.sku.link_mb_s:
            return result + [["moved", moved.get(LOCAL, 0), moved.get(MEMORY, 0)]]
        return result + [["moved", moved.get(MEMORY, 0), 0]]


def run(cases):
    """What timeline-text prints for each of some cases, as lists of words."""
    return run_words([word for case in cases for word in (*case.words, "run")])


def run_words(words):
    """The same of some devices as words."""
    done = subprocess.run([PROGRAM], input=" ".join(map(str, words)), capture_output=True, text=True, check=True)
    result, lines = [], []
    for line in done.stdout.splitlines():
        lines.append(line.split())
        if lines[-1][0] == "moved":
            result.append(lines)
            lines = []
    return result
