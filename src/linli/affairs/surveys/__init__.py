"""Small sample surveys (知晓率、满意度、安全感): who was asked, how sure the figures are, and nothing about anybody."""
