"""The promises about money, measured: kills, seeds, races, conservation under load, what is paid a second.

Read it in this order. `stage`: a database and a home for one part. `kills`, `seeds`, `races`, `conservation`: what must
be nought. `instant`, `batch`: how fast. `mutants`: what the tests would notice. `report`: the JSON and the page.
`make soak` runs them; docs/reference/money-figures.md shows what came out.
"""
