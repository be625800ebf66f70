from .catalogue import languages as languages
from .text import Words as Words
from .text import plain as plain
