"""Lets a language be found by its names while a query is typed, and not by its code alone."""

from dataclasses import replace

from PySide6.QtCore import QLocale

from heimdex_desktop.domain.query_completion import Offer, Offers


def with_names(offers: Offers) -> Offers:
    """Add to each language what it is called in English and in itself, as far as the system knows."""
    return replace(offers, languages=tuple(_named(offer) for offer in offers.languages))


def _named(offer: Offer) -> Offer:
    locale = QLocale(offer.value)
    if locale.language() is QLocale.Language.C:
        return offer
    return Offer.of(offer.value, QLocale.languageToString(locale.language()), locale.nativeLanguageName())
