"""What is printed: a receipt as a PDF that carries its own proof."""
