"""The expression language: text to tokens to nodes, and the checks that make a program total before it runs."""
