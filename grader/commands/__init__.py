"""The commands: a module for each kind of person, which lists its own in `COMMANDS`."""
