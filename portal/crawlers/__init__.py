"""For search engines: the sitemap and robots.txt."""
