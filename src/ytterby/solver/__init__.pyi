from .linear_program import LinearProgram as LinearProgram
from .linear_program import SparseRows as SparseRows
