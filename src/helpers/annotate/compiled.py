"""The decorator of the few loops over characters and words that numba compiles when they are first called.

Machine code is kept beside the source, or in the user's cache where that cannot be written, and shared by all
processes. A compiled function calls only functions of its own module, for a change elsewhere is not noticed.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., object])
_waiting: dict[str, list[Callable[..., object]]] = defaultdict(list)  # by module


def compiled(function: _Function) -> _Function:
    """The function as machine code, which lets other threads run.

    Numba takes a second to import, so that it is imported when a function of the module is first called.
    """
    module = sys.modules[function.__module__].__dict__
    _waiting[function.__module__].append(function)

    @wraps(function)
    def call(*arguments: Any) -> object:
        if module[function.__name__] is call:
            _compile(function.__module__, module)
        return module[function.__name__](*arguments)

    return cast(_Function, call)


def _compile(name: str, module: dict[str, Any]) -> None:
    """Put the compiled functions of a module in place of those that wait; each finds the others there."""
    from numba import njit

    made = {function.__name__: njit(cache=True, nogil=True)(function) for function in _waiting[name]}
    module.update(made)  # all at once, for another thread may be calling
