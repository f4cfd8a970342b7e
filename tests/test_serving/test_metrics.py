import json
import re
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from models.screening import Document, ScreeningError
from serving import metrics
from serving.drift_window import WINDOW
from tests.fakes import FakeScreener

DASHBOARD = json.loads(
    (Path(__file__).parents[2] / "docs" / "grafana_dashboard.json").read_text(encoding="utf-8")
)
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
RULES = yaml.safe_load((Path(__file__).parents[2] / "deploy" / "alerts.yml").read_text(encoding="utf-8"))
ALERTS = {rule["alert"]: rule["expr"] for group in RULES["groups"] for rule in group["rules"]}


@pytest.fixture(scope="module")
def samples():
    """What is exported after some work: the label names of every sample, by its name."""
    screener = FakeScreener()
    records = [
        *screener.screen([Document(id="a", text="help me"), Document(id="b", text="a compound job")]),
        ScreeningError(id="c", code="empty_text", message="the text is empty"),
    ]
    metrics.count_request("screen", 200, 0.05)
    metrics.count_records(records, screener.artifact.languages)
    for _ in range(2 * WINDOW):
        metrics.watch(records[0], screener.artifact.languages)
    metrics.count_ignored("line", "sticker")
    metrics.set_waiting(3, 120)
    metrics.set_stored(2, 1)
    metrics.count_escalated(1)
    metrics.count_delivery("taken")
    metrics.count_model_switch()
    metrics.set_model_refused(refused=False)
    metrics.count_shadow("compared")
    metrics.count_shadow_disagreements(["phishing"], "th", "candidate")
    metrics.observe_batch(3, [0.01, 0.2])
    for name, value in (("prepare", 0.001), ("encode", 0.02), ("batch_tokens", 512), ("batch_padding", 0.1)):
        metrics.observe(name, value)
    with metrics.timed("serialise"):
        pass
    return {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(metrics.exposition().decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("query", QUERIES)
def test_every_metric_and_label_of_the_dashboard_is_exported(samples, query):
    grouped = re.findall(r"by \(([^)]*)\) \(rate\((scamscreen_\w+)", query)
    filtered = re.findall(r"(scamscreen_\w+)\{(\w+)", query)
    assert set(re.findall(r"scamscreen_\w+", query)) <= samples.keys()
    assert all(set(labels.split(", ")) <= samples[name] for labels, name in grouped)
    assert all(label in samples[name] for name, label in filtered)


@pytest.mark.parametrize("alert", ALERTS)
def test_every_metric_and_label_of_an_alert_is_exported(samples, alert):
    filtered = re.findall(r"(scamscreen_\w+)\{(\w+)", ALERTS[alert])
    assert set(re.findall(r"scamscreen_\w+", ALERTS[alert])) <= samples.keys()
    assert all(label in samples[name] for name, label in filtered)


def test_every_metric_of_the_service_is_on_the_dashboard(samples):
    shown = {name for query in QUERIES for name in re.findall(r"scamscreen_\w+", query)}
    families = {re.sub(r"_(bucket|sum|count|created|total)$", "", name) for name in samples}
    ours = {name for name in families if name.startswith("scamscreen_")}
    assert ours == {re.sub(r"_(bucket|sum|count|total)$", "", name) for name in shown}


def test_the_dashboard_asks_for_its_data_source_when_it_is_imported():
    [asked] = DASHBOARD["__inputs"]
    sources = {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]}
    assert sources == {f"${{{asked['name']}}}"}
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_no_two_panels_of_the_dashboard_overlap():
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    taken = [
        (one["x"] + across, one["y"] + down)
        for one in places
        for across in range(one["w"])
        for down in range(one["h"])
    ]
    assert len(set(taken)) == len(taken)
    assert max(across for across, _ in taken) < 24


def test_documents_are_counted_by_what_answered_them(samples):
    assert samples["scamscreen_screenings_total"] == {"stage"}
    assert 'scamscreen_screenings_total{stage="model"}' in metrics.exposition().decode()
