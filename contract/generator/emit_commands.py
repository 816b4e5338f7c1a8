# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""contract/commands: a line for each command, for builds that go through all of them."""

from generator import model


def names(contract):
    """In lower case, as the files and symbols of a command begin."""
    return "".join(f"{entry.name.lower()}\n" for item in contract.all(model.Enum) for entry in item.values
                   if "body" in entry.marks)
