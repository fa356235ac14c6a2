"""Papers leaders read (日报、周报、月报、通报): drafted from the figures, edited by people, kept as they were sent."""
