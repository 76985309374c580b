"""A compiled lexicon survives its way through bytes, and is kept between runs."""

from __future__ import annotations

import pickle
from pathlib import Path

import pandas as pd
import pytest
from synthetic_terms import synthetic_terms

from helpers import storage
from helpers.annotate.lexicon import build_lexicon
from helpers.annotate.mentions import find_mentions
from helpers.annotate.packing import pack_lexicon, unpack_lexicon
from helpers.errors import ParseError
from helpers.run import sources
from helpers.run.corpus_files import lexicon_digest
from helpers.schemas import ARTICLES


def test_an_unpacked_lexicon_is_the_packed_one() -> None:
    """All content is equal, and so are the mentions found with it."""
    terms = synthetic_terms()
    lexicon = build_lexicon(terms)
    again = unpack_lexicon(pack_lexicon(lexicon), terms, name="kept.npz")
    assert lexicon_digest(again) == lexicon_digest(lexicon)
    articles = pd.DataFrame(
        [{"record_id": "pmid:1", "title": "ATF5 and caspase-3/-7 in 自噬 and apoptosis"}],
        columns=ARTICLES.names,
    )
    pd.testing.assert_frame_equal(find_mentions(articles, again), find_mentions(articles, lexicon))


def test_the_same_lexicon_gives_the_same_bytes() -> None:
    """Nothing in the bytes hangs on time or order of sets."""
    assert pack_lexicon(build_lexicon(synthetic_terms())) == pack_lexicon(build_lexicon(synthetic_terms()))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", pickle.dumps({"a": 1})])
def test_other_bytes_are_refused(content: bytes) -> None:
    """A torn file or a pickle is named in the error and never run."""
    with pytest.raises(ParseError, match=r"kept\.npz"):
        unpack_lexicon(content, synthetic_terms(), name="kept.npz")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    terms = storage.raw("terms")
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    folder = tmp_path / "data" / "raw" / "terms"
    folder.mkdir(parents=True)
    for path in terms.glob("*.csv"):
        rows = path.read_bytes().splitlines(keepends=True)
        (folder / path.name).write_bytes(b"".join(rows[:25]))
    return tmp_path


def test_a_lexicon_is_compiled_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reading takes the kept file; changed terms compile anew and remove the stale file."""
    first = sources.read_lexicon("panel")
    folder = home / "data" / "raw" / "cache" / "compiled"
    (kept,) = folder.glob("panel-*.npz")
    with monkeypatch.context() as patch:
        patch.setattr(sources, "build_lexicon", None)
        assert lexicon_digest(sources.read_lexicon("panel")) == lexicon_digest(first)
    modes = home / "data" / "raw" / "terms" / "modes.csv"
    modes.write_bytes(b"".join(modes.read_bytes().splitlines(keepends=True)[:10]))
    sources.read_lexicon("panel")
    (new,) = folder.glob("panel-*.npz")
    assert new != kept


def test_a_damaged_kept_lexicon_is_compiled_anew(home: Path) -> None:
    """A torn file costs time, not the run."""
    first = sources.read_lexicon("panel")
    (kept,) = (home / "data" / "raw" / "cache" / "compiled").glob("panel-*.npz")
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    assert lexicon_digest(sources.read_lexicon("panel")) == lexicon_digest(first)
    assert kept.read_bytes() == whole
