"""What confines submissions where there are no namespaces, on the judge's side."""
