# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""From YAML to the model. Here each item is checked by itself; check.py compares items."""

import re

from generator import model, skus, yamlfile
from generator.problems import Problem, Problems
from generator.shape import CONSTANT_NAME, STRUCT_NAME, Shape, bit_range, documented

TYPE = re.compile(r"^(?P<base>[a-z]\w*)(?: of (?P<of>[A-Z]\w*))?(?: x (?P<count>\w.*))?$")
TYPES = re.compile(r"^u(8|16|32|64)$")
ACCESS = re.compile(r"^(r|w|rw)$")
ENTRY_FORM = "[VALUE, text], then reserved or {attribute: value}; quote a text that has a comma"
MEMBER_FORM = "[TYPE, text] or [TYPE, mbz], then reserved or {at: OFFSET}; quote a text that has a comma"
FIELD_FORM = "[HIGH..LOW, text], then reserved or {of: NAME}; quote a text that has a comma"


def entries(problems, where, mapping, form, attributes):
    """Enumerators or values: NAME: [number, doc, marks...]."""
    found = []
    for name, value in (mapping or {}).items():
        here = f"{where}: {name}"
        number, doc, words, marks = documented(problems, here, value, form)
        check_name(problems, here, name, CONSTANT_NAME)
        check_marks(problems, here, words, marks, attributes)
        if doc and not isinstance(number, int):
            problems.add(here, f"value {number!r}: write a number")
            number = None
        number = yamlfile.Number("0") if number is None else number
        found.append(model.Entry(name, here, number, doc, "reserved" in words, marks))
    return found


def fields(problems, where, mapping):
    """Fields of a word: NAME: [bits, doc, marks...]."""
    found = []
    for name, value in (mapping or {}).items():
        here = f"{where}: {name}"
        bits, doc, words, marks = documented(problems, here, value, FIELD_FORM)
        check_name(problems, here, name, CONSTANT_NAME)
        check_marks(problems, here, words, marks, ("of", "reset"))
        high, low = bit_range(problems, here, bits if doc else 0)
        found.append(model.Entry(name, here, bits, doc, "reserved" in words, marks, high, low))
    return found


def check_name(problems, where, name, pattern):
    """Names are of one form."""
    if not pattern.match(name):
        problems.add(where, f"name {name!r}: write one like {pattern.pattern}")


def check_marks(problems, where, words, marks, attributes, known_words=("reserved",)):
    """Behind value and text there is nothing unknown."""
    for word in words:
        if word not in known_words:
            problems.add(where, f"mark {word!r}: write {' or '.join(known_words)} or {{NAME: VALUE}}; "
                                "quote a text that has a comma")
    for name in marks:
        if name not in attributes:
            known = ", ".join(attributes) or "none"
            problems.add(where, f"attribute {name!r}: known here are {known}")


# ---- items -------------------------------------------------------------------------

def constant(problems, where, name, raw):
    """constant: NAME"""
    shape = Shape(problems, where, raw, ("constant", "value", "text", "type", "doc"))
    text = shape.get("text", str)
    value = shape.get("value", (int, str), 0, required=text is None)
    return model.Constant(name, where, shape.doc(), text or value, shape.get("type", TYPES), text is not None)


def macro(problems, where, name, raw):
    """macro: NAME"""
    shape = Shape(problems, where, raw, ("macro", "argument", "value", "doc"))
    return model.Macro(name, where, shape.doc(), shape.get("argument", STRUCT_NAME, "n", required=True),
                       shape.get("value", str, "0", required=True))


def enum(problems, where, name, raw):
    """enum: NAME"""
    shape = Shape(problems, where, raw, ("enum", "prefix", "type", "count", "open", "inside", "attributes",
                                         "rows", "doc", "values"))
    attributes = shape.get("attributes", dict, {})
    values = entries(problems, where, shape.get("values", dict, {}, required=True), ENTRY_FORM, attributes)
    return model.Enum(name, where, shape.doc(), shape.get("prefix", CONSTANT_NAME, name), values,
                      shape.get("type", TYPES), shape.get("count", CONSTANT_NAME), shape.truth("open"),
                      shape.get("inside", str), attributes, shape.get("rows", CONSTANT_NAME))


def flags(problems, where, name, raw):
    """flags: NAME, one bit each"""
    shape = Shape(problems, where, raw, ("flags", "prefix", "type", "all", "doc", "values"))
    found = fields(problems, where, shape.get("values", dict, {}, required=True))
    for entry in found:
        if entry.high != entry.low:
            problems.add(entry.where, f"is {entry.value} wide: a flag is one bit; use bits: for fields")
    return model.Bits(name, where, shape.doc(), shape.get("prefix", CONSTANT_NAME, name), found,
                      shape.get("type", TYPES, "u32"), shape.get("all", CONSTANT_NAME), flags=True)


def bits(problems, where, name, raw):
    """bits: NAME, fields of a word"""
    shape = Shape(problems, where, raw, ("bits", "prefix", "type", "mbz", "doc", "fields"))
    return model.Bits(name, where, shape.doc(), shape.get("prefix", CONSTANT_NAME, name),
                      fields(problems, where, shape.get("fields", dict, {}, required=True)),
                      shape.get("type", TYPES, "u32"), mbz=shape.get("mbz", CONSTANT_NAME))


def register(problems, where, name, raw):
    """One register of a block."""
    shape = Shape(problems, where, raw, ("at", "bits", "bytes", "count", "index", "access", "while", "reset",
                                         "of", "prefix", "doc", "fields", "values"))
    check_name(problems, where, name, CONSTANT_NAME)
    return model.Register(
        name, where, shape.doc(), shape.get("at", int, 0, required=True),
        shape.get("access", ACCESS, "r", required=True), shape.get("bits", int, 32),
        shape.get("bytes", (int, str)), shape.get("count", (int, str)), shape.get("index", STRUCT_NAME, "n"),
        shape.get("reset", (int, str)), shape.get("while", CONSTANT_NAME), shape.get("of", CONSTANT_NAME),
        shape.get("prefix", CONSTANT_NAME, name), fields(problems, where, shape.get("fields", dict)),
        entries(problems, where, shape.get("values", dict), ENTRY_FORM, ()))


def registers(problems, where, name, raw):
    """registers: NAME"""
    shape = Shape(problems, where, raw, ("registers", "base", "stride", "count", "index", "doc", "list"))
    found = [register(problems, f"{where}: {key}", key, value)
             for key, value in shape.get("list", dict, {}, required=True).items()]
    return model.Registers(name, where, shape.doc(), found, shape.get("base", int), shape.get("stride", int),
                           shape.get("count", (int, str)), shape.get("index", STRUCT_NAME, "n"))


def member(problems, where, name, raw):
    """A member: [TYPE, doc, marks...], or a group with members of its own."""
    check_name(problems, where, name, STRUCT_NAME)
    if isinstance(raw, dict):
        return group(problems, where, name, raw)
    text, doc, words, marks = documented(problems, where, raw, MEMBER_FORM)
    match = TYPE.match(text) if isinstance(text, str) else None
    if not match:
        if doc:
            problems.add(where, f"type {text!r}: write TYPE, TYPE of NAME, or TYPE x COUNT")
        return model.Member(name, where, doc, "u32")
    check_marks(problems, where, words, marks, ("at", "index", "when", "is"), ("reserved", "parameter"))
    if "parameter" in words:
        if match["base"] not in ("u32", "u64") or match["of"]:
            problems.add(where, "a member that may name a parameter is a u32 or u64 without names of its own")
        doc += " (p)"
    mark = doc if doc in ("mbz", "zero") else "reserved" if "reserved" in words else None
    count = match["count"]
    return model.Member(name, where, {"mbz": "must be zero"}.get(doc, doc), match["base"], match["of"], count,
                        mark, marks.get("at"), marks.get("index"), marks.get("when", {}), fixed=marks.get("is"),
                        parameter="parameter" in words)


def group(problems, where, name, raw):
    """A nested structure or union."""
    shape = Shape(problems, where, raw, ("doc", "at", "when", "struct", "union"))
    kinds = [kind for kind in ("struct", "union") if kind in shape.mapping]
    if len(kinds) != 1:
        problems.add(where, "a group has either struct: or union:, with members in it")
    kind = kinds[0] if kinds else "struct"
    return model.Member(name, where, shape.doc(), at=shape.get("at", int), when=shape.get("when", dict, {}),
                        union=kind == "union",
                        members=members(problems, where, shape.get(kind, dict, {})))


def members(problems, where, mapping):
    """Members in the order they lie in memory."""
    return [member(problems, f"{where}: {name}", name, raw) for name, raw in mapping.items()]


def struct(problems, where, name, raw):
    """struct: NAME"""
    shape = Shape(problems, where, raw, ("struct", "size", "doc", "members"))
    return model.Struct(name, where, shape.doc(), shape.get("size", int, 0, required=True),
                        members(problems, where, shape.get("members", dict, {}, required=True)))


def table(problems, where, name, raw):
    """table: NAME"""
    shape = Shape(problems, where, raw, ("table", "doc", "columns", "rows"))
    columns, rows = shape.get("columns", dict, {}, required=True), shape.get("rows", list, [], required=True)
    for row in rows:
        if not isinstance(row, list) or not 0 < len(row) <= len(columns):
            problems.add(where, f"row {row!r}: write a list with {', '.join(columns)}")
    return model.Table(name, where, shape.doc(), columns, rows)


def note(problems, where, text, raw):
    """note: prose"""
    Shape(problems, where, raw, ("note",))
    return model.Note("", where, text)


KINDS = {"constant": (constant, CONSTANT_NAME), "macro": (macro, CONSTANT_NAME), "enum": (enum, CONSTANT_NAME),
         "flags": (flags, CONSTANT_NAME), "bits": (bits, CONSTANT_NAME), "registers": (registers, CONSTANT_NAME),
         "struct": (struct, STRUCT_NAME), "table": (table, re.compile(r"^[a-z][a-z-]*$")),
         "note": (note, re.compile("."))}


def item(problems, file, raw):
    """One item; its first key says its kind."""
    kind = next(iter(raw), None) if isinstance(raw, dict) else None
    if kind not in KINDS:
        problems.add(file, f"item {raw!r}: begin it with one of {', '.join(KINDS)}")
        return None
    build, pattern = KINDS[kind]
    name = raw[kind]
    where = f"{file}: {kind}" if kind == "note" else f"{file}: {kind} {name}"
    if not isinstance(name, str) or not pattern.match(name):
        problems.add(where, f"name {name!r}: write one like {pattern.pattern}")
        return None
    return build(problems, where, name, raw)


# ---- files -------------------------------------------------------------------------

def load_file(problems, path):
    """One concept."""
    raw = skus.expand(yamlfile.read(path), path.parent / "skus")
    shape = Shape(problems, path.name, raw, ("title", "doc", "frozen", "items"))
    items = [item(problems, path.name, entry) for entry in shape.get("items", list, [], required=True)]
    return model.File(path.stem, shape.get("title", str, "", required=True),
                      shape.get("doc", str, "", required=True).strip(), [one for one in items if one],
                      shape.truth("frozen"))


def load(folder):
    """The whole contract of a folder."""
    problems = Problems()
    shape = Shape(problems, "contract.yaml", yamlfile.read(folder / "contract.yaml"),
                  ("prefix", "files", "version", "released"))
    prefix = shape.get("prefix", dict, {}, required=True)
    names = shape.get("files", list, [], required=True)
    for path in sorted(folder.glob("*.yaml")):
        if path.stem not in [*names, "contract"]:
            problems.add(path.name, "is in no list: add its name to files: of contract.yaml")
    files = [load_file(problems, folder / f"{name}.yaml") for name in names]
    contract = model.Contract(files, prefix.get("constant", ""), prefix.get("struct", ""),
                              shape.get("version", str, "", required=True),
                              shape.get("released", int, 0, required=True))
    problems.end_if_any()
    if not contract.files:
        raise Problem("contract.yaml: files: is empty")
    return contract
