"""Write docs/reference/measures.md from the classes of the scenario room."""

from __future__ import annotations

from pathlib import Path

from ytterby.scenario import reference

if __name__ == "__main__":
    path = Path(__file__).parents[1] / "docs" / "reference" / "measures.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reference(), "utf-8")
    print(f"{path.name}: {len(reference().splitlines())} lines")
