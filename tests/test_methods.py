"""The methods paragraph states the numbers of its tables, and nothing where a table is absent."""

from __future__ import annotations

import synthetic_tables as synthetic

from helpers.present.methods import limits_text, methods_text

RECORD = {
    "parameters": {"min_records": 3},
    "versions": {"atlas": "0.1.0", "pandas": "3.1.1"},
    "commit": "a" * 40,
}


def test_methods_state_the_numbers_of_the_tables() -> None:
    """Records, years, pairs, tests and versions are those of the run."""
    claims, pairs = synthetic.evidence(100), synthetic.gene_mode(5, 3)
    articles = synthetic.articles(sorted(claims["record_id"].unique()))
    tables = {
        "articles": articles,
        "evidence": claims,
        "mentions": synthetic.mentions(claims),
        "gene_mode": pairs,
        "flow": synthetic.flow(),
        "article_metrics": synthetic.article_metrics(articles["record_id"].tolist()),
    }
    text = methods_text(RECORD, tables)
    assert f"{len(articles):,} records, published 2020 to 2020" in text
    assert f"For {len(pairs):,} pairs" in text
    assert (
        f"{int(pairs['q'].notna().sum()):,} pairs (gene and mode each named by at least 3 records) were tested"
        in text
    )
    assert "25,310" in text
    assert "pandas 3.1.1" in text
    # The commit is in run.json; here it would change the report without changing a number.
    assert "aaaaaaaaaa" not in text


def test_parts_without_a_table_are_left_out() -> None:
    """Nothing is claimed of what was not computed."""
    text = methods_text(RECORD, {"gene_mode": synthetic.gene_mode(2, 2)})
    assert text.startswith("**Association.**")
    assert "Journal" not in text


def test_limits_name_the_incomplete_year() -> None:
    """What the results do not show includes the year still running."""
    text = limits_text({"trends": synthetic.trends(2)})
    assert "2026 is not complete" in text
    assert all(line.startswith("- ") for line in text.splitlines())
