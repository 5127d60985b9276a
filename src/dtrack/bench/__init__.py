"""Benchmarks: made-up corpora of any size, the questions, and peers that are asked the same."""
