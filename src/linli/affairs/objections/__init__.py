"""Objections to a dispatch (退单), for any unit task: the task declares ``object`` and ``give_back``, this decides.

Below cases and whistles, whose units object alike; with the duty lists and rulings that all of them cite.
"""
