"""What people touch: the portal of people and firms, the desk of officers, the API and the command line."""
