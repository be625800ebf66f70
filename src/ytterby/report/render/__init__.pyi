from .html import html as html
from .pdf import pdf as pdf
