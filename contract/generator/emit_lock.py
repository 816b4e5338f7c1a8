# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""contract/lock: every number, size and offset, and what forbids that one of them changes."""

from generator import model
from generator.constants import defined
from generator.rows import number, rows
from generator.walk import paths, type_of

INTRO = ("# Every number, size and offset of the contract; written by contract/generate.\n"
         "# Of a released version none changes or goes; of a frozen file never.\n")


def value_of(one):
    """A number as hexadecimal, a text in quotes, a macro's expression."""
    if one.argument:
        return one.value
    return f'"{one.value}"' if isinstance(one.value, str) else f"0x{one.value:x}"


def shown(cell):
    """An attribute of a value."""
    return f'"{cell}"' if isinstance(cell, str) else hex(cell)


def entries(contract):
    """Key and value of every fact."""
    found = {"released": str(contract.released)}
    for file in contract.files:
        for item in file.items:
            for one in defined(item, contract):
                kind = "macro" if one.argument else "union" if one.derived else "constant"
                name = f"{one.name}({one.argument})" if one.argument else one.name
                found[f"{file.name} {kind} {name}"] = value_of(one)
            if isinstance(item, model.Enum) and item.rows:
                for entry, row in rows(item, contract, number):
                    found[f"{file.name} row {item.rows}.{entry.name}"] = " ".join(map(shown, row))
            if isinstance(item, model.Struct):
                found[f"{file.name} struct {item.name}"] = f"size {item.size}"
                for path, member in paths(item.members):
                    found[f"{file.name} member {item.name}.{path}"] = \
                        f"{type_of(member)} at {member.offset} size {member.size}"
    return found


def read(path):
    """The entries of a lock file; none when there is no file yet."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return dict(line.split(" = ", 1) for line in lines if line and not line.startswith("#"))


def text(found):
    """A lock file with these entries."""
    return INTRO + "".join(f"{key} = {value}\n" for key, value in sorted(found.items()))


def broken(lock, now):
    """Keys of what changed or went, with a sentence each. What is new breaks no one, nor another bit of a union."""
    for key in sorted(lock):
        if key == "released" or " union " in key or now.get(key) == lock[key]:
            continue
        yield key, f"{key} was {lock[key]}, " + (f"is {now[key]}" if key in now else "is gone")


def refusals(contract, lock):
    """Sentences on what must not be; empty when the lock may be written."""
    now = entries(contract)
    frozen = [file.name for file in contract.files if file.frozen]
    version = int(now[version_key(contract)], 0)
    released = int(lock.get("released", "0"))
    found = list(broken(lock, now))
    sentences = [f"{sentence}: its file is frozen: undo the change" for key, sentence in found
                 if key.split(" ")[0] in frozen]
    if found and version <= released:
        sentences += [f"{sentence}: hosts and devices of version {released} rely on it: undo the change, or raise "
                      f"{contract.version}" for key, sentence in found if key.split(" ")[0] not in frozen]
    if not released <= contract.released <= version:
        sentences.append(f"contract.yaml: released is {contract.released}: it lies between {released}, what was "
                         f"released before, and {version}, the newest version")
    return sentences


def version_key(contract):
    """The entry that says the newest version."""
    owner = contract.file_of(contract.find(model.Constant, contract.version))
    return f"{owner.name} constant {contract.version}"
