"""The page on sharing a workbench, with the files of ``examples/deploy`` as they are."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "deploy"
FILES = ("Dockerfile", "compose.yaml", "Caddyfile", "env.example")
PAGE = """<!-- made by scripts/build_docs.py; do not edit by hand -->
# How to share a workbench

`ytterby serve` is for you alone: it listens on this machine only, and nothing leaves it. It needs the extra `web`.

```text
$ ytterby serve --open
Ytterby answers at http://127.0.0.1:8321/  (Ctrl-C ends it)
```

What it shows is the project folder (`--project`), the same that the commands use: runs made by a command are there, and plans made
in the browser can be briefed on by `ytterby brief .ytterby/jobs/ID`. Work that takes long runs in processes of its own, at most as
many at once as `--jobs` says. If the server is killed, its jobs are shown as interrupted, and go on where they were when you resume
them.

## To colleagues in the same office

Any address but the loopback one needs a token of 16 or more characters, by `--token` or the variable `YTTERBY_TOKEN`:

```text
$ export YTTERBY_TOKEN=$(python -c "import secrets; print(secrets.token_urlsafe(32))")
$ ytterby serve --host 0.0.0.0 --name desk-7.office.example --read-only
```

They open `http://desk-7.office.example:8321/?token=...` once; the browser then keeps a cookie. `--read-only` refuses every change
and every job. There is no TLS here: whoever can listen to the network can read the token. Use it on a network that you trust, or
put a proxy before it.

## To a group, with TLS and login

The files below lie in `examples/deploy`. A proxy (Caddy) does TLS and login and hands the token of the workbench on; only the proxy
is seen from outside.

```text
$ cd examples/deploy
$ cp env.example .env && chmod 600 .env   # fill it in
$ docker compose up --build -d
```

`--workers N` starts N processes that answer; they share project, jobs and token, and one of them at a time starts jobs. Everyone in
the group sees and changes the same project. Two who edit one scenario do not overwrite each other: the later save is told of the
earlier.

With `--profile cluster` a Dask scheduler and workers run beside it, and ensembles and coalitions go there
(`YTTERBY_DASK=tcp://scheduler:8786`); for a real cluster see [How to run on a cluster](cluster.md).

**Tried**: several processes, kills, tokens and names on one machine; that the compose file and the proxy's agree in names, ports
and variables. **Not tried**: the images were not built and the containers not run, for want of a container engine; nor was a login
by Caddy.
"""


def page() -> str:
    """The page."""
    shown = [f"`examples/deploy/{name}`:\n\n```text\n{(FOLDER / name).read_text('utf-8')}```\n" for name in FILES]
    return "\n".join([PAGE, *shown, LIMITS])


LIMITS = """## What is limited

| what | limit |
| --- | --- |
| body of a request | 1 MiB; uploads 32 MiB and 200 files, of kinds that are read |
| time of a request | 60 s; what takes longer is a job |
| jobs at once | all cores but one, or `--jobs`; 50 more may wait |
| a job | one hour, 4 GiB in each of its processes |
| streams of events | 100 in each process |

Every request is checked before anything else: the host that it names, the page that it comes from, the token, its size. A change
needs a token that only pages of this server can read. No name or id of a request is ever a place on the disk: ids are looked up,
uploads are kept under names of the program's own, and texts of articles are text, whatever they look like.
"""
