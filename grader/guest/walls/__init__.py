"""What stands around a submission where there are no namespaces: Landlock, and who keeps watch."""
