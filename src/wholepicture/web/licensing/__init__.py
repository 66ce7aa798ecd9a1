"""Licences to practise: schemes, applications, hearings, the register and credentials that anybody can check."""
