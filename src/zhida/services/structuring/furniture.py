"""What stands around a document on a page and is none of it: paths of a site, links to readings, rules and seals."""

from __future__ import annotations

import re

_WHOLE = re.compile(
    r"^(?:[-_—=*·.\s]+|打印本页.*|关闭窗口.*|返回顶部|分享到?[::]?.*|字体[::].*|扫一扫.*|相关(?:附件|链接|文档|政策).{0,4}"
    r"|公开方式\s*[::].*|关注\s*·.*|GZ\S{0,12}|信息来源\s*[::].*|来源\s*[::].*|浏览(?:次数|量)\s*[::].*|发布(?:时间|日期|机构)\s*[::].*"
    r"|主办单位\s*[::].*|承办单位\s*[::].*|网站标识码.*|.*ICP备.*|索\s*引\s*号\s*[::]?.*|主\s*题\s*词\s*[::].*|\d{4}年\d{1,2}月\d{1,2}日(?=\s*来源).*)$"
)
_PART = re.compile(
    r"当前(?:所在)?的?位置|首页\s*>|点击查看|【(?:文字|音频|视频|图文)解读】|【一图读懂】|政策解读\s*\d{4}-\d\d-\d\d"
)


def is_furniture(text: str) -> bool:
    """Whether a paragraph of plain characters is none of the document's own words."""
    return bool(_WHOLE.match(text.strip()) or _PART.search(text))
