from .paper import PartsLines as PartsLines
from .paper import parts_lines as parts_lines
from .paper import parts_paper as parts_paper
from .tables import parts_tables as parts_tables
from .template import EXAMPLES as EXAMPLES
from .template import template_sheets as template_sheets
from .workbook import parts_sheets as parts_sheets
