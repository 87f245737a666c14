"""Pages for people: what the server shows in a browser, made here and usable without scripts."""
