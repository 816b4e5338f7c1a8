# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Arithmetic over names of constants, such as "(1 << VA_BITS) - (1 << 32)"."""

import ast
import operator

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
             ast.LShift: operator.lshift, ast.BitOr: operator.or_}


class Unknown(Exception):
    """A name no constant has, or something that is no arithmetic."""


def evaluate(text, names):
    """The value; @names maps or computes a name's."""
    try:
        return reduce(ast.parse(text, mode="eval").body, names)
    except SyntaxError as error:
        raise Unknown(f"{text!r} is no arithmetic") from error


def reduce(node, names):
    """One node of the expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.Name):
        return names(node.id)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](reduce(node.left, names), reduce(node.right, names))
    raise Unknown(f"{ast.unparse(node)!r}: use numbers, names, + - * << | and parentheses")


def spelled(text, rename):
    """The expression with every name replaced, otherwise as it is written."""
    tree = ast.parse(text, mode="eval")
    places = sorted(((node.col_offset, node.end_col_offset, node.id) for node in ast.walk(tree)
                     if isinstance(node, ast.Name)), reverse=True)
    for start, end, name in places:
        text = text[:start] + rename(name) + text[end:]
    return text
