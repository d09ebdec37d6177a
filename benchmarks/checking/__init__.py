"""What the benchmarks of checking share.

Reading order: `families` (histories drawn by a seed), `cases` (which are checked),
`measurement` (what a check took), `ours` and `../porcupine` (programs that check), and
`sides` (starts them, bounded).
"""
