"""The file channel: payment files go into a folder, the bank's reports, notifications and statements come back by one.

FOLDER/out/     payment files for the bank to fetch, `pain001-<day>-<hash>.xml`; a name appears whole or not at all
FOLDER/in/      what the bank leaves for us; a name that starts with a dot or ends in `.part` is not finished yet
FOLDER/taken/   every file taken, named by its hash; FOLDER/refused/ what could not be read, beside the reason
"""

from zhida.adapters.treasury.files.channel import FileTreasury

__all__ = ["FileTreasury"]
