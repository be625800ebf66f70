"""CPU time of fresh processes: what every command pays before its work. Run by hand: ``python -m benchmarks.start_up [rounds]``.

Least user and system time of the rounds, in turns, so that a shared machine distorts all of them alike.
"""

import resource
import subprocess
import sys

STARTS = {
    "ytterby --version": ["-m", "ytterby", "--version"],
    "ytterby scenarios": ["-m", "ytterby", "scenarios"],
    "modules of the web server": ["-c", "import ytterby.web.site, ytterby.api.application"],
    "modules of a worker of an ensemble": ["-c", "from ytterby.app import run_draws; from ytterby.simulation import step"],
    "import pandas": ["-c", "import pandas"],
}


def cpu_of(arguments: list[str]) -> float:
    """User and system time of a Python process [s]."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds: int) -> None:
    least = dict.fromkeys(STARTS, float("inf"))
    for _ in range(rounds):
        for name, arguments in STARTS.items():
            least[name] = min(least[name], cpu_of(arguments))
    for name, seconds in least.items():
        sys.stdout.write(f"{seconds:6.2f} s  {name}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
