"""Watching an installation run: logs without personal data, figures for Prometheus, a page for administrators."""
