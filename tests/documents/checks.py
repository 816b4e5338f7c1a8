# SPDX-License-Identifier: MIT
"""What is wrong with a page, as sentences. The pages are checked by test_pages.py, the checks by test_checks.py."""

import re
from fnmatch import fnmatch

from documents import pages

FOLDER = re.compile(r"^## .*$", re.MULTILINE)
CALL = re.compile(r"`(\w+)\(\)`")
PATH = re.compile(r"^[\w.*+/-]+$")
NAME = re.compile(r"^[\w.*]+(\(\))?$")
STEP = re.compile(r"^\d+\. (.*(?:\n   .*)*)", re.MULTILINE)
RECORD = re.compile(r"^docs/decisions/(\d{4})-[a-z0-9-]+\.md$")
EXAMPLE = re.compile(r"^Example: (.*)$", re.MULTILINE)
PARTS = ("Context", "Decision", "Not taken", "Consequences", "Where it lives")


def files_of(path):
    """The files that a path, a folder or a pattern stands for. NAME and VERSION in it stand for anything."""
    path = re.sub(r"NAME|VERSION", "*", path.rstrip("/"))
    return [known for known in pages.tracked()
            if known.startswith((path + "/", path)) and known[len(path):][:1] in ("", "/")
            or fnmatch(known, path) or fnmatch(known, path + "/*")]


def is_path(span):
    """Does a code span name something in a folder of this tree?"""
    first = span.split("/")[0]
    return span in pages.tracked() or "/" in span and bool(PATH.match(span)) and any(
        known.startswith(first + "/") for known in pages.tracked())


def bad_paths(page):
    """Code spans that are paths of this tree, of nothing that is there."""
    return [f"there is no {span}" for span in pages.spans(page) if is_path(span) and not files_of(span)]


def bad_links(path, page):
    """Links inside the tree that lead nowhere."""
    found = []
    for link in pages.links(page):
        if re.match(r"^[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        where = (pages.TOP / path).parent / target if target else pages.TOP / path
        if not where.exists():
            found.append(f"{link} leads nowhere")
        elif anchor and anchor not in pages.anchors(where.read_text(encoding="utf-8")):
            found.append(f"{link}: no heading has this name")
    return found


def bad_functions(path, cell):
    """Functions of a cell that the file does not define; arrows that no call stands for."""
    known = pages.functions(pages.text(path), path)
    found = [f"{path} defines no {name}()" for name in CALL.findall(cell) if name not in known]
    chains = [CALL.findall(chain) for chain in cell.split(",")]
    pairs = [pair for chain in chains for pair in zip(chain, chain[1:])]
    return found + [f"{path}: {caller}() does not call {called}()" for caller, called in pairs
                    if caller in known and not re.search(rf"\b{called}\(", known[caller].body)]


def folders_of(heading):
    """The folders a heading names: files of its tables are relative to the one, or to the top."""
    found = pages.SPAN.findall(heading)
    return found[0] + "/" if len(found) == 1 else ""


def bad_steps(page):
    """Rows with file and functions that do not agree with the sources."""
    found = []
    for heading in FOLDER.findall(pages.prose(page)):
        for row in pages.rows(pages.section(page, heading.removeprefix("## "))):
            files = pages.SPAN.findall(row.get("file", ""))
            path = folders_of(heading) + files[0] if len(files) == 1 else None
            if not path or not CALL.search(row.get("functions", "")):
                found.append(f"no file or no function: {' | '.join(row.values())}")
            elif path not in pages.tracked():
                found.append(f"there is no {path}")
            else:
                found += bad_functions(path, row["functions"])
    return found


def names_something(name, paths):
    """Is a name written in one of these files? NAME in it stands for any word."""
    words = re.escape(name.removesuffix("()")).replace("NAME", r"\w+").replace(r"\*", r"\w*")
    pattern = re.compile(rf"(?<![\w]){words}(?!\w)")
    return any(pattern.search(pages.text(file)) for path in paths for file in files_of(path))


def bad_recipe(recipe):
    """Steps of a recipe that name no file, a file that is not there, or a name that its files do not have."""
    found, steps = [], STEP.findall(recipe)
    if len(steps) < 3:
        found.append(f"{len(steps)} steps")
    for step in steps:
        spans = pages.SPAN.findall(step)
        paths = [span for span in spans if is_path(span) and files_of(span)]
        if not paths and not any(span.startswith(("make ", "tools/dev/")) for span in spans):
            found.append(f"a step without a file: {step}")
        found += [f"{span} stands in none of {', '.join(paths)}" for span in spans
                  if paths and NAME.match(span) and not is_path(span) and not names_something(span, paths)]
    return found


# These show or use an example and are no place of it.
ELSEWHERE = ("contract/conformance/", "tests/documents/")


def unnamed_places(recipe):
    """Sources in which a recipe's example stands and that the recipe does not name."""
    examples = [span for line in EXAMPLE.findall(recipe) for span in pages.SPAN.findall(line)]
    named = {file for span in pages.spans(recipe) if is_path(span) for file in files_of(span)}
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(example)}(?!\w)" for example in examples))
    return [f"{path} has {found.group()}, and no step names it" for path in pages.tracked()
            if examples and not path.endswith(".md") and path not in named and not path.startswith(ELSEWHERE)
            and (found := pattern.search(pages.text(path)))]


def bad_record(page):
    """A record of a decision without its parts, in order, or without a place in the tree."""
    titles = tuple(title for mark, title in pages.HEADING.findall(pages.prose(page)) if mark == "##")
    if titles != PARTS:
        return [f"has the parts {', '.join(titles)}"]
    found = [f"{title} is empty" for title in PARTS if not pages.section(page, title).strip()]
    places = [span for span in pages.spans(pages.section(page, PARTS[-1])) if is_path(span)]
    return found if places else [*found, "lives nowhere"]


def bad_index(paths, index):
    """Records that are not numbered one by one, or not listed with number and title."""
    records = sorted(path for path in paths if path.startswith("docs/decisions/0"))
    found = [f"{path} is number {number}" for number, path in enumerate(records, 1)
             if not RECORD.match(path) or int(RECORD.match(path).group(1)) != number]
    for path in records:
        title = pages.HEADING.search(pages.text(path)).group(2)
        number, _, rest = title.partition(" ")
        if f"| {number.rstrip('.')} | [{rest}]({path.rsplit('/', 1)[1]}) |" not in index:
            found.append(f"{path}: the index does not list {title!r}")
    return found
