# SPDX-License-Identifier: MIT
"""Groups, nodes, and the tiles that run them together (manual, sections 10.3, 10.4 and 13.1)."""

from collections import deque
from dataclasses import dataclass, field

from simulation.steps import Refused
from simulation.tile import Tile

BARRIER = 40


@dataclass
class Group:
    """Tiles that a job holds together, and what it has of each one's scratchpad."""

    grid: tuple = (1, 1)
    resident: int = 0
    ring: int = 0

    @property
    def tiles(self):
        """Tiles of the grid."""
        return self.grid[0] * self.grid[1]

    def check(self, sku):
        """Refuses a group that no device of this class can hold."""
        if self.tiles > sku.tiles or self.resident + self.ring > sku.main:
            raise Refused(f"RESOURCES: {self} in {sku.tiles} tiles of {sku.main} bytes")


@dataclass(eq=False)
class Node:
    """A node: the stream of each tile, and the nodes before it. All tiles of a group run it."""

    streams: list
    group: Group
    before: tuple = ()
    name: str = ""
    start: int = None
    end: int = None
    left: int = 0
    runs: list = field(default_factory=list)


class Meeting:
    """One GANG_BARRIER of a node: its time follows from the last tile that has come to it."""

    def __init__(self, device, awaited, tiles):
        self.device = device
        self.left = len(awaited)
        self.tiles = tiles
        self.time = None
        for run in awaited:
            run.watchers.append(self.arrive)

    def arrive(self):
        """A tile has ended the commands before the barrier, or its stream."""
        self.left -= 1
        if self.left == 0:
            self.time = self.device.time + BARRIER
            for tile in self.tiles:
                self.device.at(self.device.time, tile.advance)


class Gang:
    """The tiles of a group, from the device's tile `first` on, with the nodes that are in their queues."""

    def __init__(self, device, group, first):
        width = group.grid[1]
        self.device = device
        self.first = first
        self.tiles = [Tile(device, group.ring, divmod(t, width), group.grid, first) for t in range(group.tiles)]
        self.queued = deque()
        self.used = False

    def push(self, node):
        """Queues a node on all tiles, as they are now."""
        self.queued.append(node)
        node.left = len(self.tiles)
        now = self.device.time
        node.runs = [tile.queue(stream, now) for tile, stream in zip(self.tiles, node.streams)]
        for runs in node.runs:
            runs[-1].watchers.append(lambda: self.tile_done(node))
        self.meet(node)

    def meet(self, node):
        """Makes the barriers inside of a node: the n-th of each stream is the same one."""
        barriers = [[run for run in runs[1:] if run.command.barrier] for runs in node.runs]
        for number in range(max(len(entries) for entries in barriers)):
            here = [entries[number] if number < len(entries) else None for entries in barriers]
            awaited = [run.after if run else runs[-1] for run, runs in zip(here, node.runs)]
            meeting = Meeting(self.device, awaited, self.tiles)
            for run in here:
                if run:
                    run.meeting = meeting

    def start(self, node):
        """Starts the node at the head."""
        node.start = self.device.time
        for tile, runs in zip(self.tiles, node.runs):
            tile.begin(runs, node.start)

    def tile_done(self, node):
        """A tile has ended its part; after the last one come the barrier and the end of the node."""
        node.left -= 1
        if node.left == 0:
            barrier = BARRIER if len(self.tiles) > 1 else 0
            self.device.at(self.device.time + barrier, lambda: self.node_done(node))

    def node_done(self, node):
        """The end of a node."""
        node.end = self.device.time
        self.queued.popleft()
        self.ended(node)

    def ended(self, node):
        """Set by the core."""
