"""What holds for every test: property tests are not timed, because the machine may be busy with other tests."""

from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
