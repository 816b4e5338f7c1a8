# SPDX-License-Identifier: MIT
"""
Programs: nodes, groups and what the core does between them (manual, sections 9, 10, 15 and 18).

The manual bounds the core's time and does not fix it: here a node takes its bound, 60 instructions of one cycle and
160 cycles, and a gang's first node 400 cycles.
"""

from collections import deque
from dataclasses import dataclass, field

from simulation.device import Device
from simulation.steps import Refused
from simulation.tile import Tile

DISPATCH = 60 + 160
GANG_DISPATCH = 400
BARRIER = 40
QUEUE_DEPTH = 8


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


class Gang:
    """The tiles of a group, with the nodes that are in their queues."""

    def __init__(self, device, group):
        available = device.sku.main
        if group.tiles > device.sku.tiles or group.resident + group.ring > available:
            raise Refused(f"RESOURCES: {group} in {device.sku.tiles} tiles of {available} bytes")
        width = group.grid[1]
        self.device = device
        self.tiles = [Tile(device, group.ring, divmod(t, width), group.grid) for t in range(group.tiles)]
        self.queued = deque()

    def push(self, node):
        """Queues a node on all tiles, as they are now."""
        self.queued.append(node)
        node.left = len(self.tiles)
        now = self.device.time
        node.runs = [tile.queue(stream, now, done=lambda: self.tile_done(node))
                     for tile, stream in zip(self.tiles, node.streams)]

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


class Core:
    """The management core: walks the graph of one job."""

    def __init__(self, sku, nodes):
        self.device = Device(sku)
        self.waiting = deque(nodes)
        self.nodes = nodes
        self.gangs = {}
        self.free = 0

    def gang_of(self, node):
        """The bound group of a node."""
        key = id(node.group)
        if key not in self.gangs:
            self.gangs[key] = Gang(self.device, node.group)
            self.gangs[key].ended = lambda node: self.node_ended()
        return self.gangs[key]

    def can_queue(self, node):
        """Whether a node's engine has a place, and what is not settled by order has completed."""
        settled = all(other.end is not None or other.group is node.group for other in node.before)
        return settled and len(self.gang_of(node).queued) < QUEUE_DEPTH

    def pump(self):
        """Queues the next node when it can be queued."""
        if not self.waiting or not self.can_queue(self.waiting[0]):
            return
        node = self.waiting.popleft()
        first = not any(other.start is not None or other.runs for other in self.nodes if other.group is node.group)
        cost = GANG_DISPATCH if first and node.group.tiles > 1 else DISPATCH
        self.free = max(self.free, self.device.time) + cost
        self.device.at(self.free, lambda: self.push(node))

    def push(self, node):
        """The write that queues a node."""
        gang = self.gang_of(node)
        gang.push(node)
        if gang.queued[0] is node:
            gang.start(node)
        self.pump()

    def node_ended(self):
        """Starts what waited in the queues, and goes on walking."""
        for gang in self.gangs.values():
            if gang.queued and gang.queued[0].start is None:
                gang.start(gang.queued[0])
        self.pump()

    def run(self):
        """Runs the job and returns its cycles."""
        self.pump()
        self.device.run()
        return max(node.end for node in self.nodes)


def run(sku, nodes):
    """Cycles of a job, and the core that ran it."""
    core = Core(sku, nodes)
    return core.run(), core
