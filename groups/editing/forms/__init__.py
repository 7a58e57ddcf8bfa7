"""The forms of My group: one topic a page, at most five questions where that can be."""
