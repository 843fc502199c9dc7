"""Our row beside the anchors': sizes, docstrings, annotations, comments, tests. A number outside asks a question.

    ./mifeng dev shape                       the rows of this tree
    python tools/shape.py NAME=SRC+TESTS …   the same measure for other trees
"""

import ast
import io
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = {"migrations", "static", "__pycache__", "node_modules", "locale"}

# Measured with the same counts on public snapshots of 2024-2026.
ANCHORS = """\
pretalx                  408    76  390  1375    6   23     14    5    4.8   1.97
healthchecks             178    43  161  1584    8   32     10   99    5.6   1.38
warehouse                257    87  426  1586    8   36     41   23    8.7   2.36
wagtail                  555    73  385  3005    7   25     21    4    6.7   1.99
python-tuf                21   151  494  1787   13   36     95   92   13.3   1.25
structlog                 22   233  989  1249    7   29     80   95    5.1   1.28
sigstore-python           30   186  666  1353 11.5   44     89   95   13.2   0.55
"""
HEAD = "                     modules  median  p90   max  fn: median p90  doc%  ann%  com%  t:s"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Shape:
    """What is counted in one set of files. Lengths in lines; a function's own lines include its docstring."""

    modules: list[tuple[int, Path]] = field(default_factory=list)
    functions: list[int] = field(default_factory=list)
    public: int = 0
    documented: int = 0
    annotated: int = 0
    comments: int = 0
    test_lines: int = 0

    @property
    def lines(self) -> int:
        return sum(length for length, _ in self.modules)


def p90(values: list[int]) -> int:
    """The value that nine of ten do not exceed."""
    return sorted(values)[max(0, -(-len(values) * 9 // 10) - 1)] if values else 0


def sources(folder: Path) -> Iterator[Path]:
    for path in sorted([folder] if folder.is_file() else folder.rglob("*.py")):
        if not LEFT_OUT & set(path.parts):
            yield path


def functions_of(tree: ast.AST) -> Iterator[tuple[Function, bool]]:
    """All functions and whether each is public: its name and the names around it do not begin with an underscore."""

    def walk(node: ast.AST, public: bool) -> Iterator[tuple[Function, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                open_ = public and not child.name.startswith("_")
                yield child, open_
                yield from walk(child, False)
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, public and not child.name.startswith("_"))
            else:
                yield from walk(child, public)

    return walk(tree, True)


def measure(files: Iterable[Path], tests: Iterable[Path] = ()) -> Shape:
    """Count a set of files; a file that is no Python of today is left out."""
    shape = Shape()
    for path in files:
        text = path.read_text("utf-8")
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        shape.modules.append((text.count("\n"), path))
        for function, public in functions_of(tree):
            shape.functions.append((function.end_lineno or function.lineno) - function.lineno + 1)
            shape.annotated += function.returns is not None
            shape.public += public
            shape.documented += public and ast.get_docstring(function) is not None
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        shape.comments += sum(token.type == tokenize.COMMENT for token in tokens)
    shape.test_lines = sum(path.read_text("utf-8").count("\n") for path in tests)
    return shape


def row(name: str, shape: Shape) -> str:
    """One line in the columns of the anchors."""
    if not shape.modules:
        return f"{name:20} {'-':>7}"
    lengths = [length for length, _ in shape.modules]
    return (
        f"{name:20} {len(lengths):7} {median(lengths):7.0f} {p90(lengths):4} {max(lengths):5} "
        f"{median(shape.functions or [0]):10g} {p90(shape.functions):3} "
        f"{percent(shape.documented, shape.public)} {percent(shape.annotated, len(shape.functions))} "
        f"{100 * shape.comments / max(1, shape.lines):5.1f} {ratio(shape.test_lines, shape.lines)}"
    )


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.0f}" if whole else "    -"


def ratio(tests: int, lines: int) -> str:
    return f"{tests / max(1, lines):5.2f}" if tests else "    -"


def own() -> dict[str, tuple[list[Path], list[Path]]]:
    """Name of the row -> sources and tests of it."""
    src, tests = ROOT / "src" / "mifeng", ROOT / "tests"
    rules = [path for path in sources(src / "rooms") if path.stem in ("rules", "facts") or "rules" in path.parts]
    rest = [path for path in sources(src / "rooms") if path not in rules]
    return {
        "engines": (list(sources(src / "engines")), list(sources(tests / "engines"))),
        "clauses": (list(sources(src / "clauses")), []),
        "rules of the rooms": (rules, []),
        "rest of the rooms": (rest, list(sources(tests / "rooms"))),
        "base": (list(sources(src / "base")), []),
        "site": (list(sources(src / "site")), []),
        "mifeng": (list(sources(src)), list(sources(tests))),
    }


def largest(shape: Shape, count: int = 6) -> str:
    first = sorted(shape.modules, reverse=True)[:count]
    return "\n".join(f"{length:6}  {path.relative_to(ROOT)}" for length, path in first)


def main(arguments: list[str]) -> int:
    """Print the rows."""
    print(HEAD)
    if arguments:
        for name, _, folders in (argument.partition("=") for argument in arguments):
            source, _, tests = folders.partition("+")
            print(row(name, measure(sources(Path(source)), sources(Path(tests)) if tests else ())))
        return 0
    for name, (files, tests) in own().items():
        print(row(name, measure(files, tests)))
    print(f"\n{ANCHORS}\nlargest modules:\n{largest(measure(sources(ROOT / 'src' / 'mifeng')))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
