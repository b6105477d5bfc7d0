"""A measure of an invented city, with most of what real ones say; tests change a line and look at what follows."""

from __future__ import annotations

from zhida.domain.packs import Dictionary, read_root
from zhida.services.structuring import Draft, Structure, draft_pack, read_document, structure

MEASURE = """\
北辰市促进小微企业稳岗扩岗若干措施
辰人社规〔2026〕12号
各县（市、区）人民政府，市政府各部门：
北辰市人力资源和社会保障局
2026年3月20日
第一章 总则
第一条 为了稳定就业，根据《北辰市就业促进条例》（辰府令〔2020〕3号）第八条，制定本措施。
第二条 本措施所称“以上”“不超过”均含本数。
第二章 条件和标准
第三条 申请单位应当符合下列条件：
（一）上一年度营业收入不超过4000万元；
（二）年末从业人员数在20人以上；
（三）未被列入严重失信主体名单；
（四）近三年没有发生重大安全事故。
第四条 对符合条件的单位给予一次性20万元奖励。
第五条 按招用人数给予补贴，每人每月800元，补贴期限不超过6个月，每家单位每年最高不超过50万元。
国家级、省级、市级示范基地分别给予30万元、20万元、10万元奖励。
第三章 办理
第六条 申请单位应当提交下列材料：
（一）申请表；
（二）营业执照复印件。
第七条 区人社部门自受理之日起10个工作日内完成审核，公示5个工作日。
第八条 审核通过后7个工作日内拨付资金。
第九条 获得资金的单位5年内不迁出本市；弄虚作假的，追回已发放的资金。
第十条 同一事项就高不重复。
第十一条 本措施自2026年4月1日起施行，有效期3年。
"""


def dictionary(files: dict[str, bytes]) -> Dictionary:
    """The dictionary of a root's files."""
    return read_root(files).dictionary


def structured(text: str, words: Dictionary) -> Structure:
    """What a text says."""
    return structure(read_document("made-up.txt", text.encode()), words)


def drafted(text: str, words: Dictionary) -> Draft:
    """The draft made of a text."""
    return draft_pack(read_document("made-up.txt", text.encode()), words, "drafts/one")
