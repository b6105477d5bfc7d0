"""The desk's views: each names the duties it is for, asks a presenter for a record, and hands it to a template."""
