"""A compiled lexicon as bytes, and back: arrays and JSON, no pickle, so that a cached file cannot run code."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd
import pyarrow as pa

from helpers.annotate.coverage import NameWords
from helpers.annotate.cues import build_cues
from helpers.annotate.lexicon import Lexicon, build_automaton
from helpers.annotate.trie import Trie
from helpers.errors import ParseError

_ARRAYS = (
    "first",
    "concept",
    "source",
    "hard",
    "english",
    "hides",
    "modal",
    "modes",
    "common",
    "species",
    "kinds",
)
_REBUILT = ("automaton", "cues", "memory")


def pack_lexicon(lexicon: Lexicon) -> bytes:
    """Bytes of all that a lexicon holds but its automaton, its cues and what it remembers."""
    rest = {
        part.name: getattr(lexicon, part.name)
        for part in fields(lexicon)
        if part.name not in (*_ARRAYS, *_REBUILT, "patterns", "genes", "names", "trie")
    }
    rest["exact"] = [[entry, sorted(spellings)] for entry, spellings in lexicon.exact.items()]
    rest["contexts"] = [
        [pattern, concept, [word.decode("latin-1") for word in words]]
        for (pattern, concept), words in lexicon.contexts.items()
    ]
    rest["wider"] = [[mode, wider] for mode, wider in lexicon.wider.items()]
    genes = pa.Table.from_pandas(lexicon.genes)
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, genes.schema) as writer:
        writer.write_table(genes)
    parts = {
        "patterns": b"\n".join(lexicon.patterns),
        "genes": stream.getvalue().to_pybytes(),
        "rest": json.dumps(rest, ensure_ascii=False).encode(),
    }
    arrays = {name: np.frombuffer(part, dtype=np.uint8) for name, part in parts.items()}
    out = io.BytesIO()
    arrays |= {name: getattr(lexicon, name) for name in _ARRAYS}
    arrays |= {f"trie_{name}": np.asarray(part) for name, part in lexicon.trie._asdict().items()}
    arrays |= {f"names_{name}": part for name, part in lexicon.names._asdict().items()}
    np.savez(out, allow_pickle=False, **arrays)
    return out.getvalue()


def unpack_lexicon(content: bytes, terms: Mapping[str, pd.DataFrame], *, name: str) -> Lexicon:
    """The lexicon packed in `content`; the words of direction are taken from `terms`.

    Raises ParseError naming the file if it is not such a lexicon.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {part: archive[part] for part in _ARRAYS}
            trie = {part: archive[f"trie_{part}"] for part in Trie._fields}
            names = NameWords(*(archive[f"names_{part}"] for part in NameWords._fields))
            patterns = tuple(archive["patterns"].tobytes().split(b"\n"))
            genes = pa.ipc.open_stream(archive["genes"].tobytes()).read_pandas()
            rest: dict[str, Any] = json.loads(archive["rest"].tobytes())
        chinese = tuple((term, concept) for term, concept in rest.pop("chinese"))
        return Lexicon(
            **arrays,
            patterns=patterns,
            genes=genes,
            chinese=chinese,
            concepts=tuple(rest.pop("concepts")),
            full_names=tuple(rest.pop("full_names")),
            exact={entry: frozenset(spellings) for entry, spellings in rest.pop("exact")},
            contexts={
                (pattern, concept): tuple(word.encode("latin-1") for word in words)
                for pattern, concept, words in rest.pop("contexts")
            },
            mesh={ui: tuple(modes) for ui, modes in rest.pop("mesh").items()},
            wider={mode: tuple(wider) for mode, wider in rest.pop("wider")},
            weights=rest.pop("weights"),
            **rest,
            names=names,
            trie=Trie(**trie | {"depth": int(trie["depth"])}),
            automaton=build_automaton(chinese),
            cues=build_cues(terms["cues"].to_dict("records") if "cues" in terms else ()),
        )
    except (ValueError, KeyError, TypeError, OSError, EOFError, BadZipFile) as error:
        raise ParseError(f"{name}: not a packed lexicon of this version: {error}.") from None
