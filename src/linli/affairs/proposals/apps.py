"""Django's name for this affair."""

from __future__ import annotations

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Suggestions of the people's congress and proposals of the CPPCC: handed out, answered, rated, published."""

    name = "linli.affairs.proposals"
    label = "proposals"
    verbose_name = "建议提案办理"

    def ready(self) -> None:
        """Declare the process and attach its effects."""
        from linli.affairs.proposals import keeping, services
        from linli.affairs.proposals.models import Opinion, Proposal
        from linli.kernel.matters import succession

        keeping.register()
        for model, field in ((Proposal, "desk"), (Proposal, "lead_unit"), (Opinion, "unit")):
            succession.follows(model, field)
        _loaded = services
