"""What the author of a file allows, as VRM 0.x and 1.0 write it, in one form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from .kind import FileKind
from .reading import Entry, entry, words

_LONGEST = 300

type Allowed = bool | None
"""Yes, no, or the file does not say."""

_ALLOW_0: dict[object, Allowed] = {"Allow": True, "Disallow": False}
# VRM 0.x names Creative Commons licences; each says something about change and passing on.
_NO_CHANGE = ("_ND", "Redistribution_Prohibited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Who made a figure and what may be done with it."""

    title: str = ""
    authors: tuple[str, ...] = ()
    licence: str = ""
    """Its name, or the address where it stands."""
    who_may_use: str = ""
    """`onlyAuthor`, `onlySeparatelyLicensedPerson`, `everyone`, or nothing."""
    commercial: str = ""
    """`personalNonProfit`, `personalProfit`, `corporation`, or nothing."""
    violence: Allowed = None
    sexual: Allowed = None
    politics_and_religion: Allowed = None
    hate: Allowed = None
    passing_on: Allowed = None
    changing: str = ""
    """`prohibited`, `allowModification`, `allowModificationRedistribution`, or nothing."""
    credit: str = ""
    """`required`, `unnecessary`, or nothing."""
    contact: str = ""
    further: tuple[str, ...] = ()
    """References, third parties' licences and other terms."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `as_dict` wrote; fields of a newer release are left out."""
        known = {name: data[name] for name in cls.__slots__ if name in data}
        for name in ("authors", "further"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(self).items()}


def licence_of(document: Entry, kind: FileKind) -> Licence:
    """Read the licence of a file."""
    extensions = entry(document, "extensions")
    match kind:
        case FileKind.VRM_1:
            return _licence_1(entry(entry(extensions, "VRMC_vrm"), "meta"))
        case FileKind.VRM_0:
            return _licence_0(entry(entry(extensions, "VRM"), "meta"))
        case _:
            return _licence_gltf(document)


def _licence_1(meta: Entry) -> Licence:
    """Read `VRMC_vrm.meta` (VRM 1.0)."""
    return Licence(
        title=_text(meta, "name"),
        authors=_texts(meta, "authors"),
        licence=_text(meta, "licenseUrl"),
        who_may_use=_text(meta, "avatarPermission") or "onlyAuthor",
        commercial=_text(meta, "commercialUsage") or "personalNonProfit",
        violence=meta.get("allowExcessivelyViolentUsage") is True,
        sexual=meta.get("allowExcessivelySexualUsage") is True,
        politics_and_religion=meta.get("allowPoliticalOrReligiousUsage") is True,
        hate=meta.get("allowAntisocialOrHateUsage") is True,
        passing_on=meta.get("allowRedistribution") is True,
        changing=_text(meta, "modification") or "prohibited",
        credit=_text(meta, "creditNotation") or "required",
        contact=_text(meta, "contactInformation"),
        further=_filled(
            _text(meta, "copyrightInformation"),
            *_texts(meta, "references"),
            _text(meta, "thirdPartyLicenses"),
            _text(meta, "otherLicenseUrl"),
        ),
    )


def _licence_0(meta: Entry) -> Licence:
    """Read `VRM.meta` (VRM 0.x)."""
    licence = _text(meta, "licenseName")
    return Licence(
        title=_text(meta, "title"),
        authors=_filled(_text(meta, "author")),
        licence=licence,
        who_may_use={
            "OnlyAuthor": "onlyAuthor",
            "ExplicitlyLicensedPerson": "onlySeparatelyLicensedPerson",
            "Everyone": "everyone",
        }.get(_text(meta, "allowedUserName"), ""),
        commercial={"Allow": "corporation", "Disallow": "personalNonProfit"}.get(
            _text(meta, "commercialUssageName"), ""
        ),
        violence=_ALLOW_0.get(_text(meta, "violentUssageName")),
        sexual=_ALLOW_0.get(_text(meta, "sexualUssageName")),
        passing_on=licence != "Redistribution_Prohibited" if licence else None,
        changing="prohibited" if licence.endswith(_NO_CHANGE) else "",
        credit="required" if licence.startswith("CC_BY") else "",
        contact=_text(meta, "contactInformation"),
        further=_filled(
            _text(meta, "reference"),
            _text(meta, "otherPermissionUrl"),
            _text(meta, "otherLicenseUrl"),
        ),
    )


def _licence_gltf(document: Entry) -> Licence:
    """Read what a file without VRM data says: a copyright at most, and the extras of sharing sites."""
    asset = entry(document, "asset")
    extras = asset.get("extras")
    extras = extras if isinstance(extras, dict) else {}
    return Licence(
        title=_text(extras, "title"),
        authors=_filled(_text(extras, "author")),
        licence=_text(extras, "license"),
        further=_filled(_text(asset, "copyright"), _text(extras, "source")),
    )


def _text(fields: Entry, name: str) -> str:
    """Return a text of the file, shortened."""
    value = fields.get(name)
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def _texts(fields: Entry, name: str) -> tuple[str, ...]:
    """Return the texts of a list, shortened."""
    return _filled(*(text.strip()[:_LONGEST] for text in words(fields.get(name))[:20]))


def _filled(*many: str) -> tuple[str, ...]:
    """Return the texts that are not empty."""
    return tuple(text for text in many if text)
