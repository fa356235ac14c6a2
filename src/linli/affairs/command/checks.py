"""What the boards must agree on with the categories of cases."""

from __future__ import annotations

from collections.abc import Iterator

from linli.affairs.cases.policy import Categories
from linli.kernel import policy
from linli.kernel.policy import Complaint, Documents
from linli.surfaces.command.policy import Boards


@policy.crosscheck
def boards_look_at_categories_that_exist(documents: Documents) -> Iterator[Complaint]:
    """Find boards that look at a category, or at the beginning of one, which no category has."""
    boards, table = documents.get(Boards), documents.get(Categories)
    if boards is None or table is None:
        return
    for number, board in enumerate(boards.boards):
        for code in board.categories:
            if not any(category.code.startswith(code) for category in table.categories):
                place = ("boards", number, "categories")
                yield Complaint(Boards.policy_name, place, "cases.categories 中某个类别代码或其开头", code)
