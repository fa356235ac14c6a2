"""荣誉超市: points that people trust, what they are good for, and the shelf they are spent at (F94-F103)."""
