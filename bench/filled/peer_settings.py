"""The house's settings with Django's admin beside its rooms: for the peer alone."""

from mifeng.site import settings as house

globals().update({name: getattr(house, name) for name in dir(house) if name.isupper()})
ADMIN = ("admin", "auth", "contenttypes", "messages")
INSTALLED_APPS = [*(f"django.contrib.{name}" for name in ADMIN), *house.INSTALLED_APPS]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": [
    "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages"]}}]  # fmt: skip
ROOT_URLCONF = "filled.peer_urls"
STORAGES = house.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
