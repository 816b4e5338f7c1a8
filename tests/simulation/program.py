# SPDX-License-Identifier: MIT
"""
Programs: what the core does between nodes (manual, sections 9, 10, 15 and 18).

The manual bounds the core's time and does not fix it: here a node takes its bound, 60 instructions of one cycle and
160 cycles, and a gang's first node 400 cycles.
"""

from collections import deque

from simulation.device import Device
from simulation.gang import Gang

DISPATCH = 60 + 160
GANG_DISPATCH = 400
QUEUE_DEPTH = 8


class Core:
    """The management core: walks the graph of one job."""

    def __init__(self, sku, nodes):
        self.device = Device(sku)
        self.waiting = deque(nodes)
        self.nodes = nodes
        self.gangs = {}
        self.free = 0
        for node in nodes:
            node.group.check(sku)

    def bind(self, group):
        """Binds a group to tiles that are free and side by side; None if there are none."""
        taken = {gang.first + i for gang in self.bound() for i in range(len(gang.tiles))}
        for first in range(self.device.sku.tiles - group.tiles + 1):
            if not taken & set(range(first, first + group.tiles)):
                gang = Gang(self.device, group, first)
                gang.ended = lambda node: self.node_ended()
                self.gangs[id(group)] = gang
                return gang
        return None

    def bound(self):
        """The gangs whose last node has not ended."""
        open_groups = {id(node.group) for node in self.nodes if node.end is None}
        return [gang for key, gang in self.gangs.items() if key in open_groups]

    def can_queue(self, node):
        """Whether a node's engine has a place, and what is not settled by order has completed."""
        if any(other.end is None and other.group is not node.group for other in node.before):
            return False
        gang = self.gangs.get(id(node.group)) or self.bind(node.group)
        return gang is not None and len(gang.queued) < QUEUE_DEPTH

    def pump(self):
        """Queues the next node when it can be queued."""
        if not self.waiting or not self.can_queue(self.waiting[0]):
            return
        node = self.waiting.popleft()
        gang = self.gangs[id(node.group)]
        cost = DISPATCH if gang.used or node.group.tiles == 1 else GANG_DISPATCH
        gang.used = True
        self.free = max(self.free, self.device.time) + cost
        self.device.at(self.free, lambda: self.push(node))

    def push(self, node):
        """The write that queues a node."""
        gang = self.gangs[id(node.group)]
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
