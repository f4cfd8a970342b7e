"""What is imported before anything is screened; each of these is a second that somebody waits."""

import os
import subprocess
import sys

import pytest

RULES = "models.entities.pipeline"


@pytest.mark.parametrize("module", ["models", "serving.cli", "serving.service"])
def test_the_tables_of_the_rules_are_not_built_before_a_model_is_loaded(module):
    program = f"import sys, {module}; sys.exit({RULES!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_package_offers_what_it_names():
    program = "import models; print(*[getattr(models, name).__name__ for name in models.__all__])"

    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert run.stdout.split() == ["Document", "Screener", "Screening", "ScreeningError", "load_screener"]


def test_to_screen_tells_nobody_of_it(tmp_path):
    program = "import models.openvino_network, sys; print('openvino.tools.ovc.telemetry_stub' in sys.modules)"
    environment = {**os.environ, "HOME": str(tmp_path)}

    run = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
    )

    assert run.stdout.strip() == "True", "OpenVINO imported its telemetry"
    assert [*tmp_path.iterdir()] == []
