"""The shared truth: models, tenancy, time, metrics and the analysers. Imports no sibling package."""
