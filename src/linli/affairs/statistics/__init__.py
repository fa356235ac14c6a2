"""Statistics anybody can recompute: indices as dated definitions over events, published with the events behind them."""
