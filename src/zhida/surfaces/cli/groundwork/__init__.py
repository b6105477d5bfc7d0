"""What commands stand on: the installation of a home, progress, the treasury's process, the page of figures."""
