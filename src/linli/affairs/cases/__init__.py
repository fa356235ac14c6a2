"""Cases (网格案件): on the spot, and filed through the seven stages."""
