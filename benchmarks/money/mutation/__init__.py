"""Small wrongs put into the code one by one: how they are made (`changes`), put in place (`planting`), tried (`trial`).

mutmut (3.7, BSD) leaves out whatever stands under a decorator: our dataclasses, properties and `@transaction.atomic`
actions, which is most of what is to be tried here. Hence this small runner.
"""
