"""What a street may do to units above it (调度, 考核评价, 人事意见), each use on record."""
