"""Objections to a dispatch (退单), for any unit task: the task declares ``object`` and ``give_back``, this decides."""
