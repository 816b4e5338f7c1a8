# SPDX-License-Identifier: MIT
"""
ATTENTION: two steps for each block of keys (manual, section 15.3).

Each of the two is a block of the array: the second product needs what the vector unit made of the first. The first
step of the command fills the array, as in section 15.2.
"""

from dataclasses import dataclass

from simulation import vector
from simulation.blocks import Blocks, array_cycles, part
from simulation.flows import ceiling
from simulation.sku import Sku
from simulation.steps import Command, Refused, Step, Store, in_order, load_of_boxes, total
from simulation.tensor import Tensor
from simulation.vector import Vector


@dataclass
class Attention:
    """
    q [B, H, Lq, D], k [B, Hk, Lk, D], v [B, Hk, Lk, E], d [B, H, Lq, E]. With `pages` (a table for each batch index)
    k and v are [pages, Hk, page, D or E]. `lengths` are the keys of each batch index.
    """

    sku: Sku
    q: Tensor
    k: Tensor
    v: Tensor
    d: Tensor
    blocks: Blocks
    causal: bool = False
    lengths: tuple = None
    pages: tuple = None
    keys: int = None
    post: Vector = None

    def __post_init__(self):
        self.batches, self.heads, self.queries, self.width = self.q.extent
        self.kv_heads = self.k.extent[1]
        self.out_width = self.v.extent[3]
        self.keys = self.keys or self.k.extent[2]
        self.share = self.heads // self.kv_heads
        self.rows = self.share * self.queries

    def keys_of(self, batch):
        """Keys of a batch index."""
        return self.lengths[batch] if self.lengths else self.keys

    def last_key(self, row, rows):
        """The keys that some row of a block may see, without `lengths`."""
        if not self.causal:
            return self.keys
        first, last = row % self.queries, (row + rows - 1) % self.queries
        whole = row // self.queries != (row + rows - 1) // self.queries
        return (self.queries - 1 if whole or last < first else last) + self.keys - self.queries + 1

    def key_blocks(self, batch, row, rows):
        """First key and keys of each block that is a step."""
        keys = self.keys_of(batch)
        seen = min(keys, self.last_key(row, rows))
        blocks = [part(i, self.blocks.bn, keys) for i in range(ceiling(keys, self.blocks.bn))]
        return [(first, count) for first, count in blocks if first < seen]

    def row_boxes(self, batch, head, row, rows, width):
        """The boxes of q or d of a block of rows: one for each head that it touches."""
        while rows:
            number, first = divmod(row, self.queries)
            count = min(rows, self.queries - first)
            yield (batch, head * self.share + number, first, 0), (1, 1, count, width)
            row, rows = row + count, rows - count

    def key_boxes(self, batch, head, first, count, width):
        """The boxes of k or v of a block of keys: one for each page."""
        if self.pages is None:
            return [((batch, head, first, 0), (1, 1, count, width))]
        page = self.k.extent[2]
        result = []
        while count:
            here = min(count, page - first % page)
            result.append(((self.pages[batch][first // page], head, first % page, 0), (1, 1, here, width)))
            first, count = first + here, count - here
        return result

    def load(self, tensor, boxes):
        """The load of several boxes, of keys and values through the table of pages."""
        return load_of_boxes(tensor, list(boxes), through=self.pages is not None and tensor is not self.q)

    def scores(self, q, k, m, n):
        """The step of the first product."""
        array = array_cycles(self.sku, self.q.type, self.k.type, m, n, self.width)
        cycles = 10 * ceiling(m * n, self.sku.vector) + 2 * ceiling(m * self.out_width, self.sku.vector)
        step = Step(in_order([q, k]), array, cycles, first=True, closes=True, array_part=True)
        if k is not None:
            step.use(k)
        return step

    def values(self, v, m, n):
        """The step of the second product."""
        array = array_cycles(self.sku, self.q.type, self.v.type, m, self.out_width, n)
        step = Step(in_order([v]), array, first=True, closes=True, array_part=True)
        if v is not None:
            step.use(v)
        return step

    def close(self, step, batch, head, row, m):
        """Epilogue and store of a block of rows."""
        step.vector = vector.epilogue(self.post, m * self.out_width, self.sku)
        step.store = Store(self.d, total(self.d.walk(*box) for box
                                         in self.row_boxes(batch, head, row, m, self.out_width)))

    def block(self, batch, head, row, m):
        """The steps of a block of rows."""
        steps = []
        q = self.load(self.q, self.row_boxes(batch, head, row, m, self.width))
        for first, n in self.key_blocks(batch, row, m):
            k = self.load(self.k, self.key_boxes(batch, head, first, n, self.width))
            v = self.load(self.v, self.key_boxes(batch, head, first, n, self.out_width))
            steps += [self.scores(q if not steps else None, k, m, n), self.values(v, m, n)]
            if q is not None:
                steps[-2].use(q)
        if steps:
            self.close(steps[-1], batch, head, row, m)
        return steps

    def fixed(self):
        """Bytes of the ring that loads do not get."""
        bm, bn = min(self.blocks.bm, self.rows), min(self.blocks.bn, self.keys)
        return 4 * bm * bn + 4 * bm * self.out_width + bm * self.out_width * self.d.bits // 8

    def working_set(self):
        """Bytes of the ring that the command needs."""
        bm, bn = min(self.blocks.bm, self.rows), min(self.blocks.bn, self.keys)
        keys = bn * (self.width * self.k.bits + self.out_width * self.v.bits) // 8
        return self.fixed() + bm * self.width * self.q.bits // 8 + 2 * keys

    def command(self, ring=None, overlap=False, name="ATTENTION"):
        """The command for a tile."""
        if ring is not None and self.working_set() > ring:
            raise Refused(f"COMMAND: working set {self.working_set()} exceeds the ring of {ring}")
        steps = []
        for batch in range(self.batches):
            for head in range(self.kv_heads):
                for index in range(ceiling(self.rows, self.blocks.bm)):
                    steps += self.block(batch, head, *part(index, self.blocks.bm, self.rows))
        if steps:
            steps[0].array += self.sku.array_rows + self.sku.columns
        return Command(steps, self.fixed(), overlap, name, self.working_set())
