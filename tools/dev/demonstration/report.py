# SPDX-License-Identifier: MIT
"""The demo's screen."""

from demonstration import figures, host, places, sheet, terminal


def by_name(metrics):
    """Figures by their names."""
    return {figure["name"]: figure for figure in metrics}


def accuracy_lines(found):
    """NPU beside reference."""
    rows = (
        ("floating point", "reference_fp32", "fp32", "npu_fp16", "fp16", "logits_fp16_unlike_fp32",
         "logits differ from fp32's"),
        ("quantized", "reference_int8", "int8", "npu_int8", "int8", "logits_int8_unlike_oracle",
         "logits differ from the plain-C oracle's"),
    )
    yield f"  {'':16}{'ONNX Runtime, host':>20}{'Tessera NPU':>16}"
    for title, reference, reference_type, npu, npu_type, other, text in rows:
        one, two, three = found[f"accuracy_{reference}"], found[f"accuracy_{npu}"], found[other]
        holds = terminal.verdict(all(figure["holds"] for figure in (one, two, three)))
        yield (f"  {title:16}{reference_type:>11} {one['value']:6.2f} %{npu_type:>7} {two['value']:6.2f} %"
               f"    {three['value']:,} {text}  {holds}")


def speed_rows(found, runs):
    """Label and one cell per precision."""
    yield "pictures per second", [f"{found[f'pictures_per_second_{name}']['value']:,.0f}" for name in runs]
    yield "device cycles", [f"{run.cycles:,}" for run in runs.values()]
    yield "device time", [f"{1e3 * figures.device_seconds(run):.2f} ms" for run in runs.values()]
    yield "achieved", [f"{figures.achieved_tops(run):.3f} TOPS" for run in runs.values()]
    yield "peak", [f"{run.peak_tops:.3f} TOPS" for run in runs.values()]
    yield "MACs counted", [f"{run.counted['macs']:,}" for run in runs.values()]


def speed_lines(found, runs):
    """Wall-clock and modelled figures."""
    yield f"  {'':20}" + "".join(f"{name:>18}" for name in runs)
    for label, cells in speed_rows(found, runs):
        yield f"  {label:20}" + "".join(f"{cell:>18}" for cell in cells)
    holds = terminal.verdict(all(found[f"macs_off_{name}"]["holds"] for name in runs))
    yield f"  every picture takes the network's {host.macs_per_picture():,} MACs  {holds}"


def quote(path):
    """What a tool printed in the guest."""
    return [f"  {line}".rstrip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]


def compliance_summary(path):
    """The compliance report to the end of its "Entries"; what supports them is in the file."""
    lines = quote(path)
    heading = next((number for number, line in enumerate(lines) if line.strip() == "Entries"), None)
    if heading is None:
        return lines
    end = next((number for number in range(heading, len(lines)) if not lines[number]), len(lines))
    return lines[:end] + ["", f"  margins, levels, findings and evidence: {places.shown(path)}"]


def section(title, lines):
    """A heading and its lines."""
    print(f"\n{terminal.title(title)}\n")
    print("\n".join(lines))


def show(metrics, evidence, pictures, labels, folder):
    """All of it."""
    found = by_name(metrics)
    chosen = evidence.logits["npu_int8"].argmax(axis=1)
    section(f"The first of {evidence.pictures():,} pictures, and what the NPU takes them for",
            sheet.for_terminal(pictures, chosen, labels))
    section("Accuracy", accuracy_lines(found))
    section("Speed, by this machine's clock and by the device's", speed_lines(found, evidence.runs))
    section("Devices (tessera-smi list)", quote(folder / "list.txt"))
    section("The NPU (tessera-smi show)", quote(folder / "show.txt"))
    section("Export control (tessera-smi compliance)", compliance_summary(folder / "compliance.txt"))
    print(f"\nfigures: {places.shown(places.REPORT)}   contact sheet: {places.shown(places.SHEET)}")


def show_failures(metrics):
    """Which figures miss their limits."""
    for figure in metrics:
        if not figure["holds"]:
            print(terminal.bad(f"{figure['name']} is {figure['value']} {figure['unit']}, "
                               f"must be {figure['relation']} {figure['limit']}"))
