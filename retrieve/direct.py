"""What needs no document: greetings, thanks, and what Clew can do; said by templates where no LLM is set."""

import re

from clew.language import language_of

THANKS = re.compile(
    r"\b(?:thanks?|thank you|cheers|bye|goodbye|good night)\b|谢谢|多谢|感谢|再见|拜拜|晚安", re.IGNORECASE
)
GREETING = re.compile(r"^\W*(?:hola|yo|hiya|howdy|hullo|aloha|ciao|bonjour|salut|hallo|namaste)\b", re.IGNORECASE)
REWRITE = re.compile(
    r"\b(?:shorter|shorten|translate|rephrase|reword|rewrite|simpler|bullet points?|that again)\b"
    r"|翻译|换个说法|再短|短点|改写|精简",
    re.IGNORECASE,
)

MORE = re.compile(
    r"\W*(?:please\s+)?(?:(?:tell me |say )?more(?: (?:about|on) (?:it|that|this))?|go on|keep going|continue"
    r"|(?:请)?(?:继续|接着说|再?多说(?:一?点|一些)|(?:再)?(?:详细|展开)(?:说说|讲讲|一?点)))(?:\s+please)?\W*",
    re.IGNORECASE,
)

SAYINGS = {
    "thanks": ("You are welcome.", "不客气。"),
    "rewrite": (
        "Rewriting an answer needs a language model, and none is set. Without one I quote your documents word for "
        "word. clew doctor says how to set one.",
        "改写回答需要语言模型，目前没有设置。没有模型时，我只逐字引用文档。运行 clew doctor 可以查看如何设置。",
    ),
    "stays": (
        "An answer stays as it was given. Ask its question again and say in it how you want it told: shorter, or as a "
        "list.",
        "已经给出的回答不能改写。请把问题再问一遍，并在其中说明想要怎样的回答，例如更简短，或列成清单。",
    ),
    "more": (
        "For more on the same question press “Keep going” below its answer, or run clew continue with the answer's id.",
        "想就同一个问题看更多内容，请点该回答下面的“Keep going”，或运行 clew continue 并附上回答的编号。",
    ),
    "hello": (
        "Hello. Ask me about the documents in this folder: I look them up, quote the sentences that answer, and show "
        "where each one stands. With “Keep going” you get more on the same question.",
        "你好。请就这个文件夹里的文档提问：我会查找并引用能回答问题的句子，标明出处。点“Keep going”可以继续深入。",
    ),
}


def is_small_talk(question: str) -> bool:
    """Whether a question is a greeting, thanks or a farewell by its words alone."""
    return bool(GREETING.search(question) or THANKS.search(question))


def is_said(question: str) -> bool:
    """Whether there is a saying made for it besides the greeting."""
    return is_small_talk(question) or REWRITE.search(question) is not None or asks_for_more(question)


def asks_for_more(question: str) -> bool:
    """Whether no more is said than that the last answer should go on."""
    return MORE.fullmatch(question) is not None


def reply(question: str, *, with_model: bool = False) -> str:
    """The saying that fits, in the question's language."""
    rewrite = "stays" if with_model else "rewrite"
    kind = "thanks" if THANKS.search(question) else rewrite if REWRITE.search(question) else "hello"
    kind = "more" if asks_for_more(question) else kind
    return SAYINGS[kind][language_of(question) == "zh"]
