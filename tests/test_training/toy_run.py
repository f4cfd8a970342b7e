"""Trains the toy network in a process of its own: `python -m tests.test_training.toy_run RUN`.

Writes `RUN/final.safetensors` at the end. Tests kill it, or start several of it with torchrun.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from models.taxonomy import LABELS
from tests.test_training.toy import COUNTS, new_network, toy
from tests.tiny import tiny_recipe, tiny_tokenizer_json
from training.fit import fit
from training.place import find_place
from training.stopping import TuneTexts
from training.texts import Taught

EPOCHS = 40


def main(run: Path) -> None:
    """Train; without dropout, and without roles, whose mean is over the texts of each process by itself."""
    recipe = tiny_recipe(
        epochs=EPOCHS,
        checkpoint_steps=7,
        batch_tokens=100,
        masked_digits=0.5,
        mined_texts=2,
        kept_weight=0.5,
        patience=EPOCHS,
        tune_texts=16,
        role_weight=0.0,
    ).fit
    tokenizer = Tokenizer.from_str(tiny_tokenizer_json())
    network, place = new_network(tokenizer), find_place()
    network.dropout.p = 0.0
    texts = toy()
    fit(
        network,
        tokenizer,
        texts,
        recipe,
        {**COUNTS, "toy": 12},
        run=run,
        tune=TuneTexts(texts, [list(range(16))]),
        taught=Taught(torch.full((16, len(LABELS)), -3.0), 1 - texts.mask),
        place=place,
    )
    place.leave()
    if place.first:
        save_file(network.state_dict(), run / "final.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
