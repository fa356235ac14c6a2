"""The shapes of the registry's policy; the values are in ``profiles/<district>/registry.*.yaml``."""

from linli.affairs.registry.policy.rules import FactRule, Purpose, RegistryRules
from linli.affairs.registry.policy.tags import TagDictionary, TagWord

__all__ = ["FactRule", "Purpose", "RegistryRules", "TagDictionary", "TagWord"]
