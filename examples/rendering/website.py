"""Web pages with what web pages have around their text: navigation, cookie banners, teasers, footers."""

from dataclasses import dataclass

from rendering.blocks import Source
from rendering.markup import tags

COOKIES = (
    "We use cookies to remember your island and to count our visitors. You can refuse the second kind, "
    "and nobody will be cross."
)
COOKIES_ZH = "本网站使用Cookie记住您的语言并统计访问量。您可以拒绝后一种。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    name: str
    lang: str
    cookies: str
    buttons: tuple[str, str]
    menu: tuple[str, ...]
    teasers: tuple[str, ...]
    footer: str


SITES = {
    "company": Site(
        name="Orrin Sound Ferries",
        lang="en",
        cookies=COOKIES,
        buttons=("Accept all", "Only necessary"),
        menu=("Home", "Timetable", "Fares", "Islands", "The Petrel", "Accessibility", "Jobs", "About us", "Contact"),
        teasers=("Visit the bridge of the Petrel", "Tea towels and mugs", "Subscribe to the wind report"),
        footer="Orrin Sound Ferries · 14 Netmakers' Row · Averstrand · Imprint · Privacy · Conditions of carriage",
    ),
    "authority": Site(
        name="Averstrand Harbour Authority",
        lang="en",
        cookies="This page sets one cookie. The harbour master would have preferred none.",
        buttons=("Understood", "More"),
        menu=("Notices to mariners", "Dues", "Berths", "Webcam", "Tides", "Contact"),
        teasers=("Webcam Coal Quay (new picture every minute)", "Tide table 2026 as a booklet, 4 crowns"),
        footer="Averstrand Harbour Authority · Packet House, 3 Coal Quay · Channel 12",
    ),
    "newspaper": Site(
        name="The Averstrand Beacon",
        lang="en",
        cookies="The Beacon and its 3 partners (the bakery, the pharmacy and the tide) store cookies on your device.",
        buttons=("Agree and read on", "Manage the partners"),
        menu=("Today", "Harbour", "Islands", "Council", "Letters", "Births and deaths", "Small ads", "Subscribe"),
        teasers=(
            "Most read: Goat on ferry was not ours, says farmer",
            "Weather: south-west, later wetter",
            "Try the Beacon for four weeks, 6 crowns",
            "Small ad: bicycle, red, seeks owner with two working knees",
        ),
        footer="The Averstrand Beacon, since 1871 · All rights reserved · Corrections are printed on Fridays",
    ),
    "company_zh": Site(
        name="奥林海峡渡轮公司",
        lang="zh",
        cookies=COOKIES_ZH,
        buttons=("全部接受", "仅必要"),
        menu=("首页", "时刻表", "票价", "岛屿", "联系我们", "English"),
        teasers=("参观海燕号驾驶台", "纪念茶巾"),
        footer="奥林海峡渡轮公司 · 渔网街14号 · 埃弗斯特兰",
    ),
    "yard": Site(
        name="望潮船厂",
        lang="zh",
        cookies=COOKIES_ZH,
        buttons=("同意", "不同意"),
        menu=("首页", "船厂简介", "产品", "新闻", "招聘", "党建与工会", "联系我们"),
        teasers=("我厂第318号船开工", "招聘：电焊工二十名", "职工运动会拔河比赛结果"),
        footer="临澜望潮船舶有限公司 · 临澜市湾北区船台路1号",
    ),
    "city": Site(
        name="临澜市外事办公室",
        lang="zh",
        cookies=COOKIES_ZH,
        buttons=("同意", "不同意"),
        menu=("首页", "友好城市", "办事指南", "通知公告", "领事保护"),
        teasers=("因公护照办理须知", "交换生项目报名通知", "阅读原文", "点赞 在看 分享"),
        footer="临澜市人民政府外事办公室主办",
    ),
    "newspaper_zh": Site(
        name="临澜晚报",
        lang="zh",
        cookies=COOKIES_ZH,
        buttons=("同意", "不同意"),
        menu=("头条", "本地", "港口", "副刊", "天气", "电子版"),
        teasers=("湾北菜市场搬迁时间确定", "周六副刊：听潮专栏", "明日：阴转小雨，东南风四级"),
        footer="临澜晚报社 · 新闻热线 8812345 · 未经许可不得转载",
    ),
}


def page(source: Source) -> str:
    site = SITES[source.meta["template"]]
    menu = "".join(f'<li><a href="/{number}">{entry}</a></li>' for number, entry in enumerate(site.menu))
    teasers = "".join(f'<li><a href="/more/{number}">{entry}</a></li>' for number, entry in enumerate(site.teasers))
    article = "\n".join(tags(block) for block in source.blocks)
    return f"""<!DOCTYPE html>
<html lang="{site.lang}">
<head>
<meta charset="utf-8">
<title>{source.meta["title"]}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font-family:serif;max-width:60em;margin:auto}}.cookie{{position:fixed;bottom:0;background:#eee}}</style>
<script>window.page={{consent:null,visits:0}};function ok(){{document.getElementById("cookie").remove()}}</script>
</head>
<body>
<div class="cookie" id="cookie" role="dialog"><p>{site.cookies}</p>
<button onclick="ok()">{site.buttons[0]}</button> <button onclick="ok()">{site.buttons[1]}</button></div>
<header><a class="logo" href="/">{site.name}</a>
<nav><ul>{menu}</ul></nav></header>
<main><article>
{article}
</article></main>
<aside class="teasers"><ul>{teasers}</ul></aside>
<footer><p>{site.footer}</p></footer>
</body>
</html>
"""
