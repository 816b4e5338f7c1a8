# SPDX-License-Identifier: MIT
"""The load unit of a tile: requests, room in the ring, latency, decoding (manual, sections 8.3 and 13.1)."""

from collections import deque

DECODE = 16
STEP_MINIMUM = 32
STEPS_IN_FLIGHT = 1024


class Loads:
    """Requests are in order, one load moves at a time. Entries: a command's decoding, a load, a step without one."""

    def __init__(self, tile):
        self.tile = tile
        self.queue = deque()
        self.moving = deque()
        self.busy = False
        self.request = 0
        self.end = 0
        self.step_begin = 0
        self.held = []
        self.serial = 0
        self.steps = 0

    def add(self, run):
        """The loads of a command: its decoding, then those of its steps."""
        self.queue.append((run, None, None))
        for step in run.command.steps:
            step.number = self.steps
            self.steps += 1
            for load in step.loads:
                self.queue.append((run, step, load))
            if not step.loads:
                self.queue.append((run, step, None))

    def capacity(self, run):
        """Bytes that loads of a command may hold, beside the commands in flight."""
        flying = [other for other in self.tile.flying if other.end is None or other.end > self.tile.device.time]
        return self.tile.ring - max([other.command.fixed for other in flying] + [run.command.fixed])

    def room(self, run, size):
        """The earliest time with room for that many bytes as far as is known; None: not known."""
        now = self.tile.device.time
        self.held = [load for load in self.held if load.freed is None or load.freed > now]
        free = self.capacity(run) - sum(load.held for load in self.held)
        if free >= size:
            return now
        for load in sorted((load for load in self.held if load.freed is not None), key=lambda load: load.freed):
            free += load.held
            if free >= size:
                return load.freed
        return None

    def request_time(self, run, step, load):
        """When the next request can be made as far as is known; None: not known."""
        if step is None:
            return max(self.request, run.ready)
        if step.number - self.tile.stores.ended >= STEPS_IN_FLIGHT:
            return None
        if load is None:
            return self.request if run.decoded is not None else None
        ready = run.ready if load.static else run.start
        room = self.room(run, load.held)
        if ready is None or room is None or run.decoded is None:
            return None
        return max(self.request, run.decoded, ready, room)

    def pump(self):
        """Makes the requests that can be made now."""
        now = self.tile.device.time
        while self.queue:
            run, step, load = self.queue[0]
            time = self.request_time(run, step, load)
            if time is None:
                return
            if time > now:
                self.tile.wake(time)
                return
            self.queue.popleft()
            self.commit(run, step, load, time)

    def commit(self, run, step, load, time):
        """One request."""
        self.request = time
        latency = 0 if load is None else self.tile.device.sku.load_latency
        if step is None:
            self.tile.flying.append(run)
            self.moving.append((time, run, step, load))
        else:
            if load is not None:
                load.freed = None
                self.held.append(load)
            self.moving.append((time + latency, run, step, load))
        self.go()

    def go(self):
        """Lets the first requested load move when its time has come."""
        if self.busy or not self.moving:
            return
        self.busy = True
        earliest = self.moving[0][0]
        self.tile.device.at(max(self.end, earliest), self.move)

    def move(self):
        """The begin of a load."""
        _, run, step, load = self.moving[0]
        device = self.tile.device
        if step is None:
            device.at(device.time + DECODE, self.moved)
        elif load is None:
            self.moved()
        else:
            self.transfer(step, load)

    def begun(self, step, load):
        """Bytes of a load begin to move."""
        if load is step.loads[0]:
            self.step_begin = self.tile.device.time

    def transfer(self, step, load):
        """Moves a load alone, or with the tiles that it is shared with."""
        device = self.tile.device
        if not load.multicast:
            self.begun(step, load)
            device.transfer(self.tile.uses(load.space), load.walk, self.moved)
        else:
            self.serial += 1
            place, parties = self.tile.shared_by(load.multicast)
            device.join((place, self.serial), parties, self.tile.uses(load.space), load.walk,
                        (lambda: self.begun(step, load), self.moved))

    def moved(self):
        """The end of a load; that of a step's last one is not before the step's minimum."""
        _, run, step, load = self.moving[0]
        device = self.tile.device
        if load is not None and load is step.loads[-1] and device.time < self.step_begin + STEP_MINIMUM:
            device.at(self.step_begin + STEP_MINIMUM, self.moved)
            return
        self.moving.popleft()
        self.busy = False
        self.end = device.time
        if step is None:
            run.decoded = device.time
        elif load is None or load is step.loads[-1]:
            self.tile.loaded.append((run, step, device.time))
        self.go()
        self.tile.advance()
