"""Lists the boilerplate that sites save with a page: bread crumbs, buttons, dates, footers.

``TABLE`` is the whole list; ``corpus/README.md`` shows it to the people who keep a corpus. The forms match whole lines
only, without case; ``lines.boilerplate`` classifies lines by them.
"""

import re
from dataclasses import dataclass

from askdoc.corpus.dates import MONTH_NAME, WEEKDAY_NAME


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """One kind of line that the site writes: its name in remarks, the form of its lines, and why it is on the list."""

    name: str
    form: re.Pattern[str]
    why: str
    is_sure: bool = True
    """Whether no doctor would write such a line."""
    is_above_only: bool = False
    """Whether such a line stands nowhere but above the answer counter."""


def _kind(name: str, why: str, *forms: str, is_sure: bool = True, is_above_only: bool = False) -> Boilerplate:
    form = re.compile("|".join(f"(?:{form})" for form in forms), re.IGNORECASE)
    return Boilerplate(name, form, why, is_sure, is_above_only)


_MONTH = rf"{MONTH_NAME}\.?"
_WEEKDAY = rf"(?:{WEEKDAY_NAME}\.?,? )?"
_CLOCK = r"(?:,? (?:at )?\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?)?"
DAY = (
    rf"{_WEEKDAY}(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?\.? {_MONTH},? \d{{4}}"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}}){_CLOCK}"
)
_AGO = (
    r"(?:(?:about |over |almost |more than )?(?:(?:an?|one|\d{1,3}\+?) (?:second|minute|hour|day|week|month|year)s?"
    r"|\d{1,3} ?(?:mins?|hrs?|yrs?|mos?|[hdwmy])) ago|yesterday|today)"
)
_WHEN = rf"(?:{DAY}|{_AGO})"
_DOCTOR = r"(?:dr|prof)\.? [^.!?]{2,50}"
_ROOT = r"(?:home|start|main|index|questions?|topics?|forums?|q ?(?:&|and) ?a|community|answers?|browse|all|health|ask)"
ANSWERED = (
    r"(?:(?:doctor(?:'s)? )?(?:answer(?:ed)?|posted|published|replied|written|reply|response)"
    r"(?: (?:posted|published|given))?)"
)
_PATIENT = r"(?:(?:the )?(?:patient|asker|user|member|op)|[\w.-]*\d[\w.-]*)"
_RATED = r"(?:helpful|useful)"
_POLICY = r"(?: (?:of (?:use|service)|policy|notice|statement|(?:&|and) conditions|us|center))"
_FOOT = rf"(?:(?:terms|privacy|about|contact|careers|help|faq|site ?map|imprint|accessibility|cookies?){_POLICY}?)"
_SITES = r"(?:facebook|twitter|x|linkedin|pinterest|whatsapp)"
_BUTTON = (
    r"(?:reply|share|report(?: (?:abuse|this|this answer|answer))?|follow|comments?|add (?:a )?comment|like|save|print"
    r"|thanks|permalink"
    rf"|e-?mail|tweet|pin|bookmark|flag|thank|copy link|share (?:this )?(?:answer|on {_SITES})|{_SITES}"
    r"|(?:are you a doctor\?? )?(?:answer|follow|share|save) this (?:question|topic|page)"
    r"|(?:load|view) more(?: answers)?|(?:show|see|view) (?:more answers|all(?: answers)?)"
    r"|upvote|downvote|vote|next|previous)"
)
_ORDER = (
    r"(?:(?:most|top|by|highest) (?:helpful|recent|relevant|popular|rated|votes?)|newest|oldest|latest|relevance"
    r"|popular(?:ity)?|votes|date|best|rating|all answers)(?: first| to oldest| to newest)?"
)

TABLE: tuple[Boilerplate, ...] = (
    _kind(
        "bread crumbs",
        "the way through the site to the page, on one line or one step to a line",
        rf"{_ROOT}(?: ?[>›»/|→] ?[^>›»/|→]{{1,60}}){{1,7}}",
        r"[^>›»→.?!]{1,40}(?: ?[>›»→] ?[^>›»→.?!]{1,60}){2,7}",
        r"home(?: ?[>›»/|→])?|[>›»/|→]",
        is_above_only=True,
    ),
    _kind(
        "site's menu",
        "buttons and links at the head of every page",
        r"ask (?:a |your |our )?(?:doctor|question|expert|surgeon)s?(?: a question| now| online)?",
        r"(?:log ?in|sign (?:in|up|out)|register|join(?: now| us| free)?|menu|search|find a doctor|write a review)"
        r"(?: ?[|·•/] ?(?:log ?in|sign (?:in|up)|register|join(?: now)?))?|skip to (?:main )?content",
        r"search(?: for)? .{1,60}(?:…|\.\.\.)|(?:subscribe|sign up)(?: (?:to|for))? (?:our |the )?newsletter",
        r"(?:[←‹«<] ?)?back to .{0,20}(?:questions?|q ?& ?a|answers|forums?|list|results|search|home)|[←‹«<] ?back",
        is_above_only=True,
    ),
    _kind(
        "tabs",
        "the tabs of the page, with their numbers",
        r"(?:photos?|reviews?|videos?|before (?:&|and) after|costs?|q&a)(?: \(?\d[\d,]*\)?)",
        is_above_only=True,
    ),
    _kind(
        "asker",
        "who asked, from where, when: no part of the question",
        rf"(?:asked|question|posted|submitted) by:? [^.!?]{{1,60}}?(?: {_AGO}| on {DAY})?",
        rf"asked(?: on| in)?:? (?:{_WHEN}|{_MONTH} \d{{4}})(?: by [^.!?]{{1,60}})?",
        r"[\w.-]*\d[\w.-]* (?:in|from) (?-i:[A-Z])[\w .'-]{1,30}, (?-i:[A-Z]{2})",
        is_above_only=True,
    ),
    _kind(
        "views",
        "the site's counts",
        r"(?:\d+ answers? ?[·|•,-] ?)?\d[\d,.]*k? (?:views?|followers?|people (?:viewed|follow) this)",
        r"viewed \d[\d,]* times",
        is_above_only=True,
    ),
    _kind(
        "topics",
        "the site's key words",
        r"(?:topics?|tags?|tagged|categor(?:y|ies)|keywords?|filed under|posted in)(?: with| in)?:\s?[^.?!]{1,160}",
    ),
    _kind("hash tags", "the site's key words", r"#\w+(?:[ ,]+#\w+)*", is_sure=False),
    _kind(
        "sorting",
        "the control that orders the answers",
        r"(?:sort(?:ed)?(?: answers)?(?: by)?|filter(?: by)?|order by):? ?(?:most |top |by )?"
        r"(?:helpful|recent|relevan(?:t|ce)|newest|oldest|votes?|popular|date|best|all(?: answers)?|rated)(?: first)?",
        r"showing (?:answers? )?\d+ ?(?:[-–—]|to) ?\d+ of \d+(?: answers?)?",
    ),
    _kind(
        "sorting",
        "the control that orders the answers, with the words of its list on lines of their own",
        rf"(?:sort(?:ed)?(?: answers)?(?: by)?|filter(?: answers)?(?: by)?|order by):?|{_ORDER}",
        is_sure=False,
    ),
    _kind(
        "helpful",
        "the question whether the answer helped, and how readers answered it",
        r"(?:\d[\d,]*|one|no one|nobody)(?: other)?(?: of \d[\d,]*)?"
        r" (?:people|persons?|users?|readers?|patients?|members?|doctors?)?"
        r" ?(?:has |have )?(?:found|finds?|thought|marked) (?:this|it|the)(?: answer| response)?(?: was| as)?"
        rf" ?{_RATED}",
        r"\d[\d,]* (?:doctors?|people|person) (?:agrees?|likes? this(?: answer)?)",
        r"(?:was|did you find|is|did) (?:this|it|the)(?: answer| response| page| article| information)?(?: you)?"
        rf" ?(?:{_RATED}|help)\??(?: ?[:|/·]? ?(?:yes|no)(?: ?\(\d+\))?)*",
    ),
    _kind(
        "helpful",
        "the buttons of that question",
        rf"(?:not |un|mark as )?{_RATED}(?: \(?\d[\d,]*\)?)?\??|thanks \(\d+\)|\d+ {_RATED} votes?|[👍👎]️? ?\d*",
        r"(?:yes|no)(?: ?\(?\d+\)?)?(?: ?[|/·]? ?(?:yes|no)(?: ?\(?\d+\)?)?)?",
        is_sure=False,
    ),
    _kind(
        "votes below",
        "counts that stand below an answer; below its headline they are its votes",
        r"\d[\d,]* (?:likes?|votes?|upvotes?|points?|thanks|comments?|replies|shares?)",
        is_sure=False,
    ),
    _kind(
        "badge",
        "what a site writes over an answer that it puts first or counts",
        r"(?:(?:best|top|featured|accepted|chosen|verified|recommended)(?: rated)?(?: doctor(?:'s)?)? answer"
        r"|(?:doctor|expert|physician)(?:'s)? answer|answer #?\d{1,3}(?: of \d{1,3})?|verified(?: doctor| expert)?)",
        is_sure=False,
    ),
    _kind(
        "folded text",
        "the button that unfolds the rest of an answer",
        r"(?:…|\.\.\.)? ?(?:\(?(?:read|show|see) (?:more|less)\)?|\[?more\]?)(?: ?(?:…|\.\.\.|[»›→]))?",
        is_sure=False,
    ),
    _kind(
        "buttons",
        "buttons below an answer",
        rf"{_BUTTON}(?: ?[|·•/] ?{_BUTTON}| {_BUTTON})*(?: \(?\d+\)?)?",
        is_sure=False,
    ),
    _kind(
        "date",
        "when the answer was given; a day that can be read in one way only becomes the answer's date",
        rf"{ANSWERED}(?: on)?:? {_WHEN}|(?:last )?(?:updated|edited|modified|reviewed)(?: on)?:? {_WHEN}",
    ),
    _kind("date", "a day on a line of its own, without a word that says what happened on it", _WHEN, is_sure=False),
    _kind(
        "reviewer",
        "who looked the page over, with the lines of their name: never the author of an answer",
        r"(?:(?:medically |clinically )?reviewed|(?:medically|clinically) (?:checked|verified|approved|edited)"
        r"|fact[- ]?checked|edited)(?: for accuracy)?(?: by:?|:)"
        rf"(?: (?-i:[A-Z][^!?:;]{{2,60}}))?(?:,? on {DAY}| {_AGO})?",
    ),
    _kind(
        "reviewer",
        "who wrote the page for the site: below the counter such a line could name the author of an answer",
        rf"(?:written|authored|compiled|updated) by:?(?: (?-i:[A-Z][^!?:;]{{2,60}}))?(?:,? on {DAY}| {_AGO})?",
        is_above_only=True,
    ),
    _kind(
        "links to the doctor",
        "links to the doctor's own pages",
        r"(?:more|other|all|read more|see (?:all|more)|view (?:all|more))"
        rf"(?: (?:answers|questions|posts|articles|photos|reviews))? (?:from|by|of) {_DOCTOR}",
        rf"(?:view|see|visit)(?: full| doctor'?s?| provider)? profile|(?:follow|message) {_DOCTOR}",
    ),
    _kind(
        "booking",
        "buttons to book a visit",
        r"(?:book|request|schedule|make|get)(?: an?| your)?(?: free| online| virtual| video)*"
        r" (?:consultation|appointment|consult|quote)(?: now| online| today| with dr\.? [^.!?]{2,40})?",
        r"contact (?:this )?(?:doctor|provider|office|the office|us)|visit (?:website|web ?site)|get directions",
        rf"(?:call|message|send message)(?: doctor| provider| office)|(?:contact|call|consult|about) {_DOCTOR}",
        is_sure=False,
    ),
    _kind(
        "contact",
        "the doctor's telephone number or address in the web, below their lines",
        r"(?:(?:phone|tel|telephone|call|office|fax)[.:]? ?)?\+?(?:\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}"
        r"(?: ?(?:x|ext\.?) ?\d{1,5})?",
        r"(?:website:? ?)?(?:https?://|www\.)\S+|(?:e-?mail:? ?)?[\w.+-]+@[\w-]+\.[\w.-]+",
        is_sure=False,
    ),
    _kind(
        "asker's reply",
        "what a patient wrote below an answer",
        rf"{_PATIENT} (?:replied|commented|responded)(?: \w{{1,12}})?: ?\S.{{0,300}}",
        rf"(?:comment|reply) (?:from|by) {_PATIENT}(?:: .{{0,300}})?",
    ),
    _kind(
        "related questions",
        "a heading of links to other pages, and the links",
        r"(?:related|similar|popular|recent|recommended|trending|more|other)"
        r" (?:questions?|topics?|articles?|answers?|posts?|reading|videos?|content|q&as?)"
        r"(?: (?:and answers|like this|about [^.?!]{1,40}))?:?",
        r"you (?:may|might) also (?:like|be interested in)(?: (?:these )?(?:questions?|articles?))?:?|related:?",
        is_sure=False,
    ),
    _kind("rule", "a line drawn between answers", r"(?:[-=_*~#•–—] ?){3,}", is_sure=False),
    _kind(
        "advertisement",
        "an advertiser's place",
        r"(?:advertisements?|ads?|sponsored(?: (?:content|links?))?|promoted|advertising|ad by \w+)(?: - .{0,60})?",
        is_sure=False,
    ),
    _kind(
        "cookies",
        "the notice of cookies",
        r"(?:we|(?:this|our) (?:web ?)?site) uses? cookies\b.{0,300}|cookie (?:policy|settings|preferences)",
        r"(?:accept|reject|manage|allow)(?: all)?(?: cookies| preferences)",
        r"by (?:continuing|using)[^.]{0,80}cookies.{0,120}",
    ),
    _kind(
        "footer",
        "the foot of every page",
        r"(?:copyright ?)?(?:©|\(c\)|copyright) ?(?:19|20)\d\d\b.{0,120}|.{0,60}all rights reserved\.?",
        rf"{_FOOT}(?: ?[|·•/-] ?{_FOOT}){{1,8}}(?: ?[|·•/-] ?[\w& ]{{2,30}}){{0,8}}|(?:terms|privacy){_POLICY}",
        r"powered by \S.{0,40}|back to top|page \d+(?: of \d+)?",
    ),
    _kind("footer", "the foot of every page, without a year", r"(?:copyright ?)?© ?.{0,120}", is_sure=False),
)
