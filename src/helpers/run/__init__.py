"""Notebooks through papermill: one run, a batch, a cluster; the only code that runs others."""
