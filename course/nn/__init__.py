"""The reference library: Keras's names, plain NumPy to read, and Numba kernels for speed."""
