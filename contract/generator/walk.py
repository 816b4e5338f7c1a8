# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Members of structures by path, as C spells it: anonymous groups leave no part in it."""


def paths(members, prefix=""):
    """(path, member) of every member and group, outer ones first."""
    for member in members:
        path = prefix if member.anonymous else f"{prefix}{member.name}"
        if not member.anonymous:
            yield path, member
        if member.members is not None:
            yield from paths(member.members, path if member.anonymous else path + ".")
