# SPDX-License-Identifier: MIT
"""Time: events in order and flows; at one time all ends, all begins, one recomputation (manual, section 8.3)."""

import heapq
from itertools import count

from simulation.flows import Flow, Network


def resident(uses):
    """Whether a transfer is one of resident parts, which have no pages: its resources are ports of tiles."""
    return all(isinstance(resource, int) for resource, _ in uses)


class Device:
    """Tiles add themselves; events are calls at whole cycles."""

    def __init__(self, sku):
        self.sku = sku
        self.network = Network(sku.capacities())
        self.events = []
        self.order = count()
        self.time = 0
        self.shared = {}

    def at(self, time, call):
        """Calls at a time, which has not passed."""
        heapq.heappush(self.events, (max(time, self.time), next(self.order), call))

    def transfer(self, uses, walk, done):
        """Moves what a walk touches through some resources, to a scratchpad if there are none, and calls `done`."""
        if not walk.bursts:
            self.at(self.time, done)
        elif not uses:
            self.at(self.time + walk.scratchpad_cycles(self.sku.weight_path, self.sku.ports), done)
        else:
            issue = walk.jumps if resident(uses) else walk.issue
            self.network.begin(Flow(walk.bytes, uses, issue, self.sku.port_bytes, done))

    def join(self, key, parties, uses, walk, calls):
        """
        A party of a multicast transfer has reached its begin; the transfer begins with the last of them. Of its two
        calls one is made at that time, the other one at the end.
        """
        waiting = self.shared.setdefault(key, [])
        waiting.append(calls)
        if len(waiting) == parties:
            del self.shared[key]
            for begun, _ in waiting:
                begun()
            self.transfer(uses, walk, lambda: [done() for _, done in waiting])

    def run(self):
        """Runs until nothing is left to happen and returns the time."""
        while self.next_time() is not None:
            self.time = self.next_time()
            for flow in self.network.advance(self.time):
                flow.done()
            while self.events and self.events[0][0] == self.time:
                heapq.heappop(self.events)[2]()
            self.network.settle()
        return self.time

    def next_time(self):
        """The time of the next event or end of a flow."""
        times = [self.network.next_end(), self.events[0][0] if self.events else None]
        return min((time for time in times if time is not None), default=None)
