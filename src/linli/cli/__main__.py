"""``python -m linli.cli`` is ``linli``."""

from linli.cli import main

# Guarded: a process of its own that the worker starts reads this file again.
if __name__ == "__main__":
    main()
