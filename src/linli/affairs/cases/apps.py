"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases: on the spot, and filed through the seven stages."""

    name = "linli.affairs.cases"
    label = "cases"
    verbose_name = "案件"

    def ready(self) -> None:
        """Declare the processes and attach their effects."""
        from linli.affairs.cases import keeping, messages, services
        from linli.affairs.cases.models import Case, Task
        from linli.affairs.cases.policy import Categories
        from linli.affairs.objections.registers import categories
        from linli.kernel import policy
        from linli.kernel.matters import succession

        keeping.register()
        succession.follows(Task, "unit")
        succession.follows(Case, "lead_unit")
        categories.fill(lambda: policy.get(Categories).grouped())
        _loaded = (messages, services)
