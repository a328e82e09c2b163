"""Labels of a crowded chart stay beside each other."""

from surveys.label_places import label_places


def test_a_label_stands_above_its_point():
    assert label_places([("q1", 3.0, 3.5), ("q2", 2.0, 3.1)]) == ["top center", "top center"]


def test_two_points_in_one_place_have_their_labels_above_and_below():
    assert label_places([("q1", 3.0, 3.5), ("q2", 3.0, 3.5), ("q3", 1.0, 1.0)]) == [
        "top center",
        "bottom center",
        "top center",
    ]


def test_a_label_does_not_cover_the_point_above_it():
    places = label_places([("q1", 3.0, 3.00), ("q2", 3.0, 3.03), ("q3", 1.0, 3.60), ("q4", 1.0, 2.0)])
    assert places[:2] == ["bottom center", "top center"]


def test_no_points_have_no_labels():
    assert label_places([]) == []
