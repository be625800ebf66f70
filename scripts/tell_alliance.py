"""Make the worked story of an alliance: its answer, its pictures, and the page's words about it, all from one result.

Example: ``python scripts/tell_alliance.py`` runs ``ytterby cooperate --allies JP,US --invite AU,EU --budget 1e9 --scenarios 8 --periods 5
--sensitivity --resimulate``, draws its pictures into ``docs/images/plans`` and writes the part between the marks of
``docs/explanation/together.md`` anew. The words are those of the briefing, so that they stay true for other numbers. It takes some minutes
of processor time; ``--kept FOLDER`` reads a result that ``cooperate --out`` saved instead.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from build_plan_pictures import HALF, IMAGES, on_white
from doclib.marks import rewritten

from ytterby.app import AllianceResult, CooperateRequest, cooperate, read_saved, result_page
from ytterby.cooperation import CooperationResult
from ytterby.report import plain
from ytterby.report.briefing import Para, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ytterby.report.briefing import Briefing, Chart

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "together.md"
BEGIN, END = "<!-- story: written by scripts/tell_alliance.py -->", "<!-- end of the story -->"
ALLIES, INVITED, BUDGET, SCENARIOS, PERIODS = ("JP", "US"), ("AU", "EU"), 1e9, 8, 5
PICTURES = ("parts", "shares", "growth", "spillover")
"""Charts of the page that are shown."""
TABLES = ("Parts of the worth", "Who bears the public money", "Promises on record")
"""Beginnings of the captions of the tables that are told."""


def made(out: Path, project: Path) -> CooperationResult:
    """The answer, computed, or taken from the project where it stands."""
    asked = CooperateRequest(
        ALLIES, INVITED, BUDGET, scenarios=SCENARIOS, periods=PERIODS, sensitivity=True, resimulate=True, out=out, project=project
    )
    return cooperate(asked)


def command(found: CooperationResult) -> str:
    """The command that gives an answer."""
    invited = sorted(row.party for row in found.invite)
    options = {
        "allies": ",".join(found.parties),
        "invite": ",".join(invited),
        "budget": f"{max(found.budget.values()):.0e}".replace("e+0", "e") if found.budget else "",
        "scenarios": str(found.scenarios),
        "periods": str(found.periods) if found.periods <= found.years[1] - found.years[0] else "",
    }
    flags = {"sensitivity": bool(found.sensitivity), "resimulate": found.spillover is not None}
    given = [f"--{name} {value}" for name, value in options.items() if value]
    return " ".join(["ytterby cooperate", *given, *(f"--{name}" for name, asked in flags.items() if asked)])


def story(found: CooperationResult, page: Briefing, day: dt.date) -> Iterator[str]:
    """Paragraphs of the story in Markdown."""
    own = "`python scripts/tell_alliance.py` computes it anew and rewrites what stands below"
    yield f"`{command(found)}`, computed {day.day} {day:%B %Y}; {own}."
    yield f"**In a sentence.** {plain(page.answer)}"
    yield plain(page.support)
    yield from (f"*{plain(line)}*" for line in page.warnings)
    charts, tables = {chart.name: chart for chart in page.charts()}, _tables(page)
    yield from _shown(charts, "parts", "Where it comes from.")
    yield from _table(tables, TABLES[0])
    yield from _shown(charts, "shares", "Who gets what.", tabled=True)
    yield from _lead(page, "pays", "Who pays whom.")
    yield from _table(tables, TABLES[1])
    yield "**Who would leave.** " + " ".join(plain(line) for line in page.points)
    yield from _lead(page, "next", "Whom to ask next.")
    yield from _shown(charts, "growth", "How it grows.")
    yield from _lead(page, "offer", "What the supplier could offer.")
    yield from _shown(charts, "spillover", "Who rides free.")
    yield "**What would change it.** " + " ".join(plain(line) for line in page.changes)
    yield from _table(tables, TABLES[2])


def _tables(page: Briefing) -> list[Table]:
    return [block for section in page.sections for block in section.blocks if isinstance(block, Table)]


def _lead(page: Briefing, name: str, title: str) -> Iterator[str]:
    """First paragraph of a section."""
    for section in page.sections:
        if section.name == name and isinstance(section.blocks[0], Para):
            yield f"**{title}** {plain(section.blocks[0].spans)}"


def _shown(charts: Mapping[str, Chart], name: str, title: str, *, tabled: bool = False) -> Iterator[str]:
    """A picture with what must be known to read it, and its table where that says more; nothing where the answer has none."""
    chart = charts.get(name)
    if chart is not None:
        yield f"![{chart.alt}](../images/plans/{name}.svg)"
        yield f"**{title}** {plain(chart.remark)}".strip()
        if tabled:
            yield from _table([chart.table], chart.table.caption)


def _table(tables: Sequence[Table], begins: str) -> Iterator[str]:
    """A table in Markdown, under its caption."""
    for table in tables:
        if table.caption.startswith(begins):
            yield f"*{table.caption}*"
            yield "\n".join(f"| {' | '.join(row)} |" for row in (table.head, ("---",) * len(table.head), *table.rows))


def main() -> None:
    """Compute or read the answer, draw the pictures, and write the story."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kept", type=Path, help="folder of a saved answer to read instead")
    parser.add_argument("--project", type=Path, default=Path(".ytterby"), help="project folder that keeps what is computed")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--images", type=Path, default=IMAGES)
    parser.add_argument("--day", type=dt.date.fromisoformat, default=dt.date.today(), help="day on which it was computed")
    given = parser.parse_args()
    if given.kept:
        found = read_saved(given.kept)
    else:
        with tempfile.TemporaryDirectory() as out:
            found = made(Path(out), given.project)
    if not isinstance(found, CooperationResult):
        parser.error(f"{given.kept} holds no alliance")
    page = result_page((found,), "en", given.project, given.day).briefing
    given.images.mkdir(parents=True, exist_ok=True)
    drawn = {chart.name for chart in page.charts()}
    for kind in [kind for kind in PICTURES if kind in drawn]:
        (given.images / f"{kind}.svg").write_text(on_white(AllianceResult.of(found).plot(kind).svg, HALF), "utf-8")
    given.page.write_text(rewritten(given.page.read_text("utf-8"), BEGIN, END, list(story(found, page, given.day))), "utf-8")


if __name__ == "__main__":
    main()
