"""The HTTP face: routes, principals, representations; no decisions here."""
