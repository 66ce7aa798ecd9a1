"""The shell: the same picture in the terminal, as data, or as one page."""
