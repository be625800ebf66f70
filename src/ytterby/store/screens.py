"""Screens: outcomes of very many draws in a folder of Parquet files, which are summarised without loading them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ytterby.errors import StoreError
from ytterby.store.atomic import flush, json_bytes, read_json, write_bytes
from ytterby.store.leftovers import PART, part_name, scratch_folder, sweep
from ytterby.store.runs import memory_database, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

RECORD = "screen.json"
NAME = re.compile(r"part-(\d+)\.parquet")
QUANTILES = (0.05, 0.5, 0.95)


class Screen:
    """A folder of Parquet parts with a record of their inputs.

    Parameters
    ----------
    folder : Path
        Created if it does not exist.
    record : dict
        Inputs of the screen; a folder with the parts of a different screen is an error.
    """

    def __init__(self, folder: Path, record: dict[str, Any]) -> None:
        self.folder = folder
        sweep(folder)
        path = folder / RECORD
        if path.is_file():
            if read_json(path) != record:
                raise StoreError(f"{folder}: holds another screen; choose another folder or remove it")
        elif folder.exists() and not all(path.name.startswith(PART) for path in folder.iterdir()):
            raise StoreError(f"{folder}: exists and is not a screen of Ytterby; nothing written")
        else:
            write_bytes(path, json_bytes(record))

    def done(self) -> set[int]:
        """Numbers of the parts that are complete."""
        found = (NAME.fullmatch(path.name) for path in self.folder.iterdir())
        return {int(match.group(1)) for match in found if match}

    def put(self, i: int, content: bytes) -> None:
        """Write part `i`, encoded by :func:`encode`; when the call returns it is on disk."""
        part, place = self.folder / part_name(), self.folder / f"part-{i:06d}.parquet"
        part.write_bytes(content)
        flush(part)
        part.replace(place)
        flush(self.folder)

    def summary(self, by: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
        """Quantiles and mean of the columns over all draws, one row per group; memory use does not depend on the number of draws."""
        parts = [f"avg({c}) AS {c}_mean" for c in columns]
        parts += [f"approx_quantile({c}, {list(QUANTILES)}) AS {c}_q" for c in columns]
        keys, source = ", ".join(by), quoted(self.folder / "part-*.parquet")
        with memory_database() as connection:
            query = f"SELECT {keys}, {', '.join(parts)} FROM read_parquet('{source}') GROUP BY {keys} ORDER BY {keys}"  # noqa: S608
            table: pd.DataFrame = connection.execute(query).df()
        for name in columns:
            for place, level in enumerate(QUANTILES):
                table[f"{name}_q{round(100 * level):02d}"] = [float(values[place]) for values in table[f"{name}_q"]]
        return table.drop(columns=[f"{name}_q" for name in columns])


def encode(frame: pd.DataFrame) -> bytes:
    """Parquet file of a frame as bytes; the same rows give identical bytes. Done in the workers, as it takes longer than writing."""
    with scratch_folder() as folder, memory_database() as connection:
        part = folder / "part"
        connection.register("frame", frame)
        connection.execute(f"COPY frame TO '{quoted(part)}' (FORMAT parquet, COMPRESSION zstd)")
        return part.read_bytes()
