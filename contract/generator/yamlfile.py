# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Reads a YAML file strictly: no key twice, numbers keep how they are written, words stay words."""

import re
import sys

try:
    import yaml
except ImportError:
    sys.exit("contract/generate needs PyYAML: in Debian, the package python3-yaml")

from generator.problems import Problem

NUMBER = re.compile(r"^(0|[1-9][0-9]*|0x[0-9a-f]+)$")


class Number(int):
    """An integer that remembers its text, so that 0x1000 is not shown as 4096."""

    def __new__(cls, text):
        number = super().__new__(cls, text, 0)
        number.text = text
        return number


class Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
    """Strings, but for decimal and lower-case hexadecimal integers; duplicate keys are refused."""


def construct_scalar(loader, node):
    """A number when it is one and not quoted."""
    text = loader.construct_scalar(node)
    return Number(text) if not node.style and NUMBER.match(text) else text


def construct_mapping(loader, node):
    """A dict whose keys are all different."""
    found = {}
    for key_node, value_node in node.value:
        key = loader.construct_scalar(key_node)
        if key in found:
            line = key_node.start_mark.line + 1
            raise Problem(f"{loader.file}, line {line}: {key!r} appears twice: remove or rename one")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


Loader.add_constructor("tag:yaml.org,2002:str", construct_scalar)
Loader.add_constructor("tag:yaml.org,2002:map", construct_mapping)


def read(path):
    """The content of one file."""
    try:
        with open(path, encoding="utf-8") as stream:
            loader = Loader(stream)
            loader.file = path.name
            return loader.get_single_data()
    except yaml.YAMLError as error:
        raise Problem(f"{path.name}: {error}") from error
    except FileNotFoundError as error:
        raise Problem(f"{path.name}: missing: contract.yaml lists it; add it or take it off the list") from error
