"""What ``pip-audit --format json`` found: known holes, and how many packages it could look up at all.

    python scripts/audit_summary.py found.json

Exit code 1 if a package has a known hole. Without its list pip-audit finds nothing and says so of each package only: that is told as what
it is, no audit.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def summary(found: dict) -> tuple[str, bool]:
    """Text on the packages, and whether one of them has a hole."""
    packages = found["dependencies"]
    known = [package for package in packages if "skip_reason" not in package]
    holes = [f"{package['name']} {package['version']}: {hole['id']}" for package in known for hole in package["vulns"]]
    if not known:
        return f"no audit: none of {len(packages)} packages could be looked up", False
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    lines = [f"{len(known)} of {len(packages)} packages looked up, {len(holes)} known holes", *holes]
    return "\n".join(lines + [f"not looked up: {', '.join(skipped)}"] * bool(skipped)), bool(holes)


def main() -> None:
    """Print the summary of a file."""
    place = Path(sys.argv[1])
    if not place.is_file():
        print("no audit: pip-audit ended without a result")
        return
    text, has_holes = summary(json.loads(place.read_text("utf-8")))
    print(text)
    sys.exit(has_holes)


if __name__ == "__main__":
    main()
