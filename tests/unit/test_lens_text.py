"""How lenses are written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.lenses import LensUse, chain_of, chain_text, lens_use

names = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
values = st.one_of(st.integers(-1000, 1000).map(float), st.sampled_from(["L", "R", "Cb", "dark-red"]))
uses = st.builds(
    lambda name, settings: LensUse(name, tuple(sorted(settings.items()))),
    names,
    st.dictionaries(names, values, max_size=4),
)


@given(st.lists(uses, max_size=4))
def test_that_a_chain_is_read_back_as_it_is_written(chain: list[LensUse]) -> None:
    assert chain_of(chain_text(chain)) == tuple(chain)


@pytest.mark.parametrize("text", ["", "Exposure", "exposure:ev", "exposure:=2", "exposure:ev=", "a b:c=1"])
def test_that_what_is_no_lens_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="written as"):
        lens_use(text)


def test_that_parameters_are_sorted_so_that_equal_lenses_are_written_alike() -> None:
    assert lens_use("exposure:gamma=2,ev=1.5") == lens_use("exposure:ev=1.5,gamma=2")
    assert lens_use("exposure:gamma=2,ev=1.5").text == "exposure:ev=1.5,gamma=2"
