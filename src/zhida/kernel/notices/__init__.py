"""What a person is told: the notice in their inbox, and the messages that carry it by e-mail and SMS."""
