"""A small invented report, for tests of what is made of one."""

from typing import Any

from models.language import FIRST_CLASS
from models.taxonomy import LABELS
from training.metrics import Share


def comparison(**fields: Any) -> dict[str, Any]:
    return {
        "n": 200,
        "positives": 40,
        "prevalence": 0.2,
        "average_precision": 0.912,
        "baseline_average_precision": 0.734,
        "difference95": [0.101, 0.257],
        "recall_at_1_percent": 0.625,
        "baseline_recall_at_1_percent": 0.375,
        **fields,
    }


def invented_report() -> dict[str, Any]:
    """Return a small report with a gap of every kind."""
    share, nothing = Share(3, 200).to_dict(), Share(0, 0).to_dict()
    points = {"screening": share, "balanced": share, "strict": share}
    label = {
        "n": 300,
        "positives": 30,
        "prevalence": 0.1,
        "average_precision": 0.887,
        "average_precision_masked": 0.871,
        "recall_at_1_percent": 0.733,
        "baseline_average_precision": 0.651,
        "reliability": [[0.1, 0.05, 100], [0.6, 0.55, 100], [0.9, 0.95, 100]],
    }
    empty: dict[str, Any] = {language: dict.fromkeys(LABELS) for language in FIRST_CLASS}
    empty["th"]["phishing"] = 0.5
    return {
        "artifact": {"name": "tiny", "version": "0.0.1", "sha256": "abcdef0123456789" * 4},
        "texts_per_set": 1200,
        "least_positives": 100,
        "thresholds": {point: dict.fromkeys(LABELS, 0.5) for point in points},
        "vocabulary": {
            "pieces": 68000,
            "tokens_per_word": {language: [1.5, 1.625] for language in FIRST_CLASS},
        },
        "leaked": {"vi_smishing": 1234},
        "test_split": {
            "n": 400,
            "labels": {"phishing": label, "loan_scam": {**label, "positives": 3}},
            "macro_average_precision": 0.845,
            "baseline_macro_average_precision": 0.612,
            "labels_in_macro": 1,
            "any_label": comparison(),
            "any_label_masked": 0.9,
            "keyword_average_precision": 0.4,
            "role_accuracy": share,
            "role_accuracy_written": nothing,
            "written_short": nothing,
            "written_by_language": {
                language: {"any_right_label": share, "false_alarms": nothing} for language in FIRST_CLASS
            },
            "language_x_label": empty,
            "person_at_risk_recall_screening": Share(47, 48).to_dict(),
        },
        "false_alarms": {"nus_sms": {**points, "eval_only": True, "by_language": {"en": share}}},
        "ntrex_by_language": dict.fromkeys(FIRST_CLASS, share),
        "warnings": share,
        "two_class": {
            "toy_set": comparison(
                eval_only=True,
                languages=["vi"],
                average_precision_masked=0.9,
                baseline_average_precision_masked=0.7,
                keyword_average_precision=0.5,
                curve=[[0.1, 1.0], [1.0, 0.2]],
                baseline_curve=[[0.1, 0.9], [1.0, 0.2]],
            )
        },
        "recall": {"only_scams": points},
        "certificates": {"th": {"n": 1500, "k": 8, "bound": 0.00961, "sources": {"toy_sms": 1500}}},
        "attacks": {
            name: [
                {
                    "family": "leet",
                    "strength": "30%",
                    "normalised": normalised,
                    "success_macro": 0.125 if name == "model" else None,
                    "success": share,
                    "by_language": {"en": share},
                    "raised": share,
                }
                for normalised in (True, False)
            ]
            for name in ("model", "character n-grams")
        },
        "written_test": {
            "n": 1200,
            "positives": 615,
            "scorings": 3,
            "macro_average_precision": 0.871,
            "labels_in_macro": 20,
            "labels": {
                "phishing": {
                    "positives": 57,
                    "average_precision": 0.913,
                    "recall": share,
                    "brier_skill": 0.41,
                },
                "drug_trade": {"positives": 24, "average_precision": 0.333, "recall": nothing},
            },
            "any_right_label": share,
            "any_right_label_by_language": dict.fromkeys(FIRST_CLASS, share),
            "any_right_label_by_role": {"offer": share, "enquiry": nothing},
            "any_right_label_by_kind": {"plain": share},
            "false_alarms": share,
            "false_alarms_hard": share,
            "false_alarms_by_language": dict.fromkeys(FIRST_CLASS, nothing),
            "false_alarms_on_warnings": share,
            "role_accuracy": share,
            "person_at_risk_screening": Share(138, 139).to_dict(),
            "person_at_risk_missed": ["t-lo-031"],
            "pleas_with_an_offence_in_flags": [],
            "examples": {"missed": [], "false_alarms": ["t-en-001 “hi”"]},
        },
        "stress": [
            {
                "change": "Zawgyi",
                "n": 48,
                "any_right_label": [share, share],
                "false_alarms": [nothing, nothing],
                "macro_average_precision": [0.8, None],
            }
        ],
        "fairness": {
            "place": {
                "adverts": 31,
                "mean_gap": 0.012,
                "largest_gap": 0.25,
                "victims": 40,
                "priority_changed": ["t-en-001", "t-th-002"],
            }
        },
        "hand_labelled": {
            "weak_set": {
                "n": 300,
                "positives": 140,
                "own_labels_agree": share,
                "average_precision": 0.911,
                "average_precision_own_labels": 0.822,
                "recall": share,
                "false_alarms": share,
            },
            "absent_set": {"n": 0},
        },
        "later_collection": {"toy_2019": {"recall": share, "promotions_flagged": nothing}},
        "new_texts": {
            "closest": 0.3,
            **{
                name: {
                    "n": 300,
                    "positives": 60,
                    "average_precision": 0.777,
                    "recall": share,
                    "false_alarms": nothing,
                }
                for name in ("all", "new")
            },
        },
        "previous": {
            "previous": {"version": "0.0.0", "sha256": "0" * 64},
            "average_precision": {
                "toy_set": {"n": 200, "this": 0.9, "previous": 0.8, "rise95": [0.05, 0.15]}
            },
            "recall": {"only_scams": {"n": 50, "this": 0.6, "previous": 0.7, "rise95": [-0.2, 0.01]}},
            "false_alarms": {"toy_set": {"n": 160, "this": 0.02, "previous": 0.01, "rise95": [0.0, 0.02]}},
        },
        "held_out": {
            "toy_set": {
                "n": 200,
                "positives": 40,
                "never_seen": {"average_precision": None, "recall": share, "false_alarms": nothing},
                "seen": {"average_precision": 0.75, "recall": share, "false_alarms": nothing},
            }
        },
        "ablations": {
            name: {
                "written_macro": macro,
                "written_any_right_label": 0.8,
                "written_false_alarms": 0.05,
                "public_any_label": None,
                "public_false_alarms": 0.01,
            }
            for name, macro in (("full", 0.812), ("whole", 0.712))
        },
        "language_identification": {
            "full": dict.fromkeys((*FIRST_CLASS, "id+ms", "mean"), 0.991),
            "first_30": dict.fromkeys((*FIRST_CLASS, "id+ms", "mean"), 0.953),
        },
    }
