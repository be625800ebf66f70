"""Make the parts of the documentation that come from the code.

Examples::

    python scripts/build_docs.py              # commands, measures, scenarios, figures, codes, Python face, tutorials
    python scripts/build_docs.py --check      # change nothing; exit code 1 names the pages that are out of date
    python scripts/build_docs.py --outputs    # run the blocks of all pages and write their outputs below them
    python scripts/build_docs.py --outputs README.md docs/tutorials/first-briefing.md
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from doclib import api_pages, candidates, cli_pages, deploy_page, lists, percent
from doclib.blocks import pages
from doclib.notebook import notebook

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = {"docs/tutorials/python.md": "python_first_steps.py", "docs/how-to/scenario-in-python.md": "own_scenario.py"}
"""Page of each example."""
NOTEBOOKS = {"docs/notebooks/two-worlds.ipynb": "docs/tutorials/two-worlds.md"}
"""Page of each notebook."""


def made() -> dict[str, str]:
    """Text of every page that is made from the code, by its path."""
    found = {
        "docs/reference/api.md": api_pages.page(),
        "docs/how-to/serve.md": deploy_page.page(),
        "docs/reference/cli.md": cli_pages.reference(),
        "docs/reference/measures.md": lists.measures(),
        "docs/reference/scenarios.md": lists.scenarios(),
        "docs/reference/talks.md": lists.talks(),
        "docs/reference/candidates.md": candidates.page(),
        "docs/reference/quantities.md": lists.quantities(),
        "docs/reference/codes.md": lists.codes(),
        "docs/reference/tables.md": lists.tables(),
        "docs/reference/python.md": lists.face(),
    }
    for name, script in SCRIPTS.items():
        found[name] = percent.page((ROOT / "examples" / script).read_text("utf-8"), script)
    found |= {name: notebook(ROOT / page) for name, page in NOTEBOOKS.items()}
    return found


def outdated() -> list[str]:
    """Pages whose text differs from what the code says."""
    return [name for name, text in made().items() if not (ROOT / name).exists() or (ROOT / name).read_text("utf-8") != text]


def main() -> int:
    """Write, check, or run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 if a page is out of date")
    parser.add_argument("--outputs", nargs="*", metavar="PAGE", help="run the blocks and write their outputs")
    given = parser.parse_args()
    if given.check:
        print("\n".join(outdated()) or "all pages are up to date")
        return 1 if outdated() else 0
    if given.outputs is not None:
        from doclib.outputs import refresh

        for page in [ROOT / name for name in given.outputs] or pages(ROOT):
            print(f"{page.relative_to(ROOT)}: {'changed' if refresh(page) else 'as before'}", flush=True)
        return 0
    for name in outdated():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(made()[name], "utf-8")
        print(f"written: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
