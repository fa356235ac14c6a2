"""The JSON API at ``/api/v1/``: every declared action, typed from its own form; tokens, paging, problem details."""
