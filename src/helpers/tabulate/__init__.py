"""Evidence to tables: counts, association, gaps, trends, journals, comparisons."""
