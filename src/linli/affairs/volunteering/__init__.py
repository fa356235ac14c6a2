"""Volunteering: points tasks and activities, hours by the Ministry's rules, teams and their small grants."""
