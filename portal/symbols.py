"""The symbols on the discs and in buttons: our own drawings on a 24 grid, one stroke weight, round ends.

They are kept as path data, so that a page carries only those it shows, inline: no request, no inline style, and
colours that follow the page in dark, forced colours and print.
"""

# A disc's symbol, by the family of the activity; "" is the waymark's arrow, "need" stands for any need.
FAMILIES = {
    "": "M12 20V5M5.5 11.5 12 5l6.5 6.5",
    "move": "M14.5 3.5a1.4 1.4 0 1 0 .1 0M13 9l-2.5 4.5 3.5 3V21M10.5 13.5 9.5 17.5 6 21M8 12.5 9.5 9 13 9 15.5 12H18.5",
    "make": "M20.5 3.5 11 13M8.5 14c-2 0-3.2 1.4-3.2 3.3 0 1.5-.8 2.3-2 2.7 3.5 1.3 8.2.5 8.2-3.3 0-1.5-1.3-2.7-3-2.7z",
    "nature": "M12 21v-9M12 12c0-4.5-3-7-8-7 0 5 3 7 8 7zM12 16c0-3.8 3-6 8-6 0 4.3-3 6-8 6z",
    "company": "M5 10h11.5v5.5a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16.5 11.5H18a2.5 2.5 0 0 1 0 5h-1.5"
    "M8.8 3.5c-1 1.3 1 2 0 3.5M12.8 3.5c-1 1.3 1 2 0 3.5",
    "peer": "M3.5 4.5h11v8H9l-3 3v-3H3.5zM17.5 8.5h3v8H18v3l-3-3h-4.5",
    "advice": "M6 3.5h8.5L18.5 7.5v13H6zM14 3.5v4.5h4.5M9 12h6.5M9 16h4.5",
    "practical": "M3.5 11.5 12 4l8.5 7.5M6 9.5V20h12V9.5M10 20v-5.5h4V20",
    "learn": "M12 6.5C9.8 4.8 7 4.5 3.5 5v13c3.5-.5 6.3-.2 8.5 1.5 2.2-1.7 5-2 8.5-1.5V5C17 4.5 14.2 4.8 12 6.5zM12 6.5v13",
    "need": "M12 20C6.3 15.7 3.5 12.7 3.5 9.3A4.3 4.3 0 0 1 12 8a4.3 4.3 0 0 1 8.5 1.3c0 3.4-2.8 6.4-8.5 10.7z",
}  # fmt: skip

# Small signs beside words in buttons and links; the words always stand there too.
ICONS = {
    "search": "M10.5 4a6.5 6.5 0 1 0 .1 0M15.3 15.3 20.5 20.5",
    "here": "M12 2.5v4M12 17.5v4M2.5 12h4M17.5 12h4M12 6.5a5.5 5.5 0 1 0 .1 0",
    "remove": "M6 6l12 12M18 6 6 18",
    "next": "M4 12h15M13 6l6 6-6 6",
    "previous": "M20 12H5M11 6l-6 6 6 6",
}
