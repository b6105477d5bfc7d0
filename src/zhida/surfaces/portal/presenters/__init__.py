"""From the kernel's answers to the portal's records: one function for each page."""
