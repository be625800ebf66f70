"""Linear and mixed-integer programmes as sparse arrays, solved by HiGHS; no other package calls the solver."""
