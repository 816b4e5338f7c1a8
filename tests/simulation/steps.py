# SPDX-License-Identifier: MIT
"""The steps that commands are made of: what each loads, computes and stores (manual, section 13.1)."""

from dataclasses import dataclass, field

from simulation.flows import ceiling
from simulation.walk import Walk

ARRAY = "array"
VECTOR = "vector"


class Refused(Exception):
    """A command that ends with an error of the manual; the message begins with its name."""


class Load:
    """
    One operand of a step. Its bytes are held until `release` of the step `last`: the end of its array or vector part,
    which is `freed` once it is known.
    """

    def __init__(self, tensor, walk, held, release=ARRAY):
        self.tensor = tensor
        self.space = tensor.space
        self.static = tensor.static
        self.multicast = tensor.multicast
        self.walk = walk
        self.held = held
        self.release = release
        self.last = None
        self.freed = None


class Store:
    """The store of a step."""

    def __init__(self, tensor, walk):
        self.space = tensor.space
        self.walk = walk


@dataclass(eq=False)
class Step:
    """
    One step. `others` are stores of further outputs, one after another behind `store`. `first` begins a block of the array; `drains` has the first part of its vector part, `closes` the last one:
    they differ where a long vector part is cut.
    """

    loads: list = field(default_factory=list)
    array: int = 0
    vector: int = 0
    store: Store = None
    others: list = field(default_factory=list)
    first: bool = False
    drains: bool = False
    closes: bool = False
    array_part: bool = False
    frees: list = field(default_factory=list)
    number: int = None

    @property
    def stores(self):
        """All of its stores, in order."""
        return ([self.store] if self.store else []) + self.others

    def use(self, load):
        """Makes this step the last user of a load, so far."""
        if load.last is not None:
            load.last.frees.remove(load)
        load.last = self
        self.frees.append(load)


@dataclass(eq=False)
class Command:
    """
    A command as a tile runs it; one without work has an empty step. Its loads do not get `fixed` bytes of the ring;
    `barrier` is its flag GANG_BARRIER, `source` what it was made of.
    """

    steps: list
    fixed: int = 0
    overlap: bool = False
    name: str = ""
    working_set: int = 0
    barrier: bool = False
    source: object = None

    def __post_init__(self):
        self.steps = self.steps or [Step()]


def load_of(tensor, start, size, release=ARRAY):
    """The load of a box of a tensor; None if it lies in the tile's own scratchpad or has no burst."""
    walk = tensor.walk(start, size) if tensor.loads else Walk()
    return Load(tensor, walk, tensor.held(size), release) if walk.bursts else None


def load_of_boxes(tensor, boxes, release=ARRAY, through=False):
    """The load of several boxes, walked one by one or through indices; None as of load_of()."""
    if not tensor.loads:
        return None
    walk = tensor.walk_through(boxes) if through else total(tensor.walk(*box) for box in boxes)
    return Load(tensor, walk, tensor.held(*(size for _, size in boxes)), release) if walk.bursts else None


def cut(step, limit):
    """
    A step as steps of at most `limit` cycles of the vector unit: the first one loads and has the array part, the last
    one stores and ends what the vector unit uses.
    """
    parts = max(1, ceiling(step.vector, limit))
    if parts == 1:
        return [step]
    each = ceiling(step.vector, parts)
    pieces = [Step(vector=min(each, step.vector - i * each), array_part=step.array_part) for i in range(parts)]
    pieces[-1].store, pieces[-1].others, pieces[-1].closes = step.store, step.others, step.closes
    step.vector, step.store, step.others, step.closes = each, None, [], False
    for load in list(step.frees):
        if load.release == VECTOR or not step.array_part:
            pieces[-1].use(load)
    return [step] + pieces[1:]


def with_control(steps, tensors):
    """
    Steps whose first one loads control data before all else, held to the end of the last one, and the bytes of it.
    """
    steps = steps or [Step()]
    present = [load_of(tensor, (0,) * len(tensor.extent), tensor.extent, VECTOR) for tensor in tensors if tensor]
    loads = [load for load in present if load is not None]
    steps[0].loads = loads + steps[0].loads
    for load in loads:
        steps[-1].use(load)
    return steps, sum(load.held for load in loads)


def in_order(loads):
    """The loads of a step in the order of the load unit: those of STATIC operands first."""
    present = [load for load in loads if load is not None]
    return [load for load in present if load.static] + [load for load in present if not load.static]


def total(walks):
    """Several walks that are one transfer."""
    return sum(walks, Walk())
