"""Supervising what is promised: an office is urged over cases that are late, and answers for each."""
