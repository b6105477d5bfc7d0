"""From the kernel's answers to the desk's records."""
