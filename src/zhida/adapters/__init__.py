"""What touches the outside: each folder implements ports of the kernel, and only config.wiring chooses among them."""
