"""What commands stand on: the installation of a home, progress, the treasury's process, figures."""
