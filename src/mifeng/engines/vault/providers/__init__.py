"""Where the root key is kept while the service stands still. One provider so far: ``file``."""
