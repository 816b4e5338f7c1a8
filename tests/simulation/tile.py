# SPDX-License-Identifier: MIT
"""A tile: the recurrence between its units (manual, section 13.1)."""

from collections import deque

from simulation.device import Device
from simulation.load import Loads
from simulation.steps import ARRAY, Refused
from simulation.store import Stores
from simulation.tensor import GANG, SCRATCHPAD


class Run:
    """
    A command on a tile. `ready` is when its node was queued, `after` the command before in its stream, `meeting` the
    barrier that it waits for. What is not known yet is None; `watchers` are called at its end.
    """

    def __init__(self, command, ready, after):
        self.command = command
        self.ready = ready
        self.after = after
        self.node_start = None
        self.meeting = None
        self.decoded = None
        self.end = None
        self.watchers = []

    @property
    def start(self):
        """Its start, None if not known yet."""
        if self.after is None:
            return self.node_start
        if self.meeting is not None:
            return self.meeting.time
        if self.command.overlap:
            return self.after.start
        return self.after.end


class Tile:
    """One tile of a gang, with the ring of its group. `first` is the device's number of the gang's tile 0."""

    def __init__(self, device, ring, place=(0, 0), grid=(1, 1), first=0):
        self.device = device
        self.ring = ring
        self.place = place
        self.grid = grid
        self.first = first
        self.loads = Loads(self)
        self.stores = Stores(self)
        self.loaded = deque()
        self.flying = []
        self.wakes = set()
        self.array_end = 0
        self.vector_end = 0
        self.drain = 0
        self.block_end = 0
        self.array_busy = 0
        self.vector_busy = 0
        self.waits = {}

    def shared_by(self, coordinates):
        """The tiles that take part in a multicast: what they have in common, and how many they are."""
        key = tuple(None if i in coordinates else self.place[i] for i in (0, 1))
        parties = 1
        for i in coordinates:
            parties *= self.grid[i]
        return (coordinates, key), parties

    def uses(self, space):
        """The resources of a transfer; none for one in the own scratchpad."""
        if space == SCRATCHPAD:
            return ()
        if space == GANG:
            own = self.place[0] * self.grid[1] + self.place[1]
            tiles = range(self.grid[0] * self.grid[1])
            return tuple((self.first + tile, 1) for tile in tiles if tile != own)
        return ((self.first + space if isinstance(space, int) else space, 1),)

    def queue(self, commands, ready, start=None):
        """Queues a stream, of at least one command, at `ready`. Its start is given, or set later by begin()."""
        runs = []
        for command in commands:
            if command.working_set > self.ring:
                raise Refused(f"COMMAND: working set {command.working_set} exceeds the ring of {self.ring}")
            runs.append(Run(command, ready, runs[-1] if runs else None))
            self.loads.add(runs[-1])
        runs[0].node_start = start
        self.device.at(self.device.time, self.advance)
        return runs

    def begin(self, runs, start):
        """Sets the start of a queued stream."""
        runs[0].node_start = start
        self.advance()

    def wake(self, time):
        """Looks again at that time."""
        if time not in self.wakes:
            self.wakes.add(time)
            self.device.at(time, self.woken)

    def woken(self):
        """Looks again for requests that can be made."""
        self.wakes.discard(self.device.time)
        self.loads.pump()

    def advance(self):
        """Computes what has become known."""
        while self.loaded and self.loaded[0][0].start is not None:
            self.compute(*self.loaded.popleft())
        self.loads.pump()

    def compute(self, run, step, loaded):
        """Array and vector part of a step."""
        begin = max(self.array_end, loaded, self.drain, run.start)
        self.wait(run, step, begin, loaded)
        end = begin + step.array
        if step.first and step.array_part:
            end = max(end, self.block_end)
        vector_begin = max(self.vector_end, end, run.start)
        self.array_end = end
        self.vector_end = vector_begin + step.vector
        self.array_busy += step.array
        self.vector_busy += step.vector
        if step.drains and step.array_part:
            self.drain = vector_begin
        if step.closes and step.array_part:
            self.block_end = self.vector_end
        for load in step.frees:
            load.freed = self.array_end if load.release == ARRAY and step.array_part else self.vector_end
        self.stores.add(run, step, self.vector_end)

    def wait(self, run, step, begin, loaded):
        """Counts for what the array waited."""
        idle = begin - self.array_end
        if idle and step.array_part:
            reasons = {"start": run.start, "load": loaded, "vector": self.drain}
            reason = max(reasons, key=lambda name: reasons[name])
            self.waits[reason] = self.waits.get(reason, 0) + idle

    def ended(self, run):
        """The end of a command."""
        run.end = self.device.time
        self.flying.remove(run)
        for call in run.watchers:
            call()
        self.advance()


def alone(sku, commands, ring):
    """Cycles of a stream from idle units with no other flow, and the tile that ran it."""
    device = Device(sku)
    tile = Tile(device, ring)
    runs = tile.queue(commands, 0, 0)
    device.run()
    return runs[-1].end, tile
