"""Does a GGUF adapter do in the embedded engine what its PEFT folder does in torch?

    python benchmarks/adapter.py ADAPTER_FOLDER ADAPTER.gguf [--material groups.jsonl] [--groups 8]

Reads the draft prompts of invented groups, or of the held-out groups ("split": "test") of a file of
material, each followed by 0, 8 and 24 words of a statement, and compares what both expect next. The
same comparison without the adapter shows what quantisation and rounding do; the last row shows how
much the adapter changes. Prints a Markdown table; ends with an error if the adapter makes the two
differ much more than they do without it. Needs `pip install 'acuerdo[train]'`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from acuerdo.api import DEFAULT_WEIGHTS, Difference, compare_back_ends, fetch_model
from acuerdo.domain.material import Material
from acuerdo.llm import WEIGHTS, ChatWriter, read_adapter, read_header, recognise
from acuerdo.prompts import render_draft
from acuerdo.settings import read_settings

WORDS = (0, 8, 24)
TOLERANCE = 3.0
"""How many times the mean difference without the adapter the one with it may be."""

INVENTED = (
    Material(
        "1",
        "Should the town close its main street to cars on Saturdays?",
        (
            "Yes. My children could play there and the air would be better.",
            "I run the bakery. Half of my customers come by car and I would lose them.",
            "Try it for one summer, but keep the bus line open for old people.",
        ),
        "We would like to try a street without cars on Saturdays for one summer. The bus must go "
        "on running, and the shops should be asked afterwards whether they lost customers.",
    ),
    Material(
        "2",
        "Should schools stop giving homework?",
        (
            "Homework only helps children whose parents have time to help them.",
            "Without practice at home my students forget what they learned. Keep it.",
            "A little is fine, but nothing over the weekend.",
            "My son does three hours every day. It must end.",
        ),
        "Most of us want less homework rather than none: short practice on school days and free "
        "weekends. Schools should help those who get no help at home.",
    ),
    Material(
        "3",
        "Should the clinic use a computer program to decide who is seen first?",
        (
            "A program does not get tired and treats everybody alike.",
            "It must never decide alone. A nurse has to look at every case.",
            "I do not trust it with my data, and nobody can tell me why it decides what it does.",
        ),
        "We could accept a program that proposes an order, as long as a nurse decides and patients "
        "are told why. Nobody's data may leave the clinic.",
    ),
)


def held_out(path: Path, count: int) -> list[Material]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    chosen = [row for row in rows if row["split"] == "test"]
    return [
        Material(row["id"], row["question"], tuple(row["opinions"]), row["statement"])
        for row in chosen[:: max(1, len(chosen) // count)][:count]
    ]


def texts(materials: list[Material], template: str, base: Path) -> list[str]:
    header = read_header(base)
    writer = ChatWriter(recognise(header.tokens), header.tokens, header.token_kinds)
    found = []
    for material in materials:
        round_ = material.round()
        prompt = writer.write(render_draft(round_, [o.person for o in round_.opinions], template))
        found += [prompt + " ".join(material.statement.split()[:count]) for count in WORDS]
    return found


def row(name: str, found: Difference) -> str:
    return (
        f"| {name} | {found.mean:.3f} | {found.largest:.2f} | {found.correlation:.4f} "
        f"| {found.same_first:.0%} | {found.divergence:.4f} |"
    )


def main(options: argparse.Namespace) -> None:
    base = options.base or fetch_model(DEFAULT_WEIGHTS)
    packed = WEIGHTS[DEFAULT_WEIGHTS].packed_path_in(read_settings().weights_dir)
    exact = packed if options.base is None and packed.is_file() else None
    materials = held_out(options.material, options.groups) if options.material else [*INVENTED]
    template = read_adapter(options.adapter).template or "plain"
    found = compare_back_ends(
        options.folder, options.adapter, base, texts(materials, template, base), exact=exact
    )
    print(f"\nNext token at {found.positions} places, nats over the 100 likeliest tokens.\n")
    print("| | Mean difference | Largest | Correlation | Same first token | KL |")
    print("|---|---|---|---|---|---|")
    print(row("torch and engine, bare base", found.bare))
    print(row("torch and engine, with the adapter", found.adapted))
    print(row("engine, bare and with the adapter", found.effect))
    if found.adapted.mean > TOLERANCE * found.bare.mean:
        raise SystemExit("The two back ends do not do the same with this adapter.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="PEFT folder")
    parser.add_argument("adapter", type=Path, help="the GGUF file made of it")
    parser.add_argument("--base", type=Path, help="GGUF base, default: the bundled weights")
    parser.add_argument("--material", type=Path, help="groups.jsonl with held-out groups")
    parser.add_argument("--groups", type=int, default=8)
    main(parser.parse_args())
