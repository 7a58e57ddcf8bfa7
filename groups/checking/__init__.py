"""How staff look at what groups send: the queue, the decision, the letters."""
