"""The trusted side: holds suites and expected values, asks the guest, decides every verdict."""
