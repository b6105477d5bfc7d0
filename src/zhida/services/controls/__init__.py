"""Controls on money: stops, holds, lists, limits of signing, transfers between lines, set-off, the close of a day.

They stand over `kernel.funds`, which asks them through its `ControlPort` before anything is signed or sent.
"""
