from .html import html as html
from .pdf import pdf as pdf
from .workbook import FORMULA as FORMULA
from .workbook import CellValue as CellValue
from .workbook import Sheet as Sheet
from .workbook import harmless as harmless
from .workbook import workbook as workbook
