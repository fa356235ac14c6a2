"""Processes, stages, clocks, approvals, inbox, trail."""
