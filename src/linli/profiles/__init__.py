"""The source districts as data, and what makes units and posts of their templates."""
