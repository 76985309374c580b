"""Time from a control's change to the new grid and evidence table in the explorer of notebook 09.

Synthetic: 25,000 records, 3,000 genes of falling fame, 20 modes; 100 genes × 10 modes shown. Measured in the
kernel, from setting a control to the finished HTML of all panes; the page then takes what its browser needs.
Wall seconds tell of this machine as it is; CPU seconds are what an idle core takes.
Run alone (`python tests/bench/explore.py`) or by `bench.py --only explore`.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
# As a script its own folder would come first on the path and hide the standard library's `statistics`.
sys.path = [place for place in sys.path if Path(place or ".").resolve() != _HERE] + [str(_HERE.parent)]

TARGET = 0.3


def measure(records: int = 25_000, genes: int = 3_000, modes: int = 20, rounds: int = 3) -> dict[str, Any]:
    """Seconds to prepare a run, then median and worst seconds of each control's change and of all."""
    from synthetic_run import make_run

    from helpers import storage
    from helpers.present.explore import Explorer
    from helpers.tabulate.prepared import prepare_slices
    from helpers.tabulate.slice import count_slice

    run = make_run(records, genes, modes)
    start = time.perf_counter()
    base = prepare_slices(
        run["articles"], run["mentions"], run["evidence"], article_metrics=run["article_metrics"]
    )
    prepared = time.perf_counter() - start
    first = {"modes": base.modes[:10], "top": 100}
    explorer = Explorer(
        base,
        count_slice,
        run="bench",
        modes=storage.read_terms()["modes"],
        mentions=run["mentions"],
        start=first,
    )
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name, _ in changes(base, 0)}
    for turn in range(rounds):
        for name, value in changes(base, turn):
            seconds[name].append(timed(explorer, name, value))
    every = sorted(wall for values in seconds.values() for wall, _ in values)
    busy = sorted(cpu for values in seconds.values() for _, cpu in values)
    result = {
        "records": records,
        "pairs_shown": len(explorer.chosen.pairs),
        "prepare_s": round(prepared, 2),
        "median_s": round(every[len(every) // 2], 3),
        "worst_s": round(every[-1], 3),
        "median_cpu_s": round(busy[len(busy) // 2], 3),
        "worst_cpu_s": round(busy[-1], 3),
        "target_s": TARGET,
        "worst_cpu_by_control_s": {
            name: round(max(cpu for _, cpu in values), 3) for name, values in seconds.items()
        },
    }
    print("  " + ", ".join(f"{name} {value}" for name, value in result.items()), flush=True)
    return result


def changes(base: Any, turn: int) -> list[tuple[str, Any]]:
    """Controls and the values they are set to, different in each turn so that nothing is remembered."""
    low, high = base.years
    return [
        ("years", (low + 1 + turn, high - 1)),
        ("weighting", "primary"),
        ("weighting", "q1"),
        ("weighting", "percentile"),
        ("weighting", "fractional"),
        ("weighting", "all"),
        ("years", (low, high - 1 - turn)),
        ("view", "dot plot"),
        ("view", "heat map"),
        ("modes", base.modes[turn : turn + 10]),
        ("genes", base.genes[turn : turn + 100]),
        ("genes", []),
        ("top", 90 - turn),
        ("top", 100),
        ("cell", None),
    ]


def timed(explorer: Any, control: str, value: Any) -> tuple[float, float]:
    """Wall and CPU seconds until every pane holds the new picture; "cell" is a click on the leading pair."""
    begin = time.perf_counter(), time.process_time()
    if control == "cell":
        best = explorer.chosen.pairs.iloc[0]
        explorer.pick(best["gene"], best["mode"])
    else:
        explorer.controls[control].value = value
    return time.perf_counter() - begin[0], time.process_time() - begin[1]


if __name__ == "__main__":
    measure(*map(int, sys.argv[1:]))
