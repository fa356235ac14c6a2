"""What the command centre shows of cases, whistles and figures: its tiles (指挥中心)."""
