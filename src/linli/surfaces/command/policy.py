"""``command.boards``: which boards the command centre has, and which tiles stand on them in which order."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Shape, Text

Size = Literal["small", "wide", "tall", "large", "banner"]
SIZES: tuple[Size, ...] = ("small", "wide", "tall", "large", "banner")


class Place(Shape):
    """One tile on a board; a tile that nobody registers is left out, so a slot may wait for its affair."""

    tile: Code
    size: Size | None = None


class Board(Item):
    """One board: its tiles, and the categories it looks at (codes or their beginnings; none means all)."""

    code: Code
    title: Text
    says: str = ""
    categories: tuple[Code, ...] = ()
    tiles: tuple[Place, ...] = Field(min_length=1, max_length=24)
    rotates: bool = True
    """Whether the wall shows it in turn."""


@policy.document("command.boards", title="指挥中心：版面")
class Boards(Document):
    """The boards that every post starts from; a post may arrange its own copy of each."""

    turn_seconds: int = Field(30, ge=5, le=600)
    """How long the wall stays on a board."""
    ask_seconds: int = Field(15, ge=5, le=300)
    """How often a page asks whether something is new."""
    boards: tuple[Board, ...] = Field(min_length=1, max_length=24)

    @model_validator(mode="after")
    def codes_are_single(self) -> Boards:
        """Refuse a board, or a tile on one board, that is written twice."""
        codes = [board.code for board in self.boards]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"版面代码 {twice[0]} 写了两次")
        for board in self.boards:
            tiles = [place.tile for place in board.tiles]
            if twice := sorted({tile for tile in tiles if tiles.count(tile) > 1}):
                raise ValueError(f"版面 {board.code} 的面板 {twice[0]} 写了两次")
        return self

    def board(self, code: str) -> Board | None:
        """Return the board with this code."""
        return next((board for board in self.boards if board.code == code), None)
