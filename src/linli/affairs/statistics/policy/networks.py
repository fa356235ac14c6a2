"""``statistics.networks``: views over categories and units that a district calls its networks (西山: B40)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field, model_validator

from linli.affairs.cases.policy import Categories
from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text


class Network(Item):
    """A network: everything of some majors or categories; ``units`` says who answers in it."""

    code: Code
    title: Text
    majors: tuple[Code, ...] = ()
    categories: tuple[Code, ...] = ()
    units: tuple[Code, ...] = ()
    says: str = ""


@policy.document("statistics.networks", title="业务网络")
class Networks(Document):
    """The networks; a category may lie in several, so their figures need not add up to the whole."""

    networks: tuple[Network, ...] = Field(())

    @model_validator(mode="after")
    def have_names_of_their_own(self) -> Networks:
        """Refuse a code that is written twice."""
        codes = [one.code for one in self.networks]
        if len(set(codes)) != len(codes):
            raise ValueError("networks 的代码不应重复")
        return self

    @cached_property
    def by_code(self) -> Mapping[str, Network]:
        """The networks by code."""
        return {one.code: one for one in self.networks}


def categories_of(network: Network) -> frozenset[str]:
    """Return the codes of the categories that lie in a network, by the categories in force."""
    table = policy.get(Categories)
    majors = set(network.majors)
    return frozenset(network.categories) | {c.code for c in table.categories if c.major in majors}


@policy.crosscheck
def known(documents: policy.Documents) -> Iterator[policy.Complaint]:
    """Complain of a major or category that the categories do not have."""
    networks, table = documents.get(Networks), documents.get(Categories)
    if networks is None or table is None:
        return
    codes, majors = {c.code for c in table.categories}, {m.code for m in table.majors}
    for number, one in enumerate(networks.networks):
        for field, given, expected in (("majors", one.majors, majors), ("categories", one.categories, codes)):
            for code in given:
                if code not in expected:
                    yield policy.Complaint(
                        Networks.policy_name, ("networks", number, field), "cases.categories 中的代码", code
                    )
