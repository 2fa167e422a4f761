"""Chooses which text of a scene shows why it matched, and which words of it to mark."""

from heimdex_desktop.domain.search import Channel, Hit


def telling_text(hit: Hit) -> tuple[str, tuple[str, ...]]:
    """Return what is said with the words that matched; what is on screen where only that matched."""
    said, written = _words_of(hit, Channel.SAID), _words_of(hit, Channel.TEXT)
    if written and not said:
        return hit.scene.screen_text.replace("\n", " · "), written
    return hit.scene.transcript, said


def whole_text(hit: Hit) -> tuple[str, tuple[str, ...]]:
    """Return all that is said and below it all that is on screen, with the words that matched in both."""
    written = f"On screen:\n{hit.scene.screen_text}" if hit.scene.screen_text else ""
    text = "\n\n".join(part for part in (hit.scene.transcript, written) if part)
    return text, (*_words_of(hit, Channel.SAID), *_words_of(hit, Channel.TEXT))


def _words_of(hit: Hit, channel: Channel) -> tuple[str, ...]:
    return tuple(word for reason in hit.because if reason.channel is channel for word in reason.words)
