"""One box over people, houses and organisations: words of an entry, words of a query, the search itself."""
