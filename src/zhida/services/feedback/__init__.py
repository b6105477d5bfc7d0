"""What people say about a page: masked before it is kept, given to an office, answered within days."""
