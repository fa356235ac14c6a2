"""The shapes of the registry's policy; the values are in ``profiles/<district>/registry.*.yaml``."""

from linli.affairs.registry.policy.forms import FormSpec, FormSpecs, forms_ask_only_what_may_be_asked
from linli.affairs.registry.policy.rules import FactRule, Purpose, RegistryRules
from linli.affairs.registry.policy.tags import TagDictionary, TagWord

__all__ = [
    "FactRule",
    "FormSpec",
    "FormSpecs",
    "Purpose",
    "RegistryRules",
    "TagDictionary",
    "TagWord",
    "forms_ask_only_what_may_be_asked",
]
