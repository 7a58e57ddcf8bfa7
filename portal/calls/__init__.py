"""A link worker called a group: was its page right?"""
