"""Where work is done: serial, threads, processes, Dask."""
