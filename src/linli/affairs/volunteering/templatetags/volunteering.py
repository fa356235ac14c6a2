"""Amounts in templates."""

from __future__ import annotations

from django import template

from linli.affairs.volunteering import statements

register = template.Library()
register.filter("yuan", statements.yuan)
