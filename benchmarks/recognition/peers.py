def run_peer(*a):
    raise SystemExit
