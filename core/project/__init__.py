"""The composition root: settings, routes, processes and the command line. Only this package may import everything."""
