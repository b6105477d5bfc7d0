"""Tokens to nodes: a Pratt parser for the pack dialect, with hard limits so that hostile text is refused quickly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NoReturn, TypeVar

from zhida.domain.errors import AuthorError
from zhida.domain.rules.language.lexer import Token, tokens_of
from zhida.domain.rules.nodes import (
    And,
    Arithmetic,
    Call,
    Compare,
    Filter,
    For,
    If,
    In,
    Interval,
    ListOf,
    Literal,
    Name,
    Negate,
    Node,
    Not,
    Or,
    Path,
    Quantified,
    children,
)
from zhida.domain.rules.places import Place, Spot
from zhida.domain.sentences import tell

MAX_DEPTH = 64
MAX_NODES = 2_000
MAX_DIGITS = 34
MAX_EXPONENT = 100
MAX_QUANTIFIERS = 3

OR, AND, COMPARISON, SUM, PRODUCT, POWER, SIGN = range(1, 8)
_LEVELS = {"or": OR, "and": AND, "between": COMPARISON, "in": COMPARISON}
_LEVELS |= dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), COMPARISON)
_LEVELS |= {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}
KEYWORDS = frozenset(
    ("if", "then", "else", "for", "return", "some", "every", "satisfies", "in", "and", "or", "not", "between")
) | {"true", "false", "null"}
PACK_NAMES = ("round half up", "list contains")

N = TypeVar("N", bound=Node)


class Parser:
    """One expression's tokens, read once from left to right. `names` are the known names of several words."""

    def __init__(self, text: str, place: Place, names: Iterable[str] = PACK_NAMES) -> None:
        self.place = place
        self.tokens = tokens_of(text, place)
        self.position = 0
        self.nesting = 0
        self.quantifiers = 0
        self.made: list[Node] = []
        self.depths: dict[int, int] = {}
        self.known: dict[str, dict[tuple[str, ...], str]] = {}
        for name in names:
            self.learn(name)

    def learn(self, name: str) -> None:
        """Makes a name of several tokens known from here on; the longest known name wins."""
        words = tuple(token.text for token in tokens_of(name, self.place)[:-1])
        if len(words) > 1:
            self.known.setdefault(words[0], {})[words] = name

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def refuse(self, words: str, hint: str = "", spot: Spot | None = None, code: str = "syntax") -> NoReturn:
        """Raises AuthorError at the current token, or at `spot`."""
        raise AuthorError([self.place.problem(spot or self.token.spot, code, words, hint)])

    def is_sign(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def is_word(self, word: str) -> bool:
        return self.token.kind == "name" and self.token.text == word and not self.known_name()

    def advance(self) -> Token:
        token = self.token
        self.position += token.kind != "end"
        return token

    def skip_sign(self, sign: str) -> bool:
        """Whether the sign stood here; it is passed over."""
        found = self.is_sign(sign)
        self.position += found
        return found

    def skip_word(self, word: str) -> bool:
        found = self.is_word(word)
        self.position += found
        return found

    def expect(self, text: str) -> None:
        if not (self.skip_sign(text) or self.skip_word(text)):
            found = f"`{self.token.text}`" if self.token.kind != "end" else tell("the end")
            self.refuse(tell("expected `{text}`, found {found}", text=text, found=found))

    def make(self, node: N) -> N:
        """Counts a node and its depth against the limits."""
        depth = 1 + max((self.depths[id(child)] for child in children(node)), default=0)
        self.made.append(node)
        self.depths[id(node)] = depth
        if depth > MAX_DEPTH:
            words = tell("nested more than {most} deep", most=MAX_DEPTH)
            self.refuse(words, "name its parts", code="expression_too_deep")
        if len(self.made) > MAX_NODES:
            self.refuse(tell("more than {most} parts", most=MAX_NODES), "name its parts", code="expression_too_large")
        return node

    def known_name(self) -> tuple[str, ...]:
        """The longest known name of several words that begins here, or ()."""
        longest: tuple[str, ...] = ()
        for words in self.known.get(self.token.text, ()):
            ahead = self.tokens[self.position : self.position + len(words)]
            read = tuple(token.text for token in ahead if token.kind != "text")
            if read == words and len(words) > len(longest):
                longest = words
        return longest

    def name(self) -> str:
        """Reads one name, several words long where it is known."""
        words = self.known_name()
        if words:
            self.position += len(words)
            return self.known[words[0]][words]
        if self.token.kind != "name" or self.token.text in KEYWORDS or not self.token.text.isascii():
            wrong = tell("expected a name, found `{found}`", found=self.token.text)
            self.refuse(wrong, "names are ASCII letters, digits and _")
        return self.advance().text

    def whole(self) -> Node:
        """The one expression that the text is."""
        node = self.expression()
        if self.token.kind != "end":
            words = tell("`{found}` is one too many here", found=self.token.text)
            self.refuse(words, "join conditions with `and` or `or`")
        return node

    def expression(self, level: int = 0) -> Node:
        """An expression whose operators bind tighter than `level`."""
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            words = tell("nested more than {most} deep", most=MAX_DEPTH)
            self.refuse(words, "name its parts", code="expression_too_deep")
        left = self.prefix()
        while (found := self.infix_level()) > level:
            left = self.infix(left, found)
        self.nesting -= 1
        return left

    def infix_level(self) -> int:
        if self.token.kind not in ("sign", "name"):
            return 0
        return _LEVELS.get(self.token.text, 0)

    def infix(self, left: Node, level: int) -> Node:
        token = self.advance()
        operator, at = token.text, token.spot
        if operator in ("and", "or"):
            return self.junction(left, operator, level)
        if operator == "between":
            return self.between(left, at)
        if operator == "in":
            return self.make(In(left, self.tests(), at=at))
        right = self.expression(level)
        if level == COMPARISON:
            if self.infix_level() == COMPARISON:
                self.refuse("comparisons do not chain", "write `a < b and b < c`, or `b in (a..c)`")
            return self.make(Compare(operator, left, right, at=at))  # type: ignore[arg-type]
        return self.make(Arithmetic(operator, left, right, at=at))  # type: ignore[arg-type]

    def junction(self, left: Node, word: str, level: int) -> Node:
        operands = [left, self.expression(level)]
        while self.skip_word(word):
            operands.append(self.expression(level))
        kind = And if word == "and" else Or
        return self.make(kind(tuple(operands), at=left.at))

    def between(self, value: Node, at: Spot) -> Node:
        low = self.expression(SUM - 1)
        self.expect("and")
        interval = self.make(Interval(low, self.expression(SUM - 1), True, True, at=low.at))
        return self.make(In(value, (interval,), at=at))

    def tests(self) -> tuple[Node, ...]:
        """What stands behind `in`: one test, or several in parentheses."""
        if not self.is_sign("("):
            return (self.test(),)
        spot = self.advance().spot
        first = self.test()
        if self.skip_sign(".."):
            return (self.interval_from(first, False, spot),)
        found = [first]
        while self.skip_sign(","):
            found.append(self.test())
        self.expect(")")
        return tuple(found)

    def test(self) -> Node:
        """An interval, a one-sided interval such as `>= 5`, or a value."""
        if not self.is_sign("<", "<=", ">", ">="):
            return self.expression(SUM - 1)
        token = self.advance()
        bound = self.expression(SUM - 1)
        closed = token.text.endswith("=")
        if token.text.startswith("<"):
            return self.make(Interval(None, bound, False, closed, at=token.spot))
        return self.make(Interval(bound, None, closed, False, at=token.spot))

    def interval_from(self, low: Node, includes_low: bool, at: Spot) -> Interval:
        """The rest of an interval, behind its two dots."""
        high = self.expression(SUM - 1)
        if not self.is_sign("]", ")"):
            self.refuse("an interval ends with `]` (included) or `)` (not included)")
        return self.make(Interval(low, high, includes_low, self.advance().text == "]", at=at))

    def prefix(self) -> Node:
        token = self.token
        if token.kind == "sign" and token.text == "-":
            self.advance()
            return self.negated(self.expression(SIGN - 1), token.spot)
        if self.skip_word("if"):
            return self.conditional(token.spot)
        if token.text in ("some", "every") and self.is_word(token.text):
            return self.quantified(self.advance())
        if self.skip_word("for"):
            return self.iteration(token.spot)
        return self.postfix(self.primary())

    def negated(self, operand: Node, at: Spot) -> Node:
        if isinstance(operand, Literal) and isinstance(operand.value, Decimal):
            return self.make(Literal("number", -operand.value, at=at))
        return self.make(Negate(operand, at=at))

    def conditional(self, at: Spot) -> Node:
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return self.make(If(condition, then, self.expression(), at=at))

    def quantified(self, word: Token) -> Node:
        variable = self.name()
        self.expect("in")
        source = self.expression()
        self.expect("satisfies")
        condition = self.inside()
        return self.make(Quantified(word.text, variable, source, condition, at=word.spot))  # type: ignore[arg-type]

    def iteration(self, at: Spot) -> Node:
        variable = self.name()
        self.expect("in")
        source = self.expression()
        self.expect("return")
        return self.make(For(variable, source, self.inside(), at=at))

    def inside(self) -> Node:
        """An expression read once for each member of a list."""
        self.quantifiers += 1
        if self.quantifiers > MAX_QUANTIFIERS:
            words = tell("more than {most} lists walked inside each other", most=MAX_QUANTIFIERS)
            self.refuse(words, "split the condition", code="expression_too_deep")
        body = self.expression()
        self.quantifiers -= 1
        return body

    def postfix(self, node: Node) -> Node:
        while True:
            at = self.token.spot
            if self.skip_sign("."):
                node = self.make(Path(node, self.name(), at=node.at))
            elif self.skip_sign("["):
                node = self.make(Filter(node, self.inside(), at=at))
                self.expect("]")
            else:
                return node

    def primary(self) -> Node:
        token = self.token
        if token.kind == "number":
            return self.number(self.advance())
        if token.kind == "text":
            return self.make(Literal("text", self.advance().text, at=token.spot))
        if self.is_sign("(", "["):
            return self.bracketed(self.advance())
        if self.skip_sign("@"):
            return self.date_literal(self.text_here(), token.spot)
        if token.text in ("true", "false") and self.is_word(token.text):
            return self.make(Literal("boolean", self.advance().text == "true", at=token.spot))
        if self.is_word("not"):
            return self.negation()
        return self.named()

    def negation(self) -> Node:
        at = self.advance().spot
        if not self.skip_sign("("):
            self.refuse("`not` takes its condition in parentheses", "write not(…)")
        operand = self.expression()
        self.expect(")")
        return self.make(Not(operand, at=at))

    def named(self) -> Node:
        """A name, or a call where a parenthesis follows it."""
        at = self.token.spot
        if self.token.kind == "end":
            self.refuse("the expression ends too early")
        if self.token.text == "null":
            self.refuse("packs have no null", "the dictionary says what the absence of a fact means")
        name = self.name()
        if not self.skip_sign("("):
            return self.make(Name(name, at=at))
        if name == "date" and self.token.kind == "text":
            literal = self.date_literal(self.text_here(), at)
            self.expect(")")
            return literal
        return self.make(Call(name, self.arguments(), at=at))

    def arguments(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self.skip_sign(")"):
            if found:
                self.expect(",")
            found.append(self.expression())
        return tuple(found)

    def text_here(self) -> str:
        if self.token.kind != "text":
            self.refuse('expected a text in quotes, such as "2026-01-01"')
        return self.advance().text

    def number(self, token: Token) -> Node:
        value = Decimal(token.text) if len(token.text) <= 2 * MAX_EXPONENT else Decimal("Infinity")
        digits = len(value.as_tuple().digits)
        if not value.is_finite() or digits > MAX_DIGITS or abs(value.adjusted()) > MAX_EXPONENT:
            words = tell(
                "a number has at most {digits} digits and lies within 10^±{exponent}",
                digits=MAX_DIGITS,
                exponent=MAX_EXPONENT,
            )
            self.refuse(words, spot=token.spot, code="number_too_long")
        return self.make(Literal("number", value, at=token.spot))

    def date_literal(self, text: str, at: Spot) -> Node:
        try:
            day = date.fromisoformat(text) if len(text) == 10 else None
        except ValueError:
            day = None
        if day is None:
            self.refuse(tell("`{text}` is no date", text=text), 'write date("2026-01-31")', at, "malformed_date")
        return self.make(Literal("date", day, at=at))

    def bracketed(self, opening: Token) -> Node:
        """A list, an interval, or an expression in parentheses."""
        square = opening.text == "["
        if square and self.skip_sign("]"):
            return self.make(ListOf((), at=opening.spot))
        first = self.expression()
        if self.skip_sign(".."):
            return self.interval_from(first, square, opening.spot)
        if not square:
            self.expect(")")
            return first
        items = [first]
        while self.skip_sign(","):
            items.append(self.expression())
        self.expect("]")
        return self.make(ListOf(tuple(items), at=opening.spot))
