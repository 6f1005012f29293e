"""What a training tells that lacked public sets."""

from core.ai.embedded.costs import find_whole, tell_costs

WHOLE = {"sets": {"own": 969, "umsab_pt": 2268}, "held out": {"sentiment": 0.79, "tone": 0.7, "umsab_pt: sentiment": 0.66}}


def test_a_training_without_a_set_names_it_and_what_each_figure_loses() -> None:
    assert tell_costs({"sentiment": 0.76, "tone": 0.7}, {"own": 969}, WHOLE) == [
        "Not trained on: umsab_pt. What that costs, against the weights that were:",
        "  sentiment                                                0.760 instead of 0.790 (-0.030)",
        "  umsab_pt: sentiment                                        not measured, no row of it is there; 0.660 with all sets",
    ]


def test_a_training_with_every_set_has_nothing_to_tell() -> None:
    assert tell_costs({"sentiment": 0.76}, {"own": 969, "umsab_pt": 2268}, WHOLE) == []


def test_a_second_training_without_sets_is_still_held_against_the_whole_one() -> None:
    assert find_whole({"sets": {"own": 969}, "held out": {}, "whole": WHOLE}) == WHOLE
    assert find_whole(WHOLE) == WHOLE
