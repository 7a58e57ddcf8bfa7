"""What's on: a week of meetings, by day or by place."""
