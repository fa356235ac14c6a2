"""The command centre (指挥中心): boards of tiles for a wall, a desk screen and a visit; knows no affair."""
