# SPDX-License-Identifier: MIT
"""
The recurrence between the units of a tile.

The class of these tests moves 64 bytes a cycle, its loads have a latency of 10. Every command is decoded in 16 cycles.
"""

import unittest

from simulation.device import Device
from simulation.sku import SKUS
from simulation.steps import VECTOR, Command, Load, Step, Store
from simulation.tensor import GANG, MEMORY, SCRATCHPAD, Tensor
from simulation.tile import Tile, alone
from simulation.walk import Walk

SKU = SKUS["edge"].changed(memory_mb_s=64000, load_latency=10)


def load(bursts, release="array", **where):
    """A dense load."""
    return Load(Tensor("int8", (64 * bursts,), **where), Walk(bursts), 64 * bursts, release)


def step(*loads, array=0, vector=0, store=0, block=True):
    """A step whose loads it alone uses; with a block of the array of its own."""
    result = Step(list(loads), array, vector, first=block, closes=block, array_part=block)
    if store:
        result.store = Store(Tensor("int8", (64 * store,)), Walk(store))
    for one in loads:
        result.use(one)
    return result


class Units(unittest.TestCase):
    """One tile alone."""

    def cycles(self, *commands, ring=1 << 20):
        """The time of a stream."""
        return alone(SKU, list(commands), ring)[0]

    def test_one_step_after_another_unit(self):
        # Decoded 16; latency to 26, 100 bursts to 126; array to 176, vector to 196, 10 bursts stored to 206.
        self.assertEqual(self.cycles(Command([step(load(100), array=50, vector=20, store=10)])), 206)

    def test_step_takes_the_load_unit_32_cycles(self):
        # Two loads of 10 and 1 bursts from 26: to 37, but the step to 58; then 50.
        self.assertEqual(self.cycles(Command([step(load(10), load(1), array=50)])), 108)

    def test_latencies_overlap(self):
        # Both are requested at 16: 26 to 126, to 226; array to 276.
        self.assertEqual(self.cycles(Command([step(load(100), array=50), step(load(100), array=50)])), 276)

    def test_load_waits_for_room(self):
        # Room for one: the second is requested at the end of the first's array part, 176: 186 to 286, array to 336.
        steps = [step(load(100), array=50), step(load(100), array=50)]
        self.assertEqual(self.cycles(Command(steps), ring=6400), 336)

    def test_input_of_an_epilogue_is_held_until_the_end_of_the_vector_part(self):
        # As before, but the first is freed at 196.
        steps = [step(load(100, VECTOR), array=50, vector=20), step(load(100), array=50)]
        self.assertEqual(self.cycles(Command(steps), ring=6400), 356)

    def test_fixed_bytes_leave_less_room(self):
        steps = [step(load(100), array=50), step(load(100), array=50)]
        self.assertEqual(self.cycles(Command(steps, fixed=6400), ring=12800), 336)

    def test_loads_are_requested_when_the_step_so_many_before_has_ended(self):
        # Decoded at 16; step j ends at 16 + 10 (j + 1). The load of step 1,023 is requested with decoding, that of step
        # 1,024 at the end of step 0, 26, those behind them a step later each.
        def run(place):
            steps = [step(vector=10, block=False) for _ in range(1200)]
            steps[place] = step(load(1), vector=10, block=False)
            return alone(SKU, [Command(steps)], 1 << 20)[1].loads.request
        self.assertEqual([run(1023), run(1024), run(1100)], [16, 26, 26 + 760])

    def test_steps_without_loads_wait_for_the_step_so_many_before(self):
        # Step 0 stores for 3,000 cycles from 16 on; steps 1 to 1,023 take a cycle each. Step 1,024 begins at 3,016.
        steps = [step(vector=1, block=False) for _ in range(1025)]
        steps[0] = step(store=3000, block=False)
        self.assertEqual(self.cycles(Command(steps)), 3017)

    def test_larger_fixed_bytes_of_the_commands_in_flight_count(self):
        # The first command's bytes leave room for one load of the second command.
        first = Command([step(array=1000)], fixed=6400)
        second = Command([step(load(100, static=True), array=50), step(load(100, static=True), array=50)])
        # Array of the first to 1,016. The second load is requested then: 1,026 to 1,126, array to 1,176.
        self.assertEqual(self.cycles(first, second, ring=12800), 1176)
        # With room for both they are there at 1,016: 1,116.
        first = Command([step(array=1000)])
        second = Command([step(load(100, static=True), array=50), step(load(100, static=True), array=50)])
        self.assertEqual(self.cycles(first, second, ring=12800), 1116)

    def test_waits_are_counted_by_their_reason(self):
        # The array waits for a load from 0 to 126; the second block from 176 to 226; nothing else.
        tile = alone(SKU, [Command([step(load(100), array=50), step(load(100), array=50)])], 1 << 20)[1]
        self.assertEqual((tile.waits, tile.array_busy, tile.vector_busy), ({"load": 126 + 50}, 100, 0))

    def test_array_may_compute_while_the_vector_unit_does(self):
        # Array 16 to 116, 116 to 216; vector parts end at 126 and 226.
        self.assertEqual(self.cycles(Command([step(array=100, vector=10), step(array=100, vector=10)])), 226)

    def test_block_does_not_end_before_the_vector_part_of_the_one_before(self):
        # Array to 26, vector 26 to 126. The second block's array part ends at 126, its vector part at 226.
        self.assertEqual(self.cycles(Command([step(array=10, vector=100), step(array=10, vector=100)])), 226)

    def test_third_block_waits_for_the_begin_of_the_second_ones_vector_part(self):
        # That begins at 126, so the array part of 150 is 126 to 276, and the vector part ends at 376.
        blocks = [step(array=10, vector=100), step(array=10, vector=100), step(array=150, vector=100)]
        self.assertEqual(self.cycles(Command(blocks)), 376)

    def test_stores_follow_each_other(self):
        # Vector parts end at 17 and 18; stores 17 to 117 and to 217.
        steps = [step(vector=1, store=100, block=False), step(vector=1, store=100, block=False)]
        self.assertEqual(self.cycles(Command(steps)), 217)

    def test_scratchpad_store_costs_its_jumps(self):
        # Array to 26; eight bursts with 20 jumps, at 256 bytes a cycle and three jumps.
        one = step(array=10)
        one.store = Store(Tensor("int8", (512,), space=SCRATCHPAD), Walk(8, 20))
        self.assertEqual(self.cycles(Command([one])), 33)

    def transfer(self, resource, walk):
        """The time of a transfer through a resource."""
        device = Device(SKUS["pc"].changed(memory_mb_s=93760))
        device.at(0, lambda: device.transfer(((resource, 1),), walk, lambda: None))
        return device.run()

    def test_walk_of_a_resident_part_has_no_pages(self):
        # Four bursts with three jumps to other pages: 27 cycles in memory, 3 through the port of a tile.
        walk = Walk(4, 3, 3)
        self.assertEqual([self.transfer(resource, walk) for resource in (MEMORY, 0)], [27, 3])

    def test_command_begins_at_the_end_of_the_one_before(self):
        # The second is decoded at 32 and loads from 116 + 10 to 226, and computes to 236.
        self.assertEqual(self.cycles(Command([step(array=100)]), Command([step(load(100), array=10)])), 236)

    def test_static_operands_are_loaded_earlier(self):
        # Requested at 32, 42 to 142; computes to 152.
        static = load(100, static=True)
        self.assertEqual(self.cycles(Command([step(array=100)]), Command([step(static, array=10)])), 152)

    def test_static_operand_waits_behind_another_load(self):
        # The first load of the second command is requested at 116: 126 to 226. The next one follows to 326, although
        # it is STATIC; the end is 346.
        behind = Command([step(load(100), array=10), step(load(100, static=True), array=20)])
        self.assertEqual(self.cycles(Command([step(array=100)]), behind), 346)

    def test_overlap_does_not_wait(self):
        independent = Command([step(load(100), array=10)], overlap=True)
        self.assertEqual(self.cycles(Command([step(array=100)]), independent), 152)

    def test_two_runs_of_a_stream_take_the_same_time(self):
        def stream():
            return Command([step(load(33), load(7), array=50, vector=3, store=9) for _ in range(20)])
        self.assertEqual(self.cycles(stream(), ring=5000), self.cycles(stream(), ring=5000))


class Tiles(unittest.TestCase):
    """Several tiles of one device."""

    def run_tiles(self, make, grid):
        """Ends of a stream on each tile, and the bytes of memory."""
        device = Device(SKUS["pc"].changed(memory_mb_s=64000, khz=1000000, load_latency=10, port_bytes=64))
        tiles = [Tile(device, 1 << 20, divmod(t, grid[1]), grid) for t in range(grid[0] * grid[1])]
        runs = [tile.queue([make(t)], 0, 0) for t, tile in enumerate(tiles)]
        device.run()
        return [run[-1].end for run in runs], device.network.moved.get(MEMORY, 0)

    def test_two_tiles_share_the_memory(self):
        # 100 bursts each at 32 bytes a cycle: 26 to 226; array to 276.
        ends, moved = self.run_tiles(lambda t: Command([step(load(100), array=50)]), (1, 2))
        self.assertEqual((ends, moved), ([276, 276], 12800))

    def test_multicast_is_one_flow(self):
        ends, moved = self.run_tiles(lambda t: Command([step(load(100, multicast=(1,)), array=50)]), (1, 2))
        self.assertEqual((ends, moved), ([176, 176], 6400))

    def test_multicast_along_one_coordinate_is_a_flow_a_row(self):
        # Two flows of 100 bursts for four tiles.
        ends, moved = self.run_tiles(lambda t: Command([step(load(100, multicast=(1,)), array=50)]), (2, 2))
        self.assertEqual((ends, moved), ([276] * 4, 12800))

    def test_multicast_along_the_other_coordinate(self):
        # Tiles 0 and 2 load 50 bursts more before: both columns' flows begin later, in each column on their own.
        def make(tile):
            own = [step(load(50))] if tile in (0, 2) else []
            return Command(own + [step(load(100, multicast=(0,)), array=50)])
        # Column 0: two flows of 50 bursts beside column 1's one of 100 are thirds of 64, rounded down: 3,200 bytes take
        # 151 cycles, to 177. Column 1 has 3,178.7 left then: at half the rate 100 cycles, to 277. Column 0 has moved
        # 3,200 of 6,400 by then: to 327. 50 more each.
        self.assertEqual(self.run_tiles(make, (2, 2))[0], [377, 327, 377, 327])

    def test_multicast_begins_with_the_last_tile(self):
        # Tile 1 first loads 50 bursts of its own: 26 to 76. Then 76 to 176 for both.
        def make(tile):
            own = [step(load(50))] if tile else []
            return Command(own + [step(load(100, multicast=(1,)), array=50)])
        self.assertEqual(self.run_tiles(make, (1, 2))[0], [226, 226])

    def test_minimum_of_a_step_counts_from_the_begin_of_a_multicast(self):
        # As before with one burst: it begins at 76, and the step ends at 108; array to 158.
        def make(tile):
            own = [step(load(50))] if tile else []
            return Command(own + [step(load(1, multicast=(1,)), array=50)])
        self.assertEqual(self.run_tiles(make, (1, 2))[0], [158, 158])

    def test_store_to_the_gang_takes_the_ports_of_the_others(self):
        # Two tiles of three store 100 bursts each from 17 on: PORT(2) shares its 64 bytes a cycle.
        def make(tile):
            one = step(array=1)
            one.store = Store(Tensor("int8", (6400,), space=GANG), Walk(100)) if tile < 2 else None
            return Command([one])
        self.assertEqual(self.run_tiles(make, (1, 3)), ([217, 217, 17], 0))

    def test_port_of_another_tile_serves_all_its_readers(self):
        # Two readers of tile 0 share its 64 bytes a cycle; the memory moves nothing.
        def make(tile):
            return Command([step(load(100, space=0), array=50)] if tile else [step(array=1)])
        self.assertEqual(self.run_tiles(make, (1, 3)), ([17, 276, 276], 0))


if __name__ == "__main__":
    unittest.main()
