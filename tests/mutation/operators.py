# SPDX-License-Identifier: MIT
"""
The single changes that a mutant is made of. Each works on one line of C outside of comments, strings and
preprocessor lines, and keeps the number of lines, so that a debugger's and an assertion's line numbers stay.
"""

import re
from dataclasses import dataclass

MASKED = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)

RELATIONS = {"<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="]}
RELATION = re.compile(r"(?<=[\w)\]] )(<=|>=|==|!=|<|>)(?= [\w(&*!~-])")
LOGICAL = re.compile(r"(?<= )(&&|\|\|)(?=\s)")
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "<<": ">>", ">>": "<<", "&": "|", "|": "&"}
OPERATOR = re.compile(r"(?<=[\w)\]] )(<<|>>|[-+*&|])(?= [\w(~])")
# Not the length of an array that is given its elements: one more is an element of 0. Nor how many structures
# calloc() makes room for: what lies behind them shows in no result.
NUMBER = re.compile(r"(?<![\w.])(?<!\bcalloc\()(\d+)(u?)(?![\w.xX])(?!\](?:\[\w+\])* = \{)")
# -1 says "none" or "failed": what reads it asks for a negative number, and -2 is one, too.
NEGATIVE = re.compile(r"(?:[=(,?:{<>]|\breturn)\s*-$")
CONDITION = re.compile(r"\b(if|while) \((?!\()")
CALL = re.compile(r"^(\t+)([a-z_]\w*\([^;{}]*\);)$")
ASSIGNMENT = re.compile(r"^(\t+)([\w.>*\[\]-]+ [|&+-]?= [^;{}]*;)$")
RETURN = re.compile(r"^(\t+return )(ret|error|err|-E\w+)(;)$")
# An operand of a condition over several lines: the last one of its line, or the only one of the last line.
OPERAND = re.compile(r"^\s*(?:return |(?:else )?if \(|while \()?(?:.* (?:&&|\|\|) )?(?P<operand>[^&|]+?) "
                     r"(?P<link>&&|\|\|)\s*$")
LAST = re.compile(r"^\s*(?P<operand>\S[^&|{;]*?)(?P<end>\)? ?\{?;?)$")

# Advice to processor and kernel, which changes speed alone: in a line, or all that a condition or loop is for.
ADVICE = re.compile(r"\b__builtin_prefetch\(|\bmadvise\(.*\bMADV_HUGEPAGE\)")
HEAD = re.compile(r"^\s*(?:if|for|while) \(.*\)$")
# A step of a hash by its name: where a table looks first, whose entries are compared as a whole.
HASH = re.compile(r"^\s*(?:uint64_t )?hash \^?= ")


@dataclass(frozen=True)
class Mutation:
    """One change: the text of a line before and after."""

    line: int
    operator: str
    before: str
    after: str


def masked(text):
    """The text with comments, strings and directives blanked, of the same shape."""
    def blank(match):
        return re.sub(r"[^\n]", "\0", match.group(0))

    return DIRECTIVE.sub(blank, MASKED.sub(blank, text))


def without_operand(line, before):
    """The change that takes one operand out of a condition, given the line before."""
    neutral = {"&&": "1", "||": "0"}
    match = OPERAND.match(line)
    if match:
        yield "operand", match.start("operand"), match.end("operand"), neutral[match.group("link")]
    match = LAST.match(line)
    if match and before.rstrip()[-2:] in neutral:
        # The closing parenthesis is the operand's own where it has an open one.
        end = match.end("operand")
        end += match.group("operand").count("(") > match.group("operand").count(")")
        yield "operand", match.start("operand"), end, neutral[before.rstrip()[-2:]]


def replacements(line, before):
    """(operator's name, start, end, new text) of every change inside a masked line, given the line before."""
    for match in RELATION.finditer(line):
        for other in RELATIONS[match.group(1)]:
            yield "relation", match.start(1), match.end(1), other
    for match in LOGICAL.finditer(line):
        yield "logic", match.start(1), match.end(1), "||" if match.group(1) == "&&" else "&&"
    for match in OPERATOR.finditer(line):
        yield "arithmetic", match.start(1), match.end(1), ARITHMETIC[match.group(1)]
    for match in NUMBER.finditer(line):
        if not (match.group(1) == "1" and NEGATIVE.search(line[:match.start(1)])):
            yield "constant", match.start(1), match.end(1), str(int(match.group(1)) + 1)
    for match in CONDITION.finditer(line):
        yield "condition", match.end(), match.end(), "!!0 && " if match.group(1) == "while" else "!"
    for name, pattern in (("call", CALL), ("assignment", ASSIGNMENT)):
        match = pattern.match(line)
        if match:
            yield name, match.start(2), match.end(2), ";"
    match = RETURN.match(line)
    if match:
        yield "return", match.start(2), match.end(2), "0"
    yield from without_operand(line, before)


def is_left(shown, behind):
    """Whether no change of a masked line, given the one behind it, shows in any result: see ADVICE and HASH."""
    return bool(ADVICE.search(shown) or HASH.match(shown) or (HEAD.match(shown) and ADVICE.search(behind)))


def mutations(text):
    """Every change of a source file. Not all of them compile: the workspace sorts those out."""
    found = []
    lines = text.split("\n")
    in_function = False
    before = ""
    all_shown = masked(text).split("\n")
    for number, (line, shown, behind) in enumerate(zip(lines, all_shown, all_shown[1:] + [""]), 1):
        if shown.startswith("{"):
            in_function = True
        elif shown.startswith("}"):
            in_function = False
        if in_function and shown.strip("\0 \t") and not is_left(shown, behind):
            for operator, start, end, new in replacements(shown, before):
                found.append(Mutation(number, operator, line, line[:start] + new + line[end:]))
        before = shown
    return [mutation for mutation in found if mutation.before != mutation.after]


def apply(text, mutation):
    """The mutated source."""
    lines = text.split("\n")
    if lines[mutation.line - 1] != mutation.before:
        raise ValueError(f"line {mutation.line} is not what it was")
    lines[mutation.line - 1] = mutation.after
    return "\n".join(lines)
