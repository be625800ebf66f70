from .catalogue import languages as languages
from .digits import band_place as band_place
from .digits import plain_place as plain_place
from .digits import rounded as rounded
from .text import Field as Field
from .text import Words as Words
from .text import capital as capital
from .text import plain as plain
