"""What a pack cannot say: whole services over the kernel. They do not know each other."""
