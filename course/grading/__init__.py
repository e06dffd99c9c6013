"""Grading: a folder of submissions -> one row per learner and exercise, each answer run in a sandbox."""
