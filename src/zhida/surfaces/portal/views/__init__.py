"""The portal's views: each takes the instant, asks a presenter for a record, and hands it to a template."""
