"""The forms of the whistles' actions: what is asked, of whom, and nothing more than the step needs."""

from linli.affairs.cases.forms import (
    CallForm,
    OptionalReasonForm,
    RemarkForm,
    SuperviseForm,
    SuspendForm,
    UrgeForm,
    VerifyForm,
)
from linli.affairs.objections.forms import ObjectForm
from linli.affairs.whistles.forms.blowing import AmendForm, BlowForm, CollectForm, CompleteForm, RiseForm, TurnDownForm
from linli.affairs.whistles.forms.closing import (
    FinishForm,
    NotDoneForm,
    PostponeForm,
    RateUnitsForm,
    RateWholeForm,
    ReworkForm,
    SettleDutyForm,
)
from linli.affairs.whistles.forms.dispatch import AddUnitForm, DispatchForm, ReplaceForm
from linli.affairs.whistles.forms.reporting import (
    ArriveForForm,
    ArriveForm,
    ContactForm,
    ReplyForForm,
    ReplyForm,
    ShareExtendForm,
    SplitForm,
    TellForm,
)

__all__ = [
    "AddUnitForm",
    "AmendForm",
    "ArriveForForm",
    "ArriveForm",
    "BlowForm",
    "CallForm",
    "CollectForm",
    "CompleteForm",
    "ContactForm",
    "DispatchForm",
    "FinishForm",
    "NotDoneForm",
    "ObjectForm",
    "OptionalReasonForm",
    "PostponeForm",
    "RateUnitsForm",
    "RateWholeForm",
    "RemarkForm",
    "ReplaceForm",
    "ReplyForForm",
    "ReplyForm",
    "ReworkForm",
    "RiseForm",
    "SettleDutyForm",
    "ShareExtendForm",
    "SplitForm",
    "SuperviseForm",
    "SuspendForm",
    "TellForm",
    "TurnDownForm",
    "UrgeForm",
    "VerifyForm",
]
