"""The tables of the registry, by theme."""

from linli.affairs.registry.models.batches import ColumnMap, ImportBatch, ImportBody, ImportChange, ImportRow
from linli.affairs.registry.models.common import How, Source, Sourced
from linli.affairs.registry.models.exports import ExportRequest
from linli.affairs.registry.models.forms import FormRequest, FormTask
from linli.affairs.registry.models.headcounts import Headcount
from linli.affairs.registry.models.organisations import OrganisationRecord, OrganisationRole
from linli.affairs.registry.models.places import Address, Building, House, HouseMerge, Tenure
from linli.affairs.registry.models.residents import Home, PendingChange, Residency, Resident
from linli.affairs.registry.models.search import Entry, Lookup
from linli.affairs.registry.models.tags import Fact, Offer, Tag, Vault, Verification
from linli.affairs.registry.models.twins import Twins

__all__ = [
    "Address",
    "Building",
    "ColumnMap",
    "Entry",
    "ExportRequest",
    "Fact",
    "FormRequest",
    "FormTask",
    "Headcount",
    "Home",
    "House",
    "HouseMerge",
    "How",
    "ImportBatch",
    "ImportBody",
    "ImportChange",
    "ImportRow",
    "Lookup",
    "Offer",
    "OrganisationRecord",
    "OrganisationRole",
    "PendingChange",
    "Residency",
    "Resident",
    "Source",
    "Sourced",
    "Tag",
    "Tenure",
    "Twins",
    "Vault",
    "Verification",
]
