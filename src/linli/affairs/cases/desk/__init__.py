"""What the desk shows of cases; importing this registers it."""

from linli.affairs.cases.desk import calling, intake, lists, panels, queues, saying

__all__ = ["calling", "intake", "lists", "panels", "queues", "saying"]
