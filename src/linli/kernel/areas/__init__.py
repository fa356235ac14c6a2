"""The area tree, dated; which grid a point lies in; the divisions of China."""
