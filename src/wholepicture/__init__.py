"""See the whole picture of a vulnerable person."""
