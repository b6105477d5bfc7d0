"""Everyone times everything, beside the engines that people would use for it today, on the same data and machine.

Read it in this order. `world`: the made-up province, its columns as peers like them. `conditions`: items in a neutral
form; `payments`: what they pay. `peers`: one file each, the real released package in the best shape we found; `blocks`
and `outputs`: for those that give all outputs. `trials`: side by side, interleaved, sets compared. `own`: what only we
do (one subject, a new item, memory, growth). `floor`: what the memory allows. `report` and `picture`: the table, the
page and the drawing. docs/reference/benchmarks.md shows what came out.
"""
