"""UCUM: whether a text is a unit, by the grammar and the unit symbols of the Unified Code for Units of Measure.

https://ucum.org/ucum (sections 2.1 to 2.4 and the tables). The symbols are those of version 2.1, without names
and values. This file includes unit codes of the UCUM, which is copyright Regenstrief Institute, Inc. and the UCUM
Organization, and is used and passed on under the licence at https://ucum.org/license.
"""

import re
from functools import lru_cache

SYSTEM = "http://unitsofmeasure.org"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PREFIXES = _words("Y Z E P T G M k h da d c m u n p f a z y Ki Mi Gi Ti")
_METRIC = _words(
    """
    A B B[10.nV] B[SPL] B[V] B[W] B[kW] B[mV] B[uV] Bd Bi Bq By C Cel Ci F G Gal Gb Gy H Hz J K Ky L Lmb Mx N Np
    Oe Ohm P Pa R RAD REM S St Sv T U V W Wb [G] [IU] [c] [e] [eps_0] [g] [h] [iU] [k] [ly] [m_e] [m_p] [mu_0]
    ar bar bit cal cal_IT cal_[15] cal_[20] cal_m cal_th cd dyn eV eq erg g g% gf kat l lm lx m m[H2O] m[Hg] mho
    mol osm pc ph rad s sb sr st t tex u
    """
)
"""Symbols that take a prefix."""

_OTHER = _words(
    """
    % %[slope] ' '' 10* 10^ AU Ao [APL'U] [AU] [Amb'a'1'U] [BAU] [Btu] [Btu_39] [Btu_59] [Btu_60] [Btu_IT]
    [Btu_m] [Btu_th] [CCID_50] [CFU] [Cal] [Ch] [D'ag'U] [EID_50] [ELU] [EU] [FEU] [FFU] [GPL'U] [HPF] [HP]
    [LPF] [Lf] [MET] [MPL'U] [PFU] [PNU] [PRU] [S] [TCID_50] [USP'U] [acr_br] [acr_us] [anti'Xa'U] [arb'U]
    [bbl_us] [bdsk'U] [beth'U] [bf_i] [bu_br] [bu_us] [car_Au] [car_m] [cft_i] [ch_br] [ch_us] [cicero] [cin_i]
    [cml_i] [cr_i] [crd_us] [cup_m] [cup_us] [cyd_i] [degF] [degR] [degRe] [den] [didot] [diop] [dpt_us] [dqt_us]
    [dr_ap] [dr_av] [drp] [dye'U] [fdr_br] [fdr_us] [foz_br] [foz_m] [foz_us] [ft_br] [ft_i] [ft_us] [fth_br]
    [fth_i] [fth_us] [fur_us] [gal_br] [gal_us] [gal_wi] [gil_br] [gil_us] [gr] [hd_i] [hnsf'U] [hp'_C] [hp'_M]
    [hp'_Q] [hp'_X] [hp_C] [hp_M] [hp_Q] [hp_X] [in_br] [in_i'H2O] [in_i'Hg] [in_i] [in_us] [ka'U] [kn_br]
    [kn_i] [knk'U] [kp_C] [kp_M] [kp_Q] [kp_X] [lb_ap] [lb_av] [lb_tr] [lbf_av] [lcwt_av] [ligne] [lk_br]
    [lk_us] [lne] [lton_av] [m/s2/Hz^0.5] [mclg'U] [mesh_i] [mi_br] [mi_i] [mi_us] [mil_i] [mil_us] [min_br] [min_us]
    [nmi_br] [nmi_i] [oz_ap] [oz_av] [oz_m] [oz_tr] [p'diop] [pH] [pc_br] [pca] [pca_pr] [pi] [pied] [pk_br] [pk_us]
    [pnt] [pnt_pr] [pouce] [ppb] [ppm] [ppth] [pptr] [psi] [pt_br] [pt_us] [pwt_tr] [qt_br] [qt_us] [rch_us]
    [rd_br] [rd_us] [rlk_us] [sc_ap] [sct] [scwt_av] [sft_i] [sin_i] [smgy'U] [smi_us] [smoot] [srd_us]
    [ston_av] [stone_av] [syd_i] [tb'U] [tbs_m] [tbs_us] [todd'U] [tsp_m] [tsp_us] [twp] [wood'U] [yd_br] [yd_i]
    [yd_us] a a_g a_j a_t atm att b bit_s circ d deg gon h min mo mo_g mo_j mo_s sph wk
    """
)
_SYMBOLS = _METRIC | _OTHER
_TOKEN = re.compile(r"(?P<mark>[()./])|(?P<note>\{[!-z|~]*\})|(?P<unit>(?:[^().{}/\[\]\s]|\[[^\[\]\s]*\])+)")
_EXPONENT = re.compile(r"[+-]?[0-9]+$")
_LONGEST = 255
"""No unit that a person means is longer."""


@lru_cache(maxsize=2048)
def is_unit(text: str) -> bool:
    """Tell whether a text is a unit in UCUM's case sensitive form: "mg/dL", "10*9/L", "{tablet}"."""
    if not 0 < len(text) <= _LONGEST:
        return False
    depth, at, before = 0, 0, "start"
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return False
        kind = token["mark"] or token.lastgroup
        depth += (kind == "(") - (kind == ")")
        if depth < 0 or not _may_follow(str(kind), before) or not (kind != "unit" or _is_simple(token["unit"])):
            return False
        at, before = token.end(), str(kind)
    return depth == 0 and before in ("unit", "note", ")")


_ENDS = frozenset({"unit", "note", ")"})
_AFTER = {
    "unit": frozenset({"start", "(", ".", "/"}),
    "(": frozenset({"start", "(", ".", "/"}),
    "note": frozenset({"start", "(", ".", "/", "unit", ")"}),
    ".": _ENDS,
    "/": _ENDS | {"start", "("},
    ")": _ENDS,
}
"""What each kind of token may stand behind."""


def _may_follow(kind: str, before: str) -> bool:
    return before in _AFTER[kind]


def _is_simple(text: str) -> bool:
    """Tell whether a text is a number, or a symbol with or without a prefix and an exponent."""
    if text.isdecimal() and text.isascii():
        return True
    exponent = _EXPONENT.search(text)
    symbol = text if exponent is None else text[: exponent.start()]
    return symbol in _SYMBOLS or any(
        symbol[:length] in _PREFIXES and symbol[length:] in _METRIC for length in (1, 2) if len(symbol) > length
    )
