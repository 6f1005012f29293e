"""One file a subcommand of `evosense`; each holds a click command named `command`."""
