"""Persons, households and organisations in the least form."""
