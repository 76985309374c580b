"""Everything a notebook draws with, under one name: `from helpers.present import figures`."""

from __future__ import annotations

from helpers.present.directions import count_directions, draw_directions
from helpers.present.files import save_figure, show_figure, zip_figures
from helpers.present.flow import draw_flow
from helpers.present.gaps import draw_gaps
from helpers.present.intervals import draw_intervals
from helpers.present.journals import draw_journal_metric
from helpers.present.metrics import draw_metric_panels
from helpers.present.modemap import draw_mode_map
from helpers.present.pairs import draw_dots, draw_heatmap
from helpers.present.profile import draw_profile
from helpers.present.ranks import draw_rank_shift
from helpers.present.shared import count_shared_genes, draw_shared_genes
from helpers.present.style import DOUBLE, MIDDLE, SINGLE
from helpers.present.therapies import draw_therapies
from helpers.present.years import draw_modes_over_years

__all__ = [
    "DOUBLE",
    "MIDDLE",
    "SINGLE",
    "count_directions",
    "count_shared_genes",
    "draw_directions",
    "draw_dots",
    "draw_flow",
    "draw_gaps",
    "draw_heatmap",
    "draw_intervals",
    "draw_journal_metric",
    "draw_metric_panels",
    "draw_mode_map",
    "draw_modes_over_years",
    "draw_profile",
    "draw_rank_shift",
    "draw_shared_genes",
    "draw_therapies",
    "save_figure",
    "show_figure",
    "zip_figures",
]
