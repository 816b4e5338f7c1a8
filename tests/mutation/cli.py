# SPDX-License-Identifier: MIT
"""tools/dev/mutate: makes mutants of a part, runs its tests on each, and prints the score and who survived."""

import argparse
import json
import random
import sys
import time

from mutation import operators, parts, workspace

REPORT = workspace.TOP / "build/mutation.json"


def say(text):
    """Progress."""
    print(text, flush=True)


def sources(part):
    """The files of a part that are changed."""
    return [name for name in workspace.files(*part.sources) if name.endswith(".c") and "/tests/" not in name]


def meant(only, name, line):
    """Whether a place is one of FILE or FILE:LINE, where FILE is a part of a path; every place if none is given."""
    places = [place.partition(":") for place in only]
    return not only or any(text in name and wanted in ("", str(line)) for text, _, wanted in places)


def candidates(part, only, top=workspace.TOP):
    """The mutants of a part as (source, mutation), as far as they are meant."""
    return [(name, mutation) for name in sources(part)
            for mutation in operators.mutations((top / name).read_text(encoding="utf-8"))
            if meant(only, name, mutation.line)]


def try_part(part, found, options):
    """The fates of so many mutants of a part; those that do not compile or change no code do not count."""
    judged = workspace.Judge(part, options.quick, options.sanitize)
    if not judged.unchanged_is_good():
        raise RuntimeError(f"{part.name}: its tests fail without a change")
    random.Random(f"{options.seed} {part.name}").shuffle(found)
    results = []
    for source, mutation in found:
        if len(results) == options.count:
            break
        start = time.monotonic()
        text = (workspace.TREE / source).read_text(encoding="utf-8")
        fate, noticed = workspace.fate(judged, source, operators.apply(text, mutation))
        if fate in (workspace.INVALID, workspace.EQUIVALENT):
            continue
        results.append({"part": part.name, "file": source, "line": mutation.line, "operator": mutation.operator,
                        "before": mutation.before.strip(), "after": mutation.after.strip(), "fate": fate, "noticed_by": noticed})
        say(f"{part.name} {len(results)}/{options.count} {fate:8} {source}:{mutation.line} {mutation.operator}: "
            f"{mutation.before.strip()} -> {mutation.after.strip()} ({noticed}, {time.monotonic() - start:.0f} s)")
    judged.built()
    return results


def score(results):
    """Killed, all, percent."""
    killed = sum(result["fate"] == workspace.KILLED for result in results)
    return killed, len(results), 100 * killed / len(results) if results else 0.0


def main(arguments):
    """Entry."""
    parser = argparse.ArgumentParser(prog="tools/dev/mutate", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"default: all ({', '.join(part.name for part in parts.PARTS)})")
    parser.add_argument("--count", type=int, default=20, help="mutants of each part (default %(default)s)")
    parser.add_argument("--seed", default="1", help="of their choice (default %(default)s)")
    parser.add_argument("--only", action="append", default=[], metavar="TEXT[:LINE]",
                        help="only sources whose path has this in it, or one line of them; may be repeated")
    parser.add_argument("--quick", action="store_true",
                        help="meson's first suite of the part alone, without suite slow, further runs of a program, and long "
                        "programs that have not a source's name: what those alone notice counts as survived")
    parser.add_argument("--sanitize", action="store_true",
                        help="what meson's tests do not notice they try again under the sanitizers")
    options = parser.parse_args(arguments)
    try:
        chosen = [parts.named(name) for name in options.part] or parts.PARTS
        say("== building a copy of the tree (log: build/logs/mutation.log)")
        workspace.prepare(any(part.builds for part in chosen), options.sanitize)
        # From here on the tree itself may change.
        found = [candidates(part, options.only, workspace.TREE) for part in chosen]
        results = []
        for part, mutants in zip(chosen, found):
            results += try_part(part, mutants, options)
            REPORT.write_text(json.dumps({"schema": 1, "seed": options.seed, "mutants": results}, indent=1) + "\n",
                              encoding="utf-8")
    except (ValueError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for part in chosen:
        say("{:12} {:3} of {:3} noticed, {:.0f} %".format(
            part.name, *score([result for result in results if result["part"] == part.name])))
    return 0
