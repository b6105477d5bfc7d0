"""Gates for messages: e-mail through Django's backend, and a simulated SMS gate that writes to a file."""

from zhida.adapters.messaging.email import EmailGate
from zhida.adapters.messaging.sms import SmsFile

__all__ = ["EmailGate", "SmsFile"]
