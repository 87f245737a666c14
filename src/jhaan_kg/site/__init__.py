"""Static site with the pages of the server: `jhaan export site`.

`addresses` lists the pages and their file names, `files` creates the files, and `search` adds search in the browser.
"""
