"""``surveys.rules``: the questions, and from how many answers on a figure is shown."""

from __future__ import annotations

from pydantic import Field, model_validator

from linli.kernel import policy
from linli.kernel.policy import Document, Item
from linli.kernel.policy.documents import Code, Text


class Choice(Item):
    """An answer that may be given, and whether it counts for the rate."""

    code: Code
    title: Text
    counts: bool = False
    leaves: bool = False
    """不清楚、不愿答: in neither numerator nor denominator."""


class Question(Item):
    """A question with the rate that it measures."""

    code: Code
    rate: Text
    text: Text
    choices: tuple[Choice, ...] = Field(min_length=2)


@policy.document("surveys.rules", title="抽样调查")
class SurveyRules(Document):
    """How surveys are made here."""

    questions: tuple[Question, ...] = Field(min_length=1)
    smallest_cell: int = Field(10, ge=5)
    """From how many answers on a figure is shown; below it nobody's answer could hide."""
    tries: int = Field(3, ge=1, le=5)
    confidence: int = Field(95, ge=80, le=99)
    largest_sample: int = Field(400, ge=10)

    @model_validator(mode="after")
    def every_question_can_be_counted(self) -> SurveyRules:
        """Refuse a question without an answer that counts, and codes that are used twice."""
        codes = [question.code for question in self.questions]
        if len(set(codes)) != len(codes):
            raise ValueError("questions 的 code 不能重复")
        for question in self.questions:
            if not any(choice.counts for choice in question.choices):
                raise ValueError(f"问题 {question.code} 至少要有一个 counts: true 的选项")
        return self
