# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""(name, command, verdict, changes) of what can be wrong with the programs of a command, whatever the command."""


def of_epilogue(name, good, posted, further=False, prologue=False):
    """Sizes and places; `good` has no program, `posted` an epilogue. `prologue`: the command could not have one."""
    yield f"{name}-size-short", good, "COMMAND", {"size": good.size - 8}
    if prologue:
        yield f"{name}-with-a-prologue", posted, "COMMAND", {"pre": posted.post}
    yield f"{name}-program-without-a-place", posted, "COMMAND", {"post": 0}
    yield f"{name}-program-in-the-body", posted, "COMMAND", {"post": posted.post - 8}
    if further:
        yield f"{name}-program-further-on", posted, "COMMAND", {"post": posted.post + 8}
    yield f"{name}-place-without-a-program", good, "COMMAND", {"post": good.size}


def of_head(name, make, **numbers):
    """Numbers of the head that are others; `make` makes a command with an epilogue."""
    words = {"insns": "instructions"}
    for field, value in numbers.items():
        wrong = make().program
        wrong.head[field] = value
        yield f"{name}-program-{words.get(field, field)}", make(), "COMMAND", {"program": wrong}


def of_both(name, good, posted, loaded):
    """Headers, sizes and places; `posted` has an epilogue, `loaded` a prologue, `good` none."""
    for i, value in enumerate((1, 1, 1, 1 << 31)):
        yield f"{name}-header-mbz{i}", good, "COMMAND", {f"head_mbz{i}": value}
    yield f"{name}-size", good, "COMMAND", {"size": good.size + 8}
    for word, field, command in (("program", "post", posted), ("prologue", "pre", loaded)):
        place = getattr(command, field)
        yield f"{name}-{word}-that-is-none", good, "COMMAND", {field: good.size}
        yield f"{name}-{word}-in-the-body", command, "COMMAND", {field: place - 8}
        yield f"{name}-{word}-further-on", command, "COMMAND", {field: place + 8}
        yield f"{name}-{word}-without-place", command, "COMMAND", {field: 0}
