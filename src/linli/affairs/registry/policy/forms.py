"""``registry.forms``: the tables that bureaus ask for, each a query over the registry and the few facts it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from linli.affairs.registry.policy.rules import RegistryRules
from linli.affairs.registry.policy.tags import TagDictionary
from linli.kernel import policy
from linli.kernel.policy import Document, Item, Shape
from linli.kernel.policy.documents import Code, Complaint, Documents, Text

Held = Literal[
    "number", "name", "sex", "age", "born_on", "phone", "address", "community", "grid", "household", "relation",
    "tags",
]  # fmt: skip


class Who(Shape):
    """Of whom the table speaks."""

    tag: Code | None = None
    age_from: int | None = Field(default=None, ge=0, le=130)
    age_to: int | None = Field(default=None, ge=0, le=130)
    sex: Literal[1, 2] | None = None

    def as_query(self) -> dict[str, str]:
        """Return it as the registry's queries take it."""
        return {name: str(value) for name, value in self.model_dump().items() if value is not None}


class FormColumn(Shape):
    """One column in the bureau's own words: held by the registry, or asked for."""

    heading: Text
    held: Held | None = None
    asks: Code | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> FormColumn:
        """Refuse a column that is neither held nor asked for, or both."""
        if (self.held is None) == (self.asks is None):
            raise ValueError("每一列写 held（登记簿里有）或 asks（要补问）之一")
        return self


class FormSpec(Item):
    """A bureau's table: its title and columns as the bureau wants them, on what basis, within how many days."""

    code: Code
    title: Text
    bureau: Text
    basis: Text
    who: Who
    columns: tuple[FormColumn, ...] = Field(min_length=1)
    days: int = Field(default=10, ge=1, le=60)

    @property
    def asks(self) -> list[str]:
        """The facts that the table asks for."""
        return [column.asks for column in self.columns if column.asks]


@policy.document("registry.forms", title="一表通")
class FormSpecs(Document):
    """The tables of a district; what is not listed is not asked for."""

    forms: tuple[FormSpec, ...] = Field(min_length=1)

    @cached_property
    def by_code(self) -> Mapping[str, FormSpec]:
        """The tables by their code."""
        return {form.code: form for form in self.forms}


@policy.crosscheck
def forms_ask_only_what_may_be_asked(documents: Documents) -> Iterator[Complaint]:
    """Complain of a column that asks for an unknown fact, for one that a bureau owns, or of an unknown tag."""
    forms, rules, tags = documents.get(FormSpecs), documents.get(RegistryRules), documents.get(TagDictionary)
    if forms is None or rules is None or tags is None:
        return
    for at, form in enumerate(forms.forms):
        if form.who.tag and form.who.tag not in tags.by_code:
            yield Complaint("registry.forms", ("forms", at, "who", "tag"), "registry.tags 中的一个标签", form.who.tag)
        for column, asked in enumerate(form.columns):
            place = ("forms", at, "columns", column, "asks")
            fact = rules.facts.get(asked.asks) if asked.asks else None
            if asked.asks and (fact is None or fact.group != "asked"):
                yield Complaint("registry.forms", place, "registry.rules 中可以补问的一项事实", asked.asks)
            elif fact is not None and fact.owner:
                yield Complaint("registry.forms", place, f"由{fact.owner}直接取数，不向居民采集", asked.asks or "")
