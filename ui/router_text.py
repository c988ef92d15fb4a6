"""The router's report as a person reads it."""

from rich.markup import escape
from rich.table import Table

from evals.router_report import RouterReport
from ui.render import OUT, wide


def show(report: RouterReport) -> None:
    """Print scores, confusion, calibration, the hardest cases and the loudest features."""
    table = Table("", "questions", "path", "compute", "fresh", title="macro-F1 (95 %)")
    groups = {"all": report.heads} | {f"{k} {v}": s for k in report.by for v, s in report.by[k].items()}
    for name, heads in groups.items():
        cells = [f"{s.macro_f1:.3f} ({s.ci[0]:.3f}–{s.ci[1]:.3f})" for s in heads.values()]
        table.add_row(escape(name), str(heads["path"].n), *cells)
    wide(table)
    path = report.heads["path"]
    confusion = Table("label ↓ decided →", *path.labels)
    for label, row in zip(path.labels, path.confusion, strict=True):
        confusion.add_row(label, *map(str, row))
    wide(confusion)
    OUT.print(f"Calibration: expected error {report.calibration.ece:.3f}")
    for one in report.calibration.bins:
        right, sure = round(40 * one.accuracy), round(40 * one.confidence)
        bar = "".join("│" if i == sure else "█" if i < right else " " for i in range(41))
        OUT.print(f"  {one.low:.1f}–{one.high:.1f} {bar} {one.accuracy:.2f} right of {one.n}")
    if report.hardest:
        OUT.print("\nHardest:")
    for case in report.hardest:
        OUT.print(f"  {case.label} taken for {case.path} ({case.confidence:.0%}): {escape(case.query)}")
    OUT.print("\nWhat speaks loudest:")
    for head, features in report.says.items():
        OUT.print(f"  {head}: {escape(' · '.join(features))}")
    OUT.print(f"\nOne decision {report.ms_p50:.2f} ms; model {report.model['sha256'][:12]}, {report.model['embedder']}")
