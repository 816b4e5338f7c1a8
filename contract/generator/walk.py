# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Members of structures by path, as C spells it (anonymous groups leave no part in it), and what each is."""


def paths(members, prefix=""):
    """(path, member) of every member and group, outer ones first."""
    for member in members:
        path = prefix if member.anonymous else f"{prefix}{member.name}"
        if not member.anonymous:
            yield path, member
        if member.members is not None:
            yield from paths(member.members, path if member.anonymous else path + ".")


def type_of(member):
    """Type and array length of a member: a text is bytes."""
    if member.members is not None:
        return "union" if member.union else "struct"
    base = "u8" if member.base == "text" else member.base
    return base + (f"[{member.repeat}]" if member.repeat else "")
