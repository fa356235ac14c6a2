"""What can be counted, as codes."""

POINTS = "points"
FEN = "fen"
PIECES = "pieces"
