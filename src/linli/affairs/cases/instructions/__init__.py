"""A leader's instruction (批示) on a matter: who carries it out, until when, and what they answered."""
