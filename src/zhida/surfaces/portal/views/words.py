"""Pages that only speak: help, accessibility, privacy, and how the site is shown."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.modes import CHOICES, modes_of
from zhida.surfaces.look.parts import Facet, FacetGroup

GROUPS = {
    "mode": ("字号和版式", {"standard": "标准版", "elder": "长辈版，大字、单列"}),
    "contrast": ("对比", {"standard": "标准", "high": "高对比，每个字至少 7:1"}),
    "theme": ("明暗", {"auto": "跟随系统", "light": "浅色", "dark": "深色"}),
    "zoom": ("放大", {size: f"{size}%" for size in CHOICES["zoom"]}),
    "aids": ("辅助工具栏", {"off": "只在长辈版", "on": "一直显示"}),
    "pointer": ("鼠标", {"standard": "普通", "large": "大鼠标"}),
    "line": ("辅助线", {"off": "不要", "on": "十字线跟着鼠标和焦点"}),
    "script": ("字形", {"hans": "简体", "hant": "繁体，由程序转换"}),
    "pinyin": ("拼音", {"off": "不要", "on": "正文注拼音"}),
    "keys": ("快捷键", {"on": "开", "off": "关"}),
}
ONLY_CHINESE = ("script", "pinyin")
BEGINNING = urlencode({name: allowed[0] for name, allowed in CHOICES.items() if name != "lang"})
LANGUAGES = (Text("中文"), Text("English", "en"))
AREAS = ("页头", "导航区", "搜索区", "正文区", "服务区", "页脚")
HELP = (
    (
        "查得到",
        (
            "在首页的框里写政策名、事项名、文号或企业名称，写错字、写拼音也能查。",
            "每件政策都有原文，原文旁边写着这一条变成了什么。",
        ),
    ),
    (
        "算得清",
        (
            "企业只写名称，个人不留姓名，每次最多三问。",
            "结果分三组：可享、可能可享、不符合。每一项都写明金额、依据和还缺什么。",
        ),
    ),
    (
        "办得快",
        ("免申即享的，点一次“确认领取”就行，10 分钟内可以撤回。", "要申报的，数据已有的不用填，只答系统不知道的。"),
    ),
    ("看得见", ("办件像快递一样，每一步谁在办、哪天办完都写着。", "每一次提交、决定、拨付都有回执，谁都能核验真假。")),
    (
        "请人帮",
        (
            "看不懂、不会办、没有网，打 12345。",
            "首页的搜索框旁边有“语音”，说话就能查；浏览器不会听的，没有这个按钮。",
            "眼睛看累了，点页脚上方的“朗读本页”，或换成长辈版。",
        ),
    ),
)
ACCESSIBILITY = (
    (
        "我们做到的",
        (
            "按 WCAG 2.2 AA 和 GB/T 37668 设计，每个页面、每种显示方式都用程序逐页检查，一条也不豁免。",
            "全部功能用键盘就能办；六大区域有快捷键；文字可以放大到 200%，320 像素宽也不用横着滚动。",
            "不用验证码，不限时间，不靠颜色区分；图表都有表格。",
        ),
    ),
    ("还没有做到的", ("真实的读屏软件和真实的老人还没有试用过，机器检查发现不了的问题可能还在。",)),
    ("遇到问题", ("打 12345 告诉我们，一个工作日内答复。",)),
)
PRIVACY = (
    (
        "我们用什么",
        (
            "只用办这件事要用的情况，写明来自哪个部门、哪一天。没有您的授权或法律依据，不看不公开的信息。",
            "算一算不登录、不留痕，您的回答不保存。",
        ),
    ),
    ("您看得到什么", ("谁在什么时候、为什么看过您的信息，登录后在“谁看过我的信息”里都有。",)),
    (
        "我们不做什么",
        (
            "不放广告，不装跟踪代码，不向网站以外的任何地方发请求。",
            "语音输入由您的浏览器来听：要把声音送到浏览器厂商的，先告诉您，您再按一次才开始。",
            "公示只露名字的一部分，不公开证件号和账号，搜索引擎不收录。",
        ),
    ),
)


PICTURES = (
    (
        "find",
        "查一查",
        "一个搜索框，里面可以写字，右边是查询",
        "打开首页，在框里写想查的事，比如“高龄津贴”。写错字、写拼音也行。",
    ),
    (
        "sign",
        "登录",
        "一部手机，屏幕上是指纹",
        "点右上角“登录”。用密码，或者按一下指纹。不会的，请家里人帮着加一次通行密钥。",
    ),
    (
        "see",
        "看看能领什么",
        "一张单子，三行，最上面一行是实心圆点",
        "登录后先看“您可享”。实心圆点是能领，半个圆是还差一点，空心是不符合。",
    ),
    ("confirm", "点一次确认", "一个大按钮，上面打着勾，旁边是手指", "点“确认领取”。数据都有了，不用填表，不用交材料。"),
    ("undo", "点错了可以撤回", "一个钟，旁边是往回走的箭头", "点错了不要紧，10 分钟内点“撤回”，就当没有点过。"),
    (
        "arrive",
        "等钱到账",
        "四个圆点连成一线，三个已经走完；下面是一张卡",
        "在“查进度”里看走到哪一步、谁在办、哪天到账。到账了会告诉您。",
    ),
)


@dataclass(frozen=True)
class Step:
    """A step of the picture guide: its drawing, what the drawing shows, and what to do."""

    kind: str
    title: str
    label: str
    words: str


@dataclass(frozen=True)
class Speech:
    """A page of plain words."""

    title: str
    lead: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]


def _speech(title: str, lead: str, sections: tuple[tuple[str, tuple[str, ...]], ...]) -> Speech:
    spoken = tuple((say(head), tuple(say(line) for line in lines)) for head, lines in sections)
    return Speech(say(title), say(lead), spoken)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How the site is used."""
    page = _speech("怎么用", "四件事：查政策、算一算、我要办、查进度。", HELP)
    return render(request, "portal/words.html", {"page": page, "section": "help"})


@require_safe
def pictures(request: HttpRequest) -> HttpResponse:
    """How to get what one is entitled to, in six drawings."""
    steps = tuple(Step(kind, say(title), say(label), say(words)) for kind, title, label, words in PICTURES)
    return render(request, "portal/pictures.html", {"steps": steps, "section": "help"})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    page = _speech("无障碍说明", "谁都该用得上，用得惯。", ACCESSIBILITY)
    return render(request, "portal/words.html", {"page": page, "section": "accessibility"})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept and what is not."""
    page = _speech("个人信息保护", "少要、说清、看得见。", PRIVACY)
    return render(request, "portal/words.html", {"page": page, "section": "privacy"})


@require_safe
def display(request: HttpRequest) -> HttpResponse:
    """Every way of showing the site in one place."""
    modes = modes_of(request)
    groups = [
        FacetGroup(say(title), tuple(_choice(modes, name, value, say(labels[value])) for value in CHOICES[name]))
        for name, (title, labels) in GROUPS.items()
        if modes.lang == "zh" or name not in ONLY_CHINESE
    ]
    groups.append(FacetGroup(say("语言"), tuple(_choice(modes, "lang", words.lang, words) for words in LANGUAGES)))
    areas = [(number, say(area)) for number, area in enumerate(AREAS, start=1)]
    return render(
        request, "portal/display.html", {"groups": groups, "areas": areas, "beginning": BEGINNING, "section": "display"}
    )


def _choice(modes: object, name: str, value: str, words: Text | str) -> Facet:
    return Facet(words, f"?{name}={value}", is_chosen=getattr(modes, name) == value)
