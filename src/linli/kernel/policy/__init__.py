"""What differs between districts: typed, versioned, dated."""
