"""The one desk about people for the window and the command line: what a person says of faces is done here."""

from heimdex_desktop.people_desk.desk import PeopleDesk
from heimdex_desktop.people_desk.means import DeskMeans

__all__ = ["DeskMeans", "PeopleDesk"]
