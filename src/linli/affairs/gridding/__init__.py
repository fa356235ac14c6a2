"""Dividing grids (科学划分网格): a draft by hand beside today's, with live figures, applied as a dated re-division."""
