"""Who is sent where: the catalogue that people keep, and a suggestion learned from the district's closed matters.

The catalogue decides nothing by itself and the suggestion less: a dispatcher always chooses.
"""
