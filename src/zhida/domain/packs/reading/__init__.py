"""Each file of a pack root read by its own reader, from placed nodes into the values that packs are made of."""
