"""Benchmarks: each prints its ratio to a bare limit, both taken in turn in the same run."""
