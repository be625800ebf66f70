"""Answers that are kept: each question is worked out once for a state of the project, however many ask it."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ytterby.result_model import ResultModel

R = TypeVar("R", bound="ResultModel")
KEPT_ONLY: ContextVar[bool] = ContextVar("kept_only", default=False)
"""Whether a question may be answered from what is kept only."""
WORTH_PACKING = 1024
"""Shortest body that is sent compressed [bytes]."""


class NotKeptError(Exception):
    """The answer to a question is not kept."""


@dataclass(frozen=True, eq=False)
class CachedAnswer:
    """A result and the bytes that are sent for it."""

    result: ResultModel

    @cached_property
    def body(self) -> bytes:
        """The JSON document: the keys and numbers that the command prints."""
        return self.result.model_dump_json(exclude_unset=True).encode()

    @property
    def is_ready(self) -> bool:
        """Whether its bytes are made."""
        return "packed" in vars(self)

    @cached_property
    def packed(self) -> bytes:
        """The same, compressed."""
        return gzip.compress(self.body, 5, mtime=0)

    @cached_property
    def digest(self) -> str:
        """Names the content: equal digests, equal answers."""
        return hashlib.sha256(self.body).hexdigest()[:32]


@dataclass(eq=False)
class RecentAnswers:
    """The answers that were asked for last, within a number of bytes; safe for threads."""

    limit: int
    """Bytes of JSON that are kept."""
    _kept: OrderedDict[Hashable, CachedAnswer] = field(default_factory=OrderedDict)
    _by_result: dict[int, CachedAnswer] = field(default_factory=dict)
    _pending: dict[Hashable, Future[CachedAnswer]] = field(default_factory=dict)
    _size: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, make: Callable[[], R]) -> R:
        """The answer to a question; who asks while another works it out waits for that one. Errors are not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast("R", self._kept[key].result)
            if KEPT_ONLY.get():
                raise NotKeptError
            found = self._pending.get(key)
            mine = found is None
            if found is None:
                found = self._pending[key] = Future()
        if not mine:
            return cast("R", found.result().result)
        try:
            answer = CachedAnswer(make())
            self._keep(key, answer)
            found.set_result(answer)
        except BaseException as error:
            found.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._pending[key]
        return cast("R", answer.result)

    def kept(self, question: Callable[[], R]) -> R | None:
        """Answer to a question if it is kept; None, without any work, if it is not."""
        before = KEPT_ONLY.set(True)
        try:
            return question()
        except NotKeptError:
            return None
        finally:
            KEPT_ONLY.reset(before)

    def of(self, result: ResultModel) -> CachedAnswer:
        """The bytes of a result; those of a kept answer are made once."""
        return self._by_result.get(id(result)) or CachedAnswer(result)

    def _keep(self, key: Hashable, answer: CachedAnswer) -> None:
        size = len(answer.body)
        if size > self.limit:
            return
        with self._lock:
            self._kept[key] = answer
            self._by_result[id(answer.result)] = answer
            self._size += size
            while self._size > self.limit:
                _, old = self._kept.popitem(last=False)
                del self._by_result[id(old.result)]
                self._size -= len(old.body)

    def sizes(self) -> dict[str, Any]:
        """How many answers are kept, and their bytes."""
        with self._lock:
            return {"answers": len(self._kept), "bytes": self._size}
