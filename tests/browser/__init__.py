"""Tests of the pages in a browser: display, accessibility, printing and use by keyboard."""
