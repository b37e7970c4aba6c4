"""The parts of the table generator: one concept a module."""
