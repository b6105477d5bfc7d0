"""The desk: where officers review, publicise, release money, supervise and audit."""
