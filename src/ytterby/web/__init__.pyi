from .examples import EXAMPLES_FILE as EXAMPLES_FILE
from .site import serve_site as serve_site
