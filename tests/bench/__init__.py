"""``make bench``: what the product costs, held against the same work done by the bare database.

A row of the table is a ratio measured in one run: the real server, driven over HTTP from this process, against
one plain INSERT or UPDATE for each row it wrote, with the same indexes and the same durability. Milliseconds are
printed beside the aim and judge nothing. docs/performance.md is written by it.

- ``ground`` makes the sites (a small district and a large one, kept for later runs) and starts their server.
- ``meter`` reads processor time, statements and buffers; ``bare`` replays what an action wrote.
- ``fill`` multiplies matters made by the services through COPY.
- ``rows`` are the lines of the table; ``report`` prints and keeps them.
"""
