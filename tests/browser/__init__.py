"""The pages in a browser: what people see, hear, print and reach with the keyboard."""
