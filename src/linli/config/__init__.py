"""Settings, urls, wsgi: the only room that knows every app."""
