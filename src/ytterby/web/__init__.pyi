from .examples import EXAMPLES_FILE as EXAMPLES_FILE
from .site import create_site as create_site
from .site import serve_site as serve_site
