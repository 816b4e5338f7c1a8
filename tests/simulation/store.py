# SPDX-License-Identifier: MIT
"""The store unit of a tile: one store at a time, in the order of the steps (manual, section 13.1)."""

from collections import deque


class Stores:
    """The store unit."""

    def __init__(self, tile):
        self.tile = tile
        self.queue = deque()
        self.busy = False
        self.left = []
        self.end = 0
        self.ended = 0

    def add(self, run, step, ready):
        """The store of a step, which may be none."""
        self.queue.append((run, step, ready))
        self.go()

    def go(self):
        """Begins the next store, or passes a step without one."""
        if self.busy or not self.queue:
            return
        self.busy = True
        self.tile.device.at(max(self.end, self.queue[0][2]), self.begin)

    def begin(self):
        """The begin of the stores of a step."""
        self.left = list(self.queue[0][1].stores)
        self.next()

    def next(self):
        """The begin of the next output's, or the end of them all."""
        if not self.left:
            self.done()
        else:
            store = self.left.pop(0)
            self.tile.device.transfer(self.tile.uses(store.space), store.walk, self.next)

    def done(self):
        """The end of a store, and of its command if the step is the last one."""
        run, step, _ = self.queue.popleft()
        self.busy = False
        self.end = self.tile.device.time
        self.ended += 1
        self.tile.loads.pump()
        self.go()
        if step is run.command.steps[-1]:
            self.tile.ended(run)
