"""What a policy would cost, whom it would reach and what one subject could get: `running` computes, `keeping` keeps."""
