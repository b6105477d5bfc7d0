"""Reaching those who are entitled and have not claimed: lists for calls and visits, and what came of them."""
