"""Lists of words that say something about a name: titles, suffixes, trades, nicknames."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _set("""
    mr mrs ms miss mx dr prof professor sir lady lord dame captain capt judge justice king queen prince princess
    count countess duke duchess baron baroness earl bishop archbishop cardinal pope father rev reverend rabbi imam
    mayor president senator governor general gen colonel col major lieutenant lt sergeant sgt admiral commander
    inspector detective superintendent chief minister chancellor ambassador emperor empress tsar sultan sheikh
    madame mme monsieur herr frau don dona coach nurse
""")
WOMEN = _set("""
    mrs ms miss lady dame queen princess countess duchess baroness empress madame mme frau
""")
MEN = _set("""
    mr sir lord king prince count duke baron earl father emperor tsar sultan sheikh monsieur herr
""")
# Titles that say nothing about what someone does.
POLITE = _set("""
    mr mrs ms miss mx dr prof professor sir lady lord dame madame mme monsieur herr frau don dona
    先生 女士 小姐 太太 老 小 阿
""")
ORDINALS = _set("""
    jr sr junior senior ii iii iv vi vii viii ix xi xii xiii xiv xv xvi 2nd 3rd
""")
LEGAL = _set("""
    ltd limited inc incorporated corp corporation llc plc gmbh ag sa nv bv oy ab
""")
SHIPS = _set("""
    mv ms ss hms rms uss rv
""")
LINKING = _set("""
    of the and for de la le des du von van der den di da del al
""")
SMALL = _set("""
    of the and in a an to on for with at by from or no not
""")
SPELT_OUT = {
    "st": "saint",
    "mt": "mount",
    "ft": "fort",
    "dept": "department",
    "univ": "university",
    "intl": "international",
}
ROLES = _set("""
    judge surgeon king queen monk nun nurse chef cook poet bishop dean coach pilot spy guide clerk thief hero star
    boxer goalkeeper athlete diplomat priest abbot scholar critic agent mechanic student vet smith bride duke
    planet river lake sea island mountain city town village film novel song album ship ferry band company
""")
NO_ROLES = _set("""
    after under over other another never ever together however rather whether for or later earlier former nor per
    her their older younger elder sister brother mother father daughter grandmother grandfather
    stepdaughter stepsister stepbrother stepmother stepfather character performer water letter paper
    number order matter offer winter summer order corner dinner supper november september october december an want
    distant constant important instant significant less unless consider remember answer enter order cover discover
    deliver either neither further farther better greater larger smaller higher lower upper outer inner super
    proper for
""")
GENERAL = _set("""
    man woman person one member son daughter wife husband brother sister mother father child friend part native
    first second last only same other name place kind head leader
""")
NICKNAMES = frozenset(
    frozenset(pair.split("/"))
    for pair in _set("""
    william/bill william/will william/billy robert/bob robert/rob robert/bobby richard/dick richard/rick
    margaret/maggie margaret/peggy margaret/meg elizabeth/liz elizabeth/beth elizabeth/betty elisabeth/lisa
    henry/harry henry/hank james/jim james/jimmy john/jack john/johnny joseph/joe thomas/tom thomas/tommy edward/ed
    edward/ted edward/ned charles/charlie charles/chuck benjamin/ben samuel/sam daniel/dan david/dave michael/mike
    matthew/matt andrew/andy anthony/tony alexander/alex alexander/sasha nicholas/nick peter/pete philip/phil
    patrick/pat stephen/steve steven/steve timothy/tim christopher/chris frederick/fred george/geordie gregory/greg
    jonathan/jon kenneth/ken lawrence/larry leonard/len raymond/ray ronald/ron theodore/ted theodore/teddy
    walter/walt zachary/zach abigail/abby barbara/barb beatrice/bea catherine/kate catherine/cathy katherine/kate
    katherine/kathy deborah/debbie dorothy/dot eleanor/nell eleanor/ellie florence/flo henrietta/hetty
    isabella/bella jacqueline/jackie jennifer/jenny jessica/jess josephine/josie judith/judy katharina/kathi
    mary/molly mary/polly patricia/pat patricia/patty rebecca/becky sarah/sally susan/sue theresa/terry
    victoria/vicky virginia/ginny ingrid/inga jonathan/jonny frances/fanny martha/patty friedrich/fritz
    johannes/hans maximilian/max sebastian/basti giuseppe/beppe francisco/paco jose/pepe
""")
)
ZH_TITLES = sorted(
    _set("""
    副市长 副总经理 总经理 项目经理 总工程师 工程师 先生 女士 小姐 太太 夫人 教授 医生 大夫
    老师 博士 院士 船长 市长 省长 县长 镇长 部长 局长 主任 经理 校长 院长
    厂长 队长 馆长 会长 社长 站长 主席 总统 总理 律师 法官 同志 师傅 将军
    上校 护士
"""),
    key=lambda title: (-len(title), title),
)
ZH_LEGAL = ("股份有限公司", "有限责任公司", "有限公司", "集团公司", "集团", "公司")
ZH_PLACES = ("市", "省", "县", "区", "镇", "村")
ZH_NATION = ("中国", "全国")
# The English words are what an English model can compare.
ZH_ROLES = {
    "项目经理": "project manager", "总工程师": "engineer", "工程师": "engineer", "设计师": "designer",
    "总设计师": "designer", "教授": "professor", "老师": "teacher", "教师": "teacher",
    "医生": "doctor", "大夫": "doctor", "护士": "nurse", "律师": "lawyer",
    "法官": "judge", "记者": "journalist", "作家": "writer", "诗人": "poet",
    "画家": "painter", "歌手": "singer", "歌唱家": "singer", "演员": "actor",
    "导演": "film director", "钢琴家": "pianist", "音乐家": "musician", "运动员": "athlete",
    "教练": "coach", "球员": "footballer", "科学家": "scientist", "物理学家": "physicist",
    "化学家": "chemist", "数学家": "mathematician", "历史学家": "historian", "企业家": "businessman",
    "商人": "merchant", "农民": "farmer", "渔民": "fisherman", "工人": "worker",
    "司机": "driver", "厨师": "cook", "船长": "captain", "大副": "ship officer",
    "二副": "ship officer", "市长": "mayor", "省长": "governor", "总统": "president",
    "总理": "prime minister", "主席": "chairman", "部长": "minister", "局长": "official",
    "经理": "manager", "厂长": "factory director", "校长": "headmaster", "院长": "director",
    "馆长": "curator", "将军": "general", "上校": "colonel", "警察": "police officer",
    "消防员": "firefighter", "学生": "student", "皇帝": "emperor", "河流": "river",
    "城市": "city", "公司": "company", "电影": "film", "小说": "novel",
    "大学": "university",
}  # fmt: skip
