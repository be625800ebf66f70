"""Build the package's tables of figures from the gathered files beside the repository.

Example: ``python scripts/build_facts.py`` reads ``../shared`` (or ``$YTTERBY_SHARED``) and writes
``src/ytterby/facts/data``. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import lzma
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

from factlib import added, based, coefficients, dated, frames, gathered, official, recorded, rules_of_trade, us_trade
from factlib.rows import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[1]


def cell(value: object) -> object:
    """Text of a cell: a number in its shortest form, nothing for NaN."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.10g}"
    return value


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    """Write rows as CSV: the common columns first, then those that only this table has."""
    extra = [name for name in rows[0] if name not in COLUMNS]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS, *extra], lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """Write a wide table, packed without a time stamp."""
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False, lineterminator="\n", float_format="%.10g")
    raw = buffer.getvalue().encode()
    path.write_bytes(lzma.compress(raw, preset=9) if path.suffix == ".xz" else gzip.compress(raw, 9, mtime=0))


def tables(facts: Path, raw: Path) -> dict[str, list[dict[str, object]]]:
    """Convert all tables of rows, by name of the packaged file."""
    return {
        "capacity": gathered.capacity(facts),
        "demand": gathered.demand(facts),
        "technical": gathered.technical(facts) + added.costs(facts) + recorded.technical(),
        "prices": gathered.prices(facts),
        "environment": gathered.environment(facts),
        "recycling": gathered.recycling(facts),
        "stocks": gathered.stocks(facts),
        "intensities": gathered.intensities(facts) + recorded.intensities(),
        "sectors": based.sectors(facts),
        "balance": based.balance(facts),
        "baskets": based.baskets(facts),
        "projects": based.projects(facts),
        "episode": dated.dated(facts, "episode_2009_2015"),
        "events": dated.dated(facts, "events_2020_2026") + added.events(facts) + recorded.events(),
        "planning": added.assumptions(facts),
        "published": dated.dated(facts, "published_results"),
        "disruptions": dated.disruptions(facts),
        "usgs": official.mine_production(raw) + official.oxide_prices(raw) + official.salient(raw),
        "usgs_history": official.history(raw),
        "minerals": official.other_minerals(raw) + official.antimony_before_the_control(raw),
        "controls": rules_of_trade.controls(raw),
        "restrictions": recorded.restrictions(),
        "duties": us_trade.duties(facts),
        "tariffs": rules_of_trade.tariffs(raw) + rules_of_trade.magnet_imports(raw),
        "coefficients": coefficients.rows(raw),
    }


def build(shared: Path, out: Path) -> None:
    """Make all tables and frames."""
    raw = shared / "data" / "raw"
    (out / "tables").mkdir(parents=True, exist_ok=True)
    (out / "frames").mkdir(exist_ok=True)
    for name, rows in tables(shared / "facts", raw).items():
        write_rows(out / "tables" / f"{name}.csv", rows)
        print(f"{name}: {len(rows)} rows")
    codes = frames.country_codes(raw)
    iso = dict(zip(codes["iso3"], codes["iso2"], strict=True)) | {"XKX": "XK"}
    made = {
        "trade.csv.gz": frames.trade(raw),
        "minerals_trade.csv.xz": frames.minerals_trade(raw),
        "countries.csv.gz": codes,
        "governance.csv.gz": frames.governance(raw, iso),
        "gdp.csv.gz": frames.gdp(raw, iso),
        "industry.csv.gz": frames.industry(),
        "io_us.csv.gz": frames.io_us(raw),
        "us_trade.csv.gz": us_trade.imports(),
        "us_preferences.csv.gz": us_trade.preferences(),
        "us_duty_lists.csv.gz": us_trade.treatments(raw),
    }
    for name, frame in made.items():
        write_frame(out / "frames" / name, frame)
        print(f"{name}: {len(frame)} rows, {(out / 'frames' / name).stat().st_size} bytes")
    areas = "".join(f"{code},{iso}\n" for code, iso in sorted(frames.partner_codes(raw).items()))
    (out / "schema" / "census_areas.csv").write_text(us_trade.areas(raw), encoding="utf-8")
    (out / "schema" / "baci_areas.csv").write_text("code,iso2\n" + areas, encoding="utf-8")
    (out / "frames" / "world.json.gz").write_bytes(gzip.compress(frames.outlines(raw).encode(), 9, mtime=0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("YTTERBY_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--out", type=Path, default=ROOT / "src" / "ytterby" / "facts" / "data")
    arguments = parser.parse_args()
    build(arguments.shared, arguments.out)
