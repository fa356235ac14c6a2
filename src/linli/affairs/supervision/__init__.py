"""Supervision (督查): rounds with teams and areas, spot checks by checklist, findings that are mended, advice apart."""
