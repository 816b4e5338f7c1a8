# SPDX-License-Identifier: MIT
"""
Shared bandwidth: flows through resources, max-min fair, in fixed point (manual, section 8.3).

Rates and capacities are bytes a cycle with 32 fractional bits.
"""

ONE = 1 << 32


def ceiling(dividend, divisor):
    """The quotient of two integers, rounded up."""
    return -(-dividend // divisor)


def capacity(megabytes_per_second, kilohertz):
    """What a memory or link moves in a cycle."""
    return 1000 * megabytes_per_second * ONE // kilohertz


class Flow:
    """
    Some bytes on their way. `uses` are (resource, weight); `done` is called at the end. `left` and `rate` belong to
    the network that it is in.
    """

    def __init__(self, size, uses, issue=0, port=0, done=None):
        self.size = size
        self.left = size * ONE
        self.uses = tuple(uses)
        self.cap = self.cap_of(issue, port)
        self.rate = 0
        self.done = done

    def cap_of(self, issue, port):
        """Its highest rate; None: no limit."""
        caps = []
        if port:
            caps.append(port * ONE)
        if issue:
            caps.append(ceiling(self.size * ONE, issue))
        return min(caps, default=None)

    def duration(self):
        """Cycles to its end at the rate in force."""
        return ceiling(self.left, self.rate)


def weights(flows):
    """The sum of the weights on each resource."""
    total = {}
    for flow in flows:
        for resource, weight in flow.uses:
            total[resource] = total.get(resource, 0) + weight
    return total


def fair_rates(flows, capacities):
    """The rate of each of the flows, by filling all of them evenly until a cap or a resource stops some."""
    rates = [0] * len(flows)
    free = dict(capacities)
    active = set(range(len(flows)))
    level = 0
    while active:
        load = weights(flows[i] for i in active)
        quotients = [free[resource] // weight for resource, weight in load.items()]
        quotients += [flows[i].cap - level for i in active if flows[i].cap is not None]
        rise = min(quotients)
        level += rise
        for resource, weight in load.items():
            free[resource] -= rise * weight
        full = {resource for resource, weight in load.items() if free[resource] < weight}
        stopped = {i for i in active if flows[i].cap == level or any(r in full for r, _ in flows[i].uses)}
        for i in stopped:
            rates[i] = level
        active -= stopped
    return rates


class Network:
    """The flows of a device at a time."""

    def __init__(self, capacities):
        self.capacities = capacities
        self.flows = []
        self.time = 0
        self.changed = False
        self.moved = {}

    def begin(self, flow):
        """Adds a flow at the time that advance() reached."""
        self.flows.append(flow)
        self.changed = True

    def next_end(self):
        """The time of the next end of a flow; None: there is none."""
        return min((self.time + flow.duration() for flow in self.flows), default=None)

    def advance(self, time):
        """Moves bytes until then and returns the flows that ended; no flow ends earlier."""
        elapsed = time - self.time
        self.time = time
        ended = []
        for flow in self.flows:
            flow.left -= flow.rate * elapsed
            if flow.left <= 0:
                ended.append(flow)
        if ended:
            self.flows = [flow for flow in self.flows if flow.left > 0]
            self.changed = True
        for flow in ended:
            self.account(flow)
        return ended

    def account(self, flow):
        """Counts the bytes that went through each resource."""
        for resource, weight in flow.uses:
            self.moved[resource] = self.moved.get(resource, 0) + weight * flow.size

    def settle(self):
        """The one recomputation after all ends and begins of a time."""
        if self.changed:
            for flow, rate in zip(self.flows, fair_rates(self.flows, self.capacities)):
                flow.rate = rate
            self.changed = False
