# SPDX-License-Identifier: MIT
"""Rates and ends of flows."""

import random
import unittest

from simulation.flows import ONE, Flow, Network, capacity, fair_rates


def flow(size=1000, resource="memory", weight=1, **limits):
    """A flow through one resource."""
    return Flow(size, ((resource, weight),), **limits)


class Rates(unittest.TestCase):
    """flows.fair_rates()"""

    def rates(self, flows, **capacities):
        """Rates in bytes a cycle, of resources of whole bytes a cycle."""
        return [rate / ONE for rate in fair_rates(flows, {name: b * ONE for name, b in capacities.items()})]

    def test_capacity_has_32_fractional_bits(self):
        # 34,133 MB/s at 1 GHz are 34.133 bytes a cycle.
        self.assertEqual(capacity(34133, 1000000), 34133 * 2 ** 32 // 1000)

    def test_one_flow_has_all(self):
        self.assertEqual(self.rates([flow()], memory=10), [10])

    def test_equal_flows_share_evenly(self):
        self.assertEqual(self.rates([flow(), flow()], memory=10), [5, 5])

    def test_what_a_port_leaves_goes_to_the_others(self):
        self.assertEqual(self.rates([flow(port=2), flow(), flow()], memory=12), [2, 5, 5])

    def test_jumps_cap_the_rate(self):
        # 640 bytes whose walk issues for 80 cycles: 8 bytes a cycle.
        self.assertEqual(self.rates([flow(640, issue=80)], memory=100), [8])

    def test_narrower_of_port_and_jumps_is_the_cap(self):
        self.assertEqual(self.rates([flow(640, issue=80, port=4)], memory=100), [4])
        self.assertEqual(self.rates([flow(640, issue=80, port=16)], memory=100), [8])

    def test_copy_inside_of_a_memory_counts_twice(self):
        # level + 2 level = 12.
        self.assertEqual(self.rates([flow(), flow(weight=2)], memory=12), [4, 4])

    def test_flow_through_two_resources_has_the_narrower_one(self):
        both = Flow(1000, (("memory", 1), ("link", 1)))
        self.assertEqual(self.rates([both, flow()], memory=10, link=3), [3, 7])

    def test_no_resource_is_exceeded(self):
        rng = random.Random(3)
        for _ in range(200):
            capacities = {name: rng.randrange(1, 1000) * ONE // 7 for name in "abc"}
            flows = [Flow(rng.randrange(1, 10000), {(rng.choice("abc"), rng.choice((1, 1, 2)))},
                          rng.choice((0, 0, rng.randrange(1, 500))), rng.choice((0, 64))) for _ in range(6)]
            rates = fair_rates(flows, capacities)
            for name, limit in capacities.items():
                self.assertLessEqual(sum(rate * weight for rate, f in zip(rates, flows)
                                         for resource, weight in f.uses if resource == name), limit)


class Ends(unittest.TestCase):
    """flows.Network"""

    def ends(self, sizes):
        """The end of each of some flows that begin at 0 on ten bytes a cycle."""
        network, times = Network({"memory": 10 * ONE}), {}
        for size in sizes:
            network.begin(flow(size, done=size))
        network.settle()
        while network.next_end() is not None:
            for ended in network.advance(network.next_end()):
                times[ended.done] = network.time
            network.settle()
        return [times[size] for size in sizes]

    def test_a_part_of_a_cycle_is_a_cycle(self):
        self.assertEqual(self.ends([95]), [10])

    def test_the_rest_is_faster_when_a_flow_has_ended(self):
        # Five bytes a cycle each until 10; of 100 bytes 50 are left, at ten a cycle.
        self.assertEqual(self.ends([50, 100]), [10, 15])

    def test_three_flows(self):
        # Thirds until 30 bytes are done in 9 cycles (3.33 a cycle: 30 at 3.33 needs 9.0..1, so 10 cycles).
        # By then the others have 33.3 bytes; of 60, 26.7 are left at 5 a cycle: 6 cycles, end 16. The last one has
        # 33.3 + 30 bytes then, and 36.7 of 100 left at 10 a cycle: 4 cycles.
        self.assertEqual(self.ends([30, 60, 100]), [10, 16, 20])


if __name__ == "__main__":
    unittest.main()
