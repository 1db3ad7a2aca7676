"""The hidden suites, one file per exercise."""
