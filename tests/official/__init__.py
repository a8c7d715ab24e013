"""Official test vectors, counted in the test run's summary."""
