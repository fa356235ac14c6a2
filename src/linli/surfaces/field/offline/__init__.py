"""What the server does for phones without a network: the day's pack, taking items in, keys, the hand-in file.

The protocol is written down in docs/field-offline.md.
"""
