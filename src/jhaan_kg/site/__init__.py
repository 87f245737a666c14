"""The pages of the server as a static site: `jhaan export site`.

`addresses` lists the pages and names their files, `files` makes them, `search` adds a search in the browser.
"""
