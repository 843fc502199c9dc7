"""Log lines carry no content."""

import logging


class NoContent(logging.Filter):
    """No exception text and no arguments of requests in any log line: a message may quote what it was about."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return record.name != "django.request" or record.levelno >= logging.ERROR
