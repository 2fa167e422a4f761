"""Names, "and", "or", "not" and brackets become one tree of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heimdex_desktop.domain.people import (
    Absent,
    AllOf,
    AnyOf,
    Person,
    Who,
    absent,
    all_of,
    any_of,
    holds,
    names_of,
)
from heimdex_desktop.domain.query import LONGEST_QUERY_CHARACTERS, names_typed, parse
from heimdex_desktop.domain.query_people import DEEPEST_BRACKETS
from heimdex_desktop.domain.query_text import written_people
from tests.domain.typed_texts import typed_texts

A, B, C = Person("A"), Person("B"), Person("C")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("@A", A),
        ("＠A", A),
        ("person:A", A),
        ('Person:"Minji Kim"', Person("Minji Kim")),
        ("@“Minji  Kim”", Person("Minji Kim")),
        ('@"Sammy Davis Jr."', Person("Sammy Davis Jr.")),
        ("@A, hello", A),
        ("@민지", Person("민지")),
        ('@"Minji K', Person("Minji K")),
        ("@A @B", AllOf((A, B))),
        ("@A and @B", AllOf((A, B))),
        ("@A OR @B", AnyOf((A, B))),
        ("@A or @B", AnyOf((A, B))),
        ("@A|@B", AnyOf((A, B))),
        ("@A ｜ @B", AnyOf((A, B))),
        ("@A OR @B @C", AnyOf((A, AllOf((B, C))))),
        ("(@A OR @B) @C", AllOf((AnyOf((A, B)), C))),
        ("（@A|@B）@C", AllOf((AnyOf((A, B)), C))),
        ("( @A ( @B @C ) )", AllOf((A, B, C))),
        ("-@A", Absent(A)),
        ("-person:A @B", AllOf((Absent(A), B))),
        ("-(@A OR @B)", Absent(AnyOf((A, B)))),
        ("-(-@A)", A),
        ("@A @A", A),
        ("@A sea @B", AllOf((A, B))),
        ("@A OR @B sea @C", AllOf((AnyOf((A, B)), C))),
        ("(@A OR @B", AnyOf((A, B))),
        ("@A) OR @B", AnyOf((A, B))),
        ("@A OR OR @B", AnyOf((A, B))),
        ("() @A ()", A),
        ("(@A OR) @B", AllOf((A, B))),
        ("(@A OR @B AND) @C", AllOf((AnyOf((A, B)), C))),
    ],
)
def test_people(typed: str, expected: Who) -> None:
    assert parse(typed).people == expected


@pytest.mark.parametrize("typed", ["@", "@ A", "@...", '@""', "me@home", "A OR B", "person: A"])
def test_no_people(typed: str) -> None:
    assert parse(typed).people is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [("@A OR sea", ("OR", "sea")), ("sea OR @A", ("sea", "OR")), ("@A and the sea", ("and", "the", "sea"))],
)
def test_a_joint_with_people_on_one_side_is_a_word(typed: str, words: tuple[str, ...]) -> None:
    query = parse(typed)
    assert query.people == A
    assert query.words == words


def test_no_nesting_is_too_deep() -> None:
    typed = "(@a|-(@b" * (LONGEST_QUERY_CHARACTERS // 8)
    people = parse(typed).people
    assert people is not None
    assert written_people(people).count("(") <= DEEPEST_BRACKETS
    assert parse(written_people(people)).people == people


_TREES = st.recursive(
    st.sampled_from([A, B, C]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: all_of(parts) or A),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: any_of(parts) or A),
        inner.map(absent),
    ),
    max_leaves=8,
)


@given(_TREES, st.sets(st.sampled_from("ABC")))
def test_written_and_read_again_it_holds_for_the_same_people(tree: Who, there: set[str]) -> None:
    written = written_people(tree)
    again = parse(written).people
    assert again is not None
    assert again == tree
    assert holds(again, there.__contains__) == holds(tree, there.__contains__)


def test_holds_means_what_it_says() -> None:
    tree = parse("(@A OR @B) -@C").people
    assert tree is not None
    met = [there for there in ("", "A", "B", "AB", "AC", "C") if holds(tree, there.__contains__)]
    assert met == ["A", "B", "AB"]


def test_where_each_name_was_typed_is_known() -> None:
    typed = 'sea ＠A -person:"Minji  Kim" "@C" >> (@B'
    assert [(name, typed[start:end]) for name, start, end in names_typed(typed)] == [
        ("A", "＠A"),
        ("Minji Kim", '-person:"Minji  Kim"'),
        ("B", "@B"),
    ]


@given(typed_texts)
def test_the_names_that_were_typed_are_those_of_the_query(typed: str) -> None:
    query = parse(typed)
    parts = query.sequence.parts if query.sequence else (query,)
    of_query = {name for part in parts for name in names_of(part.people)}
    found = list(names_typed(typed))
    assert of_query <= {name for name, _, _ in found}
    assert all(0 <= start < end <= len(typed) for _, start, end in found)
