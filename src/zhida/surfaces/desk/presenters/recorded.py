"""Records, what is counted of them, how often something may be granted and what excludes it, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhida.domain.packs import Dictionary, Item, Pack
from zhida.domain.packs.dictionary import RelationAttribute
from zhida.domain.packs.groups import Group
from zhida.domain.rules import FactType
from zhida.domain.values import yuan
from zhida.services.authoring.claims import COUNTED, EACH, RECORD, SUBJECT, WHOLE, Claiming, Key, count_name, key_of
from zhida.surfaces.look.language import say, spoken

PERS = {"life": "一生一次", "year": "每年一次", "month": "每月一次", "instalment": "每期一次"}
GROUP_RULES = {
    "highest_only": "只给最高的一项",
    "first_only": "先给了哪项，就不再给别的",
    "capped_sum": "各项都给，加起来不超过上限",
}
GROUP_PERS = {"life": "一生里", "year": "一年里"}


def relations_of(pack: Pack) -> tuple[str, ...]:
    """The relations whose records some item of a pack is given for, or uses up."""
    found = [item.for_each or (item.counts.relation if item.counts else "") for item in pack.items.values()]
    return tuple(name for name in dict.fromkeys(found) if name)


def field_words(relation: RelationAttribute) -> dict[str, str]:
    """The fields of one record as conditions name them, and what people call them: 招用人员的参保月数."""
    lang = spoken()
    told = {name: words.get(lang) or words["zh"] for name, words in relation.field_words.items()}
    singular = relation.relation.singular
    return {f"{singular}.{name}": say("{of}的{what}", of=relation_words(relation), what=told[name]) for name in told}


def relation_words(relation: RelationAttribute) -> str:
    """What a relation is called."""
    return relation.words.get(spoken()) or relation.words["zh"]


def facts_of_records(pack: Pack, dictionary: Dictionary) -> dict[str, str]:
    """What conditions may say of records: the fields of those that items are given for, and the count of those that
    items use up. Code name to words."""
    found: dict[str, str] = {}
    for name in relations_of(pack):
        if name in dictionary.relations:
            found |= field_words(dictionary.relations[name])
    return found | {name: counted_words(pack, dictionary, item) for name, item in counted_of(pack).items()}


def counted_of(pack: Pack) -> dict[str, str]:
    """The amounts that count the records which items use up, and the item of each."""
    return {count_name(pack, name): name for name, item in pack.items.items() if item.counts is not None}


def counted_words(pack: Pack, dictionary: Dictionary, item: str) -> str:
    """What the count of an item's records is called."""
    counts = pack.items[item].counts
    relation = dictionary.relations.get(counts.relation) if counts else None
    return say("算进来的{what}数", what=relation_words(relation) if relation else "")


def count_type(name: str, pack: Pack) -> FactType | None:
    """The type of the count of records or of another amount; None for any other name."""
    return FactType(name, "number") if name in counted_of(pack) or name in pack.schema.amounts else None


def field_named(name: str, dictionary: Dictionary) -> str:
    """What people call a field of a record by its code name; "" where there is none such."""
    singular = name.partition(".")[0]
    relation = next((one for one in dictionary.relations.values() if one.relation.singular == singular), None)
    return field_words(relation).get(name, "") if relation else ""


def key_said(key: Key, relation: RelationAttribute | None) -> str:
    """What may be granted once only, in a sentence."""
    told = say("同一{what}{times}", what=whose_said(key.whose, relation), times=say(PERS[key.per]))
    return told + (say("（别的事项给过的也算）") if key.is_anywhere else "")


def once_said(item: Item, dictionary: Dictionary) -> str:
    """How often an item may be granted, in a sentence."""
    relation = dictionary.relations.get(item.for_each or (item.counts.relation if item.counts else ""))
    return say("；").join(key_said(key_of(parts), relation) for parts in item.once_per)


def whose_said(whose: Sequence[str], relation: RelationAttribute | None) -> str:
    """Whom or what a key tells apart."""
    fields: Mapping[str, str] = field_words(relation) if relation else {}
    singular = relation.relation.singular if relation else ""
    told = []
    for part in whose:
        name = f"{singular}.{part.removeprefix(RECORD)}" if part.startswith(RECORD) else ""
        told.append(say("申请人") if part == SUBJECT else fields.get(name, part))
    return say("、").join(told)


def claim_said(claiming: Claiming, dictionary: Dictionary) -> str:
    """What one claim is for and how often, in a sentence."""
    relation = dictionary.relations.get(claiming.relation)
    records = relation_words(relation) if relation else claiming.relation
    told = {
        WHOLE: say("整个申请给一笔"),
        EACH: say("每一条“{records}”记录给一笔", records=records),
        COUNTED: say("一次给完，算进来的“{records}”记录不再算第二次", records=records),
    }[claiming.way]
    return say("；").join([told, *(key_said(key, relation) for key in claiming.keys)])


def group_said(group: Group | None) -> str:
    """A group in a sentence; what is said of an item without one."""
    if group is None:
        return say("不受别的事项影响")
    words = group.words.get(spoken()) or group.words["zh"]
    told = say("{words}：{per}{rule}", words=words, per=say(GROUP_PERS[group.per]), rule=say(GROUP_RULES[group.rule]))
    return told + (say("（{sum} 元）", sum=yuan(group.cap_fen)) if group.cap_fen else "")
