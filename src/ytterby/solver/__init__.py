"""The one door to HiGHS: linear and mixed-integer programs as sparse arrays."""
