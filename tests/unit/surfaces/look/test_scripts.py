"""Traditional characters and pinyin touch what people read and nothing that a form sends back."""

from django.http import HttpResponse, JsonResponse

from zhida.surfaces.look.scripts import shown_in, traditional, with_pinyin

PAGE = """<html><head><title>发放</title></head><body><p>头发</p><main><h1 title="里">后来的皇后</h1>
<a href="/?q=发">补贴</a><input value="发放" aria-label="发放"><textarea>里</textarea><script>let a = "发";</script>
<select><option value="发">发</option></select><svg><text>里</text></svg></main></body></html>"""


def test_words_are_converted_by_their_sense_and_values_stay() -> None:
    told = traditional(PAGE)
    for shown in (
        "<title>發放</title>",
        "<p>頭髮</p>",
        "後來的皇后",
        'title="裏"',
        'aria-label="發放"',
        ">發</option>",
    ):
        assert shown in told
    for kept in ('href="/?q=发"', 'value="发放"', "<textarea>里</textarea>", 'let a = "发"', '<option value="发">'):
        assert kept in told


def test_pinyin_stands_over_the_main_text_alone() -> None:
    told = with_pinyin(PAGE)
    assert '<ruby>补<rt aria-hidden="true">bǔ</rt></ruby><ruby>贴<rt aria-hidden="true">tiē</rt></ruby>' in told
    for kept in ("<title>发放</title>", "<p>头发</p>", "<textarea>里</textarea>", ">发</option>", "<text>里</text>"):
        assert kept in told


def test_other_answers_and_other_languages_stay_as_they_are() -> None:
    for answer in (JsonResponse({"a": "发"}), HttpResponse("发", "text/plain")):
        before = answer.content
        assert shown_in(answer, script="hant", pinyin=True).content == before
    page = HttpResponse("<p>发</p>", headers={"Content-Length": "10"})
    assert shown_in(page, script="", pinyin=True).content.decode() == "<p>发</p>"
    assert shown_in(page, script="hant", pinyin=False).content.decode() == "<p>發</p>"
    assert page["Content-Length"] == str(len(page.content))
