"""What people hand in, looked at byte by byte: made safe, or refused in words that say how to mend it."""

from zhida.domain.uploads.archives import check_table
from zhida.domain.uploads.papers import BEGINNINGS, made_safe, picture_type, plain_name
from zhida.domain.uploads.refusals import MOST_PIXELS

__all__ = ["BEGINNINGS", "MOST_PIXELS", "check_table", "made_safe", "picture_type", "plain_name"]
