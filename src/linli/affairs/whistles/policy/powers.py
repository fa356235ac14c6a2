"""``whistles.powers``: which powers a street has over the units that it calls, and which acts are a use of each."""

from __future__ import annotations

from pydantic import Field

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text
from linli.kernel.policy.shapes import WrittenLimit


class Use(Item):
    """Acts on a kind of matter that use a power."""

    kind: Code
    actions: tuple[Code, ...] = Field(min_length=1)


class Power(Item):
    """A power (职权): its name, its basis, the acts by which a street uses it."""

    code: Code
    title: Text
    says: Text
    basis: Text
    uses: tuple[Use, ...] = Field(min_length=1)


@policy.document("whistles.powers", title="街道职权")
class Powers(Document):
    """The street's powers, in the order in which they are shown."""

    powers: tuple[Power, ...] = Field(min_length=1)
    answer_within: WrittenLimit
    """How long a unit may take to answer a street's opinion on its staffing."""
