"""How forms are drawn: label, help, error, control; cards for choices; a photo with its preview.

``FORM_RENDERER`` names :class:`Renderer`, so ``{{ form }}`` and ``{{ form.field.as_field_group }}`` are
already the parts of this product, on every surface and on the sign-in pages.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _


class Renderer(TemplatesSetting):
    """Draws forms and fields from ``parts/forms``; widgets from the ordinary template folders."""

    form_template_name = "parts/forms/form.html"
    field_template_name = "parts/forms/field.html"
    formset_template_name = "parts/forms/formset.html"


class CardRadio(forms.RadioSelect):
    """One of a few, as cards that are easy to hit.

    ``hints`` maps a choice's value to a line below its label, ``icons`` to a symbol of the sprite.
    """

    template_name = "parts/forms/cards.html"
    option_template_name = "parts/forms/card.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: dict[str, Any] | None = None,
        icons: dict[str, str] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.hints = hints or {}
        self.icons = icons or {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Django's option with this card's hint and icon added."""
        option = super().create_option(*args, **kwargs)
        key = str(option["value"])
        return {**option, "hint": self.hints.get(key, ""), "icon": self.icons.get(key, "")}


class CardCheckboxes(CardRadio):
    """Several of a few, as cards."""

    input_type = "checkbox"
    allow_multiple_selected = True

    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ARG002 - Django's signature
        """Return False: a browser would ask for every box."""
        return False

    def value_omitted_from_data(self, *_args: Any) -> bool:
        """Return False: no box ticked is an answer."""
        return False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        """Return the list of ticked values."""
        getter = getattr(data, "getlist", None)
        return getter(name) if getter else data.get(name)


class PhotoInput(forms.ClearableFileInput):
    """A photo: camera on a phone, file elsewhere, with a preview.

    With ``upload_url`` the script compresses and uploads each photo at once and posts its id in the hidden
    field ``<name>_ids``; without script, or without the address, the file travels with the form.
    """

    template_name = "parts/forms/photo.html"
    allow_multiple_selected = True

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, upload_url: Any = "", most: int = 4, camera: bool = True
    ) -> None:
        super().__init__({"accept": "image/*", "multiple": most > 1, **(attrs or {})})
        self.upload_url = upload_url
        self.most = most
        self.camera = camera

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return Django's context with the upload address, the most photos, and the camera."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"upload_url": str(self.upload_url), "most": self.most, "camera": self.camera}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the list of files when several may come, else the one file."""
        if self.most > 1 and hasattr(files, "getlist"):
            return files.getlist(name)
        return super().value_from_datadict(data, files, name)


class PhotosField(forms.FileField):
    """Several photos in one field; cleaned to a list of uploads (empty when none came)."""

    widget = PhotoInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the uploads, each checked; raises ``ValidationError`` when one is missing or too many."""
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        most = getattr(self.widget, "most", 4)
        if len(uploads) > most:
            raise forms.ValidationError(_("最多 %(most)d 张照片，请去掉多余的。") % {"most": most})
        if not uploads and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(PhotosField, self).clean(upload, initial) for upload in uploads]
