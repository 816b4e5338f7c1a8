# SPDX-License-Identifier: MIT
"""Nodes, groups and the core. A node is queued 220 cycles after the core begins with it, a gang's first one 400."""

import unittest

from simulation.gang import Group, Node
from simulation.program import run
from simulation.sku import SKUS
from simulation.steps import Command, Load, Refused, Step
from simulation.tensor import Tensor
from simulation.walk import Walk

SKU = SKUS["pc"].changed(memory_mb_s=64000, khz=1000000, load_latency=10)


def work(cycles, weights=0):
    """A command of one step of the vector unit, behind some bursts of weights."""
    step = Step(vector=cycles)
    if weights:
        step.loads = [Load(Tensor("int8", (64 * weights,), static=True), Walk(weights), 64 * weights)]
        step.use(step.loads[0])
    return Command([step])


def chain(group, streams):
    """Nodes of a group, each behind the one before."""
    nodes = []
    for stream in streams:
        nodes.append(Node([stream() for _ in range(group.tiles)], group, tuple(nodes[-1:])))
    return nodes


class Nodes(unittest.TestCase):
    """program.run()"""

    def test_node_of_one_tile(self):
        # Queued at 220, decoded at 236.
        self.assertEqual(run(SKU, chain(Group(ring=1 << 16), [lambda: [work(1000)]]))[0], 1236)

    def test_queued_node_follows_at_once(self):
        # The second one is queued at 440 and starts at 1,236.
        self.assertEqual(run(SKU, chain(Group(ring=1 << 16), [lambda: [work(1000)]] * 2))[0], 2236)

    def test_gang_has_a_barrier(self):
        # 400 + 16 + 1,000 + 40, then 1,000 + 40.
        self.assertEqual(run(SKU, chain(Group((2, 2), ring=1 << 16), [lambda: [work(1000)]] * 2))[0], 2496)

    def test_weights_of_a_queued_node_are_loaded_ahead(self):
        # Queued at 440, decoded at 456, 100 bursts from 466 to 566; the node starts at 1,236 and computes at once.
        nodes = chain(Group(ring=1 << 16), [lambda: [work(1000)], lambda: [work(1000, 100)]])
        self.assertEqual(run(SKU, nodes)[0], 2236)

    def test_a_queue_has_eight_places(self):
        # The eighth node is queued at 8 x 220. The ninth waits for the end of the first at 10,236, and is queued 220
        # cycles later, long before its start at 236 + 8 x 10,000.
        group = Group(ring=1 << 20)
        nodes = chain(group, [lambda: [work(10000)]] * 9)
        run(SKU, nodes)
        self.assertEqual([node.runs[0][0].ready for node in nodes[7:]], [1760, 10456])
        self.assertEqual(nodes[8].start, 80236)

    def test_independent_groups_run_side_by_side(self):
        # The second group's node is queued at 440.
        nodes = [Node([[work(1000)]], Group(ring=1 << 16)), Node([[work(1000)]], Group(ring=1 << 16))]
        self.assertEqual(run(SKU, nodes)[0], 1456)

    def test_edge_to_another_group_waits(self):
        # 1,236, 220 more to queue it, 16 to decode, 1,000.
        first = Node([[work(1000)]], Group(ring=1 << 16))
        self.assertEqual(run(SKU, [first, Node([[work(1000)]], Group(ring=1 << 16), (first,))])[0], 2472)

    def test_barrier_inside_of_a_node(self):
        # Four tiles run 100, 200, 300 and 400 cycles, from 416 on; 40 after the last, at 856, come 1,000, and 40 more.
        def stream(tile):
            second = work(1000)
            second.barrier = True
            return [work(100 * (tile + 1)), second]
        node = Node([stream(t) for t in range(4)], Group((2, 2), ring=1 << 16))
        self.assertEqual(run(SKU, [node])[0], 1896)

    def test_ended_stream_counts_as_come_to_the_barrier(self):
        # The second tile has one command of 400 cycles, from 416 on.
        second = work(1000)
        second.barrier = True
        node = Node([[work(100), second], [work(400)]], Group((1, 2), ring=1 << 16))
        self.assertEqual(run(SKU, [node])[0], 1896)

    def test_stream_of_several_commands_has_come_at_its_end(self):
        # The second tile's commands take 400 and 500 cycles, from 416 on, the second decoded long before: to 1,316.
        second = work(1000)
        second.barrier = True
        node = Node([[work(100), second], [work(400), work(500)]], Group((1, 2), ring=1 << 16))
        self.assertEqual(run(SKU, [node])[0], 1316 + 40 + 1000 + 40)

    def test_group_waits_for_tiles(self):
        # Four tiles: a gang of three from 400 on, to 1,456; another one of two is queued 400 later: 16 + 1,000 + 40.
        groups = [Group((1, 3), ring=1 << 16), Group((1, 2), ring=1 << 16)]
        nodes = [Node([[work(1000)] for _ in range(group.tiles)], group) for group in groups]
        self.assertEqual(run(SKU, nodes)[0], 2912)

    def test_group_larger_than_the_device_is_refused(self):
        for group in (Group((5, 1)), Group(resident=SKU.main, ring=64)):
            with self.assertRaisesRegex(Refused, "RESOURCES"):
                run(SKU, chain(group, [lambda: [work(1)]]))


if __name__ == "__main__":
    unittest.main()
