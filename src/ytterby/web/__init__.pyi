from .site import create_site as create_site

__all__ = ["create_site"]
