"""Codes of systems outside FHIR that a grammar or a short public list can judge; all others stay unjudged.

Media types (BCP 13), languages (BCP 47), currencies (ISO 4217), countries (ISO 3166-1), units (UCUM).
https://hl7.org/fhir/R4/terminologies-systems.html
"""

import re
from collections.abc import Callable

from adapter.fhir.definitions import ucum

_VALUE_SETS = "http://hl7.org/fhir/ValueSet/"
_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_ATOM = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_is_media_type = re.compile(
    rf"{_NAME}/{_NAME}(?:\s*;\s*{_ATOM}=(?:[^;\"\x00-\x20][^;\"\x00-\x1f]*|\"[^\"\\\x00-\x1f]*\"))*", re.ASCII
).fullmatch
"""https://www.rfc-editor.org/rfc/rfc6838#section-4.2; parameters may lack their quotes, as in R4's own examples."""

_LONGEST = 1000

_SHORT_FORMATS = frozenset({"json", "xml", "ttl", "html"})
"""R4 itself writes these for the media types of its own formats (CapabilityStatement.format, `_format`)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LANGUAGES = _words(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja
    ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na
    nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq
    sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """
)
"""All of two letters in the IANA registry; those of three are too many and are judged by their form."""

_language = re.compile(
    r"(?:([a-z]{2})|[a-z]{3})(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+"
    r"|en-gb-oed|sgn-(?:be-fr|be-nl|ch-de)|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)",
    re.IGNORECASE | re.ASCII,
).fullmatch
"""https://www.rfc-editor.org/rfc/rfc5646#section-2.1."""

_CURRENCIES = _words(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
    CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
    GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL
    LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
    TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VEF VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD
    XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL
    """
)
"""In force at some time since R4 (2019)."""

_COUNTRIES = _words(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
    CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
    GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
    KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
    MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
    SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
    UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """
)
_longer_country = re.compile(r"[A-Z]{3}|[0-9]{3}").fullmatch


def is_media_type(code: str) -> bool:
    """Tell whether a text has the form of a media type, or is a short name that R4 uses for its own formats."""
    return code in _SHORT_FORMATS or (len(code) <= _LONGEST and _is_media_type(code) is not None)


def is_language(code: str) -> bool:
    """Tell whether a text is a well-formed language tag; those of two letters must be registered."""
    match = _language(code) if len(code) <= _LONGEST else None
    return match is not None and (match[1] is None or match[1].lower() in _LANGUAGES)


def is_currency(code: str) -> bool:
    """Tell whether a text is an ISO 4217 code that was in force in 2019 or later."""
    return code in _CURRENCIES


def is_country(code: str) -> bool:
    """Tell whether a text is an ISO 3166-1 code: of two letters by the list, of three or in digits by the form."""
    return code in _COUNTRIES or _longer_country(code) is not None


JUDGED_SYSTEMS: dict[str, Callable[[str], bool]] = {
    "urn:ietf:bcp:13": is_media_type,
    "urn:ietf:bcp:47": is_language,
    "urn:iso:std:iso:4217": is_currency,
    "urn:iso:std:iso:3166": is_country,
    ucum.SYSTEM: ucum.is_unit,
}
"""By the URI of the system."""

JUDGED_VALUE_SETS: dict[str, tuple[Callable[[str], bool], str]] = {
    f"{_VALUE_SETS}mimetypes": (is_media_type, "a media type such as application/pdf (BCP 13)"),
    f"{_VALUE_SETS}all-languages": (is_language, "a language such as nl or de-CH (BCP 47)"),
    f"{_VALUE_SETS}currencies": (is_currency, "a currency such as EUR (ISO 4217)"),
}
"""By the URL of the value set: the judge, and what completes "must be ..."."""
