"""What both faces share: one stylesheet of tokens, the page's frame, its parts, its modes and its two languages."""
