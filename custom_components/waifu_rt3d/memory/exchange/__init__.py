"""Read and write conversations in our own format and in those of other programs.

Readers take a whole file apart before anything is stored, and say where it is broken. They return
`Foreign`: sessions as trees, and what the file tells of characters.
"""
