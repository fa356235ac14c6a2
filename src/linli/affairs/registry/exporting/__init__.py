"""Lists out of the registry: watermarked, on the record, and made to be edited and imported again."""
