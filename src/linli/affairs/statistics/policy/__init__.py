"""What differs between districts about figures: definitions, networks, scores, drawing and detecting."""

from linli.affairs.statistics.policy.indices import Definition, Indices
from linli.affairs.statistics.policy.networks import Network, Networks
from linli.affairs.statistics.policy.rules import Rules
from linli.affairs.statistics.policy.scores import Scheme, Scores

__all__ = ["Definition", "Indices", "Network", "Networks", "Rules", "Scheme", "Scores"]
