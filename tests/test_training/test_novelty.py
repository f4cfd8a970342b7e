"""A text is new only if nothing in training resembles it."""

from training.novelty import unlike

TRAINING = [
    "Work from home, earn 500 dollars a day, write to our manager on the chat app",
    "รับสมัครพนักงานออนไลน์ รายได้ดี ทำที่บ้านได้ สนใจทักแชท",
]


def test_a_reworded_training_text_is_not_new_and_another_story_is() -> None:
    texts = [
        "Work from home and earn 900 dollars each day: write to the manager on our chat app!",
        "รับสมัครพนักงานออนไลน์ รายได้ดีมาก ทำที่บ้านก็ได้ สนใจทักแชทเลย",
        "My uncle lost his goat near the river yesterday evening.",
    ]

    assert unlike(texts, TRAINING).tolist() == [False, False, True]


def test_a_number_or_a_link_makes_no_text_new() -> None:
    assert not unlike(
        ["Work from home, earn 777 dollars a day, write to our manager on the chat app"], TRAINING
    )[0]
