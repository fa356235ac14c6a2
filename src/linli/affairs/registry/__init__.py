"""The registry (社区云): addresses, houses, people, households, organisations; collected once, found from any side."""
