# SPDX-License-Identifier: MIT
"""A DMA engine: COPY and FILL (manual, sections 8.3 and 13.3)."""

from collections import deque

from simulation.flows import Flow
from simulation.tensor import LOCAL, MEMORY
from simulation.walk import measured

SETUP = 32


def bursts(address, size):
    """Bursts of some bytes."""
    return measured(8 * address, [(size, 8)]).bursts


def uses(source, destination):
    """The resources of a copy: both sides', one memory's twice; a fill has no source."""
    if source is None:
        return ((destination, 1),)
    if source == destination:
        return ((source, 2),)
    return ((LOCAL, 1), (MEMORY, 1))


class Dma:
    """Runs copies one after another."""

    def __init__(self, device):
        self.device = device
        self.queue = deque()
        self.ends = []

    def copy(self, source, destination, size):
        """Queues a copy between (memory, address) and (memory, address); a source of None is a fill."""
        amount = bursts(destination[1], size)
        if source is not None:
            amount = max(amount, bursts(source[1], size))
        between = uses(source and source[0], destination[0])
        self.queue.append(Flow(64 * amount, between, port=self.device.sku.port_bytes, done=self.ended))
        if len(self.queue) == 1:
            self.begin()

    def begin(self):
        """Begins the first copy of the queue."""
        self.device.at(self.device.time + SETUP, lambda: self.device.network.begin(self.queue[0]))

    def ended(self):
        """The end of a copy."""
        self.queue.popleft()
        self.ends.append(self.device.time)
        if self.queue:
            self.begin()
