"""The conformance dialect: full FEEL (DMN 1.4, clause 10.3) parsed to the same nodes and those of feel_nodes.

It exists so that the published tests of the standard can judge our engines. No pack is read by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from zhida.domain.rules.feel_nodes import (
    AtLiteral,
    ContextOf,
    FunctionOf,
    InstanceOf,
    Invoke,
    Iteration,
    Iterator,
    Null,
    Test,
    UnaryTests,
)
from zhida.domain.rules.language.lexer import Token
from zhida.domain.rules.language.parser import KEYWORDS, MAX_DEPTH, SUM, Parser
from zhida.domain.rules.nodes import Filter, Interval, ListOf, Literal, Name, Node, Path
from zhida.domain.rules.places import Place, Spot

FEEL_NAMES = (
    "date and time",
    "years and months duration",
    "days and time duration",
    "string length",
    "upper case",
    "lower case",
    "substring before",
    "substring after",
    "starts with",
    "ends with",
    "list contains",
    "list replace",
    "insert before",
    "index of",
    "distinct values",
    "round up",
    "round down",
    "round half up",
    "round half down",
    "met by",
    "overlaps before",
    "overlaps after",
    "finished by",
    "started by",
    "day of year",
    "day of week",
    "month of year",
    "week of year",
    "get value",
    "get entries",
    "context put",
    "context merge",
    "string join",
)


class FeelParser(Parser):
    """The pack parser, widened. `names` are the names of several words that the expression may use."""

    def __init__(self, text: str, place: Place, names: Iterable[str] = ()) -> None:
        super().__init__(text, place, (*FEEL_NAMES, *names))
        self.bounding = False

    def name(self) -> str:
        words = self.known_name()
        if words:
            self.position += len(words)
            return self.known[words[0]][words]
        reserved = self.token.kind == "name" and self.token.text in KEYWORDS - {"not"}
        if self.token.kind not in ("name", "other") or reserved:
            self.refuse(f"expected a name, found `{self.token.text}`")
        return self.advance().text

    def new_name(self, *ends: str) -> str:
        """A name being introduced: every token up to one of `ends`, known from here on."""
        name, follows = "", self.token.spot
        while self.token.text not in ends and self.token.kind not in ("end", "text"):
            token = self.advance()
            name += token.text if token.spot == follows else f" {token.text}"
            follows = Spot(token.spot.line, token.spot.column + len(token.text))
        if not name:
            self.refuse("expected a name")
        self.learn(name)
        return name

    def prefix(self) -> Node:
        if self.token.text in ("some", "every", "for") and self.is_word(self.token.text):
            return self.iterated(self.advance())
        return super().prefix()

    def iterated(self, word: Token) -> Node:
        iterators = [self.iterator()]
        while self.skip_sign(","):
            iterators.append(self.iterator())
        self.expect("return" if word.text == "for" else "satisfies")
        return self.make(Iteration(word.text, tuple(iterators), self.inside(), at=word.spot))

    def iterator(self) -> Iterator:
        at = self.token.spot
        name = self.new_name("in")
        self.expect("in")
        source = self.expression()
        until = self.expression() if self.skip_sign("..") else None
        return self.make(Iterator(name, source, until, at=at))

    def postfix(self, node: Node) -> Node:
        while True:
            at = self.token.spot
            if self.skip_sign("."):
                node = self.make(Path(node, self.name(), at=node.at))
            elif self.is_sign("[") and not self.bounding:
                self.advance()
                node = self.make(Filter(node, self.unbounded(self.inside), at=at))
                self.expect("]")
            elif self.skip_sign("("):
                node = self.unbounded(lambda function=node: self.invoked(function))  # type: ignore[misc]
            elif self.is_word("instance"):
                self.advance()
                self.expect("of")
                node = self.make(InstanceOf(node, self.type_name(), at=at))
            else:
                return node

    def unbounded(self, read: Callable[[], Node]) -> Node:
        """Reads what stands in brackets of its own: there `[` begins a filter again."""
        before, self.bounding = self.bounding, False
        node = read()
        self.bounding = before
        return node

    def invoked(self, function: Node) -> Node:
        names: list[str] = []
        arguments: list[Node] = []
        while not self.skip_sign(")"):
            if arguments:
                self.expect(",")
            if self.is_named_argument():
                names.append(self.new_name(":"))
                self.expect(":")
            arguments.append(self.expression())
        if names and len(names) != len(arguments):
            self.refuse("either every argument is named or none is")
        return self.make(Invoke(function, tuple(arguments), tuple(names), at=function.at))

    def is_named_argument(self) -> bool:
        position = self.position
        while self.tokens[position].kind == "name":
            position += 1
        return position > self.position and self.tokens[position][:2] == ("sign", ":")

    def primary(self) -> Node:
        at = self.token.spot
        if self.known_name():
            return self.make(Name(self.name(), at=at))
        if self.skip_word("null"):
            return self.make(Null(at=at))
        if self.skip_sign("@"):
            return self.make(AtLiteral(self.text_here(), at=at))
        if self.skip_sign("{"):
            return self.unbounded(lambda: self.context(at))
        if self.is_word("function") and self.tokens[self.position + 1].text == "(":
            self.position += 2
            return self.unbounded(lambda: self.function(at))
        if self.skip_sign("]"):
            low = self.expression()
            self.expect("..")
            return self.interval_from(low, False, at)
        return super().primary()

    def negation(self) -> Node:
        token = self.advance()
        return self.make(Name(token.text, at=token.spot))

    def named(self) -> Node:
        at = self.token.spot
        return self.make(Name(self.name(), at=at))

    def context(self, at: Spot) -> Node:
        entries: list[tuple[str, Node]] = []
        while not self.skip_sign("}"):
            if entries:
                self.expect(",")
            key = self.advance().text if self.token.kind == "text" else self.new_name(":")
            self.learn(key)
            self.expect(":")
            entries.append((key, self.expression()))
        return self.make(ContextOf(tuple(entries), at=at))

    def function(self, at: Spot) -> Node:
        parameters: list[tuple[str, str]] = []
        while not self.skip_sign(")"):
            if parameters:
                self.expect(",")
            name = self.new_name(":", ",", ")")
            parameters.append((name, self.type_name() if self.skip_sign(":") else ""))
        external = self.skip_word("external")
        return self.make(FunctionOf(tuple(parameters), self.expression(), external, at=at))

    def type_name(self) -> str:
        """A type as written, single-spaced: `list<number>`, `function<string, number>->boolean`."""
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            self.refuse("a type nested too deep", code="expression_too_deep")
        written = self.name()
        while self.skip_sign("."):
            written += "." + self.name()
        if self.skip_sign("<"):
            parts = [] if self.is_sign(">") else [self.type_part()]
            while self.skip_sign(","):
                parts.append(self.type_part())
            self.expect(">")
            written += f"<{', '.join(parts)}>"
        if self.skip_sign("->"):
            written += "->" + self.type_name()
        self.nesting -= 1
        return written

    def type_part(self) -> str:
        if not self.is_named_argument():
            return self.type_name()
        name = self.new_name(":")
        self.expect(":")
        return f"{name}: {self.type_name()}"

    def bracketed(self, opening: Token) -> Node:
        return self.unbounded(lambda: self.opened(opening))

    def opened(self, opening: Token) -> Node:
        square = opening.text == "["
        if square and self.skip_sign("]"):
            return self.make(ListOf((), at=opening.spot))
        if not square and self.is_sign("<", "<=", ">", ">=", "=", "!="):
            test = self.test()
            self.expect(")")
            return test
        return super().bracketed(opening)

    def interval_from(self, low: Node, includes_low: bool, at: Spot) -> Interval:
        before, self.bounding = self.bounding, True
        high = self.expression(SUM - 1)
        self.bounding = before
        if not self.is_sign("]", ")", "["):
            self.refuse("a range ends with `]`, `)` or `[`")
        return self.make(Interval(low, high, includes_low, self.advance().text == "]", at=at))

    def test(self) -> Node:
        if self.is_sign("=", "!="):
            token = self.advance()
            return self.make(Test(token.text, self.expression(SUM - 1), at=token.spot))
        return super().test()

    def unary_tests(self) -> Node:
        """The whole text as the tests of a decision table's cell (grammar rule 15)."""
        at, begin = self.token.spot, self.position
        if self.tokens[begin].text == "-" and self.tokens[begin + 1].kind == "end":
            return self.make(UnaryTests((), at=at))
        negated = self.token.text == "not" and self.tokens[begin + 1].text == "("
        if negated:
            self.position += 2
            tests = self.cell_tests()
            if self.skip_sign(")") and self.token.kind == "end":
                return self.make(UnaryTests(tests, True, at=at))
            self.position = begin
        tests = self.cell_tests()
        if self.token.kind != "end":
            self.refuse(f"`{self.token.text}` is one too many here")
        return self.make(UnaryTests(tests, at=at))

    def cell_tests(self) -> tuple[Node, ...]:
        tests = [self.cell_test()]
        while self.skip_sign(","):
            tests.append(self.cell_test())
        return tuple(tests)

    def cell_test(self) -> Node:
        if self.is_sign("<", "<=", ">", ">=", "=", "!="):
            return self.test()
        return self.expression()

    def number(self, token: Token) -> Node:
        """Beyond 34 digits FEEL rounds where packs refuse; the evaluator does so."""
        if len(token.text) <= 100 and "e" not in token.text.lower():
            return self.make(Literal("number", Decimal(token.text), at=token.spot))
        return super().number(token)
